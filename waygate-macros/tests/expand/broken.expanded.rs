::core::compile_error! {
    "a key is never NULL\n  help: write `id: Id<…>`: the library makes the key when the row is inserted"
}
::core::compile_error! {
    "an `encrypted` field holds an `Encrypted<…>` or a `Sealed<…>`\n  help: write `token: Encrypted<String>`, which never prints or serialises the secret"
}
///The columns of `notes`, for filters and orders.
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
struct NoteColumns {
    ///Column `id`.
    id: ::waygate_db::__private::Col<Note, Option<Id<Note>>>,
    ///Column `tenant_id`.
    tenant_id: ::waygate_db::__private::Col<Note, TenantId>,
    ///Column `token`.
    token: ::waygate_db::__private::Col<Note, String>,
}
#[automatically_derived]
impl ::waygate_db::__private::Model for Note {
    const TABLE: &'static ::waygate_db::__private::Table = ::waygate_db::__private::NO_TABLE;
    const COLUMNS: NoteColumns = NoteColumns {
        id: ::waygate_db::__private::Col::new(0usize),
        tenant_id: ::waygate_db::__private::Col::new(1usize),
        token: ::waygate_db::__private::Col::new(2usize),
    };
    type Key = Id<Note>;
    type Scope = ::waygate_db::__private::OwnedByTenant;
    type Columns = NoteColumns;
    fn key(&self) -> Self::Key {
        loop {}
    }
    fn decode(
        _: &::waygate_db::__private::Row<'_>,
    ) -> ::waygate_db::__private::Result<Self> {
        loop {}
    }
}
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
struct NoteCreate;
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl Note {
    fn create() -> NoteCreate {
        loop {}
    }
}
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl NoteCreate {
    fn id<T>(self, _: T) -> Self {
        loop {}
    }
    fn token<T>(self, _: T) -> Self {
        loop {}
    }
    fn insert<S>(self, _: &S) -> ::waygate_db::__private::Pending<'_, Note> {
        loop {}
    }
    fn insert_if_absent<S>(
        self,
        _: &S,
    ) -> ::waygate_db::__private::Pending<'_, ::core::option::Option<Note>> {
        loop {}
    }
}
#[automatically_derived]
impl ::waygate_db::__private::Mutable for Note {
    type Update = NoteUpdate;
    type Patch = NotePatch;
}
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
struct NoteUpdate;
#[automatically_derived]
impl ::core::convert::From<::waygate_db::__private::Update<Note>> for NoteUpdate {
    fn from(_: ::waygate_db::__private::Update<Note>) -> Self {
        loop {}
    }
}
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl NoteUpdate {
    fn token<T>(self, _: T) -> Self {
        loop {}
    }
    fn exec<S>(self, _: &S) -> ::waygate_db::__private::Pending<'_, ()> {
        loop {}
    }
}
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
struct NotePatch;
#[automatically_derived]
impl ::core::convert::From<::waygate_db::__private::Update<Note>> for NotePatch {
    fn from(_: ::waygate_db::__private::Update<Note>) -> Self {
        loop {}
    }
}
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl NotePatch {
    fn token<T>(self, _: T) -> Self {
        loop {}
    }
    fn save<S>(self, _: &S) -> ::waygate_db::__private::Pending<'_, Note> {
        loop {}
    }
}
