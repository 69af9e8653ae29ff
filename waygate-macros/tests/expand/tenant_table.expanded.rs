#[automatically_derived]
impl ::waygate_db::__private::Model for Tenant {
    const TABLE: &'static ::waygate_db::__private::Table = {
        static TABLE: ::waygate_db::__private::Table = ::waygate_db::__private::Table {
            name: "tenants",
            model: "Tenant",
            scope: ::waygate_db::__private::Scope::Key,
            columns: &[
                ::waygate_db::__private::Column {
                    name: "id",
                    field: "id",
                    ty: <TenantId as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <TenantId as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::RandomUuid,
                    role: ::waygate_db::__private::ColumnRole::Key,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "email",
                    field: "email",
                    ty: <String as ::waygate_db::__private::Stored>::SQL_TYPE
                        .max_len(255u32),
                    nullable: <String as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "api_key_hash",
                    field: "api_key_hash",
                    ty: <String as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <String as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "previous_hash",
                    field: "previous_hash",
                    ty: <Option<String> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <Option<
                        String,
                    > as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "previous_until",
                    field: "previous_until",
                    ty: <Option<
                        DateTime<Utc>,
                    > as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <Option<
                        DateTime<Utc>,
                    > as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
            ],
            key: 0usize,
            indexes: &[
                ::waygate_db::__private::Index {
                    name: "tenants_email_idx",
                    columns: &[
                        ::waygate_db::__private::IndexColumn {
                            column: 1usize,
                            descending: false,
                        },
                    ],
                    method: ::waygate_db::__private::IndexMethod::Btree,
                    unique: true,
                    predicate: ::core::option::Option::None,
                },
                ::waygate_db::__private::Index {
                    name: "tenants_api_key_hash_key",
                    columns: &[
                        ::waygate_db::__private::IndexColumn {
                            column: 2usize,
                            descending: false,
                        },
                    ],
                    method: ::waygate_db::__private::IndexMethod::Btree,
                    unique: true,
                    predicate: ::core::option::Option::None,
                },
                ::waygate_db::__private::Index {
                    name: "tenants_previous_hash_key",
                    columns: &[
                        ::waygate_db::__private::IndexColumn {
                            column: 3usize,
                            descending: false,
                        },
                    ],
                    method: ::waygate_db::__private::IndexMethod::Btree,
                    unique: true,
                    predicate: ::core::option::Option::None,
                },
            ],
            foreign_keys: &[],
            has_many: &[],
            append_only: false,
            login: ::core::option::Option::Some(::waygate_db::__private::Login {
                hash: 2usize,
                previous: ::core::option::Option::Some(::waygate_db::__private::PreviousKey {
                    hash: 3usize,
                    expires_at: 4usize,
                }),
            }),
            renamed_from: ::core::option::Option::None,
            comment: ::core::option::Option::None,
            declared_at: (::core::file!(), ::core::line!()),
        };
        &TABLE
    };
    const COLUMNS: TenantColumns = TenantColumns {
        id: ::waygate_db::__private::Col::new(0usize),
        email: ::waygate_db::__private::Col::new(1usize),
        api_key_hash: ::waygate_db::__private::Col::new(2usize),
        previous_hash: ::waygate_db::__private::Col::new(3usize),
        previous_until: ::waygate_db::__private::Col::new(4usize),
    };
    type Key = TenantId;
    type Scope = ::waygate_db::__private::IsTenant;
    type Columns = TenantColumns;
    fn key(&self) -> Self::Key {
        self.id
    }
    fn decode(
        row: &::waygate_db::__private::Row<'_>,
    ) -> ::waygate_db::__private::Result<Self> {
        ::core::result::Result::Ok(Self {
            id: <TenantId as ::waygate_db::__private::Stored>::read(row, 0usize)?,
            email: <String as ::waygate_db::__private::Stored>::read(row, 1usize)?,
            api_key_hash: <String as ::waygate_db::__private::Stored>::read(
                row,
                2usize,
            )?,
            previous_hash: <Option<
                String,
            > as ::waygate_db::__private::Stored>::read(row, 3usize)?,
            previous_until: <Option<
                DateTime<Utc>,
            > as ::waygate_db::__private::Stored>::read(row, 4usize)?,
        })
    }
}
///The columns of `tenants`, for filters and orders.
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
pub(crate) struct TenantColumns {
    ///Column `id`.
    pub(crate) id: ::waygate_db::__private::Col<Tenant, TenantId>,
    ///Column `email`.
    pub(crate) email: ::waygate_db::__private::Col<Tenant, String>,
    ///Column `api_key_hash`.
    pub(crate) api_key_hash: ::waygate_db::__private::Col<Tenant, String>,
    ///Column `previous_hash`.
    pub(crate) previous_hash: ::waygate_db::__private::Col<Tenant, Option<String>>,
    ///Column `previous_until`.
    pub(crate) previous_until: ::waygate_db::__private::Col<
        Tenant,
        Option<DateTime<Utc>>,
    >,
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl Tenant {
    ///A new row of `tenants`: give its fields, then `insert` it.
    pub(crate) fn create() -> TenantCreate<
        ::waygate_db::__private::Missing,
        ::waygate_db::__private::Missing,
    > {
        TenantCreate {
            insert: ::waygate_db::__private::Insert::new(),
            given: ::core::marker::PhantomData,
        }
    }
}
///A new row of `tenants` in the making.
#[must_use = "nothing is inserted until `insert(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub(crate) struct TenantCreate<Email, ApiKeyHash> {
    insert: ::waygate_db::__private::Insert<Tenant>,
    given: ::core::marker::PhantomData<fn() -> (Email, ApiKeyHash)>,
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl<Email, ApiKeyHash> TenantCreate<Email, ApiKeyHash> {
    ///Sets `id`, for a row whose key is known beforehand. Default: a new key.
    pub(crate) fn id(mut self, key: TenantId) -> Self {
        self.insert.set_key(key);
        self
    }
    ///Sets `email`, which every row needs.
    pub(crate) fn email(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> TenantCreate<::waygate_db::__private::Set, ApiKeyHash> {
        <String as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.insert,
            1usize,
        );
        TenantCreate {
            insert: self.insert,
            given: ::core::marker::PhantomData,
        }
    }
    ///Sets `api_key_hash`, which every row needs.
    pub(crate) fn api_key_hash(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> TenantCreate<Email, ::waygate_db::__private::Set> {
        <String as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.insert,
            2usize,
        );
        TenantCreate {
            insert: self.insert,
            given: ::core::marker::PhantomData,
        }
    }
    ///Sets `previous_hash`. Default: NULL.
    pub(crate) fn previous_hash(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<String>>,
    ) -> Self {
        <Option<
            String,
        > as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<Option<String>>::into_value(value),
            &mut self.insert,
            3usize,
        );
        self
    }
    ///Sets `previous_until`. Default: NULL.
    pub(crate) fn previous_until(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<DateTime<Utc>>>,
    ) -> Self {
        <Option<
            DateTime<Utc>,
        > as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<
                Option<DateTime<Utc>>,
            >::into_value(value),
            &mut self.insert,
            4usize,
        );
        self
    }
}
const _: () = {
    #[diagnostic::on_unimplemented(
        message = "cannot insert: the required field `email` was never set",
        label = "call `.email(…)` before this"
    )]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    pub trait EmailGiven {}
    #[diagnostic::do_not_recommend]
    impl EmailGiven for ::waygate_db::__private::Set {}
    #[diagnostic::on_unimplemented(
        message = "cannot insert: the required field `api_key_hash` was never set",
        label = "call `.api_key_hash(…)` before this"
    )]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    pub trait ApiKeyHashGiven {}
    #[diagnostic::do_not_recommend]
    impl ApiKeyHashGiven for ::waygate_db::__private::Set {}
    #[automatically_derived]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    impl<Email, ApiKeyHash> TenantCreate<Email, ApiKeyHash> {
        /// Inserts the row and returns it with what the database filled in.
        ///
        /// # Errors
        ///
        /// `is_unique_violation`, `is_foreign_key_violation`, `is_too_long`, the server's other refusals and the
        /// connection's errors.
        pub(crate) fn insert<'s, S>(
            self,
            session: &'s S,
        ) -> ::waygate_db::__private::Pending<'s, Tenant>
        where
            S: ::waygate_db::__private::Executor,
            ::waygate_db::__private::InsertBy<
                Tenant,
            >: ::waygate_db::__private::CarriedBy<S>,
            Email: EmailGiven,
            ApiKeyHash: ApiKeyHashGiven,
        {
            ::waygate_db::__private::pending(self.insert.insert(session))
        }
        /// Inserts the row, unless one with its key or a unique value of it is there: then returns `None`.
        ///
        /// # Errors
        ///
        /// As `insert`, without the unique violation.
        pub(crate) fn insert_if_absent<'s, S>(
            self,
            session: &'s S,
        ) -> ::waygate_db::__private::Pending<'s, ::core::option::Option<Tenant>>
        where
            S: ::waygate_db::__private::Executor,
            ::waygate_db::__private::InsertBy<
                Tenant,
            >: ::waygate_db::__private::CarriedBy<S>,
            Email: EmailGiven,
            ApiKeyHash: ApiKeyHashGiven,
        {
            ::waygate_db::__private::pending(self.insert.insert_if_absent(session))
        }
    }
};
#[automatically_derived]
impl ::waygate_db::__private::Mutable for Tenant {
    type Update = TenantUpdate;
    type Patch = TenantPatch;
}
///Changes to a row of `tenants`, by its key.
#[must_use = "nothing is changed until `exec(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub(crate) struct TenantUpdate {
    update: ::waygate_db::__private::Update<Tenant>,
}
#[automatically_derived]
impl ::core::convert::From<::waygate_db::__private::Update<Tenant>> for TenantUpdate {
    fn from(update: ::waygate_db::__private::Update<Tenant>) -> Self {
        Self { update }
    }
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl TenantUpdate {
    ///Changes `email`.
    pub(crate) fn email(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> Self {
        <String as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.update,
            1usize,
        );
        self
    }
    ///Changes `api_key_hash`.
    pub(crate) fn api_key_hash(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> Self {
        <String as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.update,
            2usize,
        );
        self
    }
    ///Changes `previous_hash`.
    pub(crate) fn previous_hash(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<String>>,
    ) -> Self {
        <Option<
            String,
        > as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<Option<String>>::into_value(value),
            &mut self.update,
            3usize,
        );
        self
    }
    ///Changes `previous_until`.
    pub(crate) fn previous_until(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<DateTime<Utc>>>,
    ) -> Self {
        <Option<
            DateTime<Utc>,
        > as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<
                Option<DateTime<Utc>>,
            >::into_value(value),
            &mut self.update,
            4usize,
        );
        self
    }
    /// Changes the row.
    ///
    /// # Errors
    ///
    /// `is_not_found` when the session's tenant has no row with this key, and what `insert` may answer.
    pub(crate) fn exec<'s, S>(
        self,
        session: &'s S,
    ) -> ::waygate_db::__private::Pending<'s, ()>
    where
        S: ::waygate_db::__private::Executor,
        ::waygate_db::__private::UpdateBy<Tenant>: ::waygate_db::__private::CarriedBy<S>,
    {
        ::waygate_db::__private::pending(self.update.exec(session))
    }
}
///Changes to a row of `tenants` that was read before.
#[must_use = "nothing is changed until `save(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub(crate) struct TenantPatch {
    update: ::waygate_db::__private::Update<Tenant>,
}
#[automatically_derived]
impl ::core::convert::From<::waygate_db::__private::Update<Tenant>> for TenantPatch {
    fn from(update: ::waygate_db::__private::Update<Tenant>) -> Self {
        Self { update }
    }
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl TenantPatch {
    ///Changes `email`.
    pub(crate) fn email(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> Self {
        <String as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.update,
            1usize,
        );
        self
    }
    ///Changes `api_key_hash`.
    pub(crate) fn api_key_hash(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> Self {
        <String as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.update,
            2usize,
        );
        self
    }
    ///Changes `previous_hash`.
    pub(crate) fn previous_hash(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<String>>,
    ) -> Self {
        <Option<
            String,
        > as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<Option<String>>::into_value(value),
            &mut self.update,
            3usize,
        );
        self
    }
    ///Changes `previous_until`.
    pub(crate) fn previous_until(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<DateTime<Utc>>>,
    ) -> Self {
        <Option<
            DateTime<Utc>,
        > as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<
                Option<DateTime<Utc>>,
            >::into_value(value),
            &mut self.update,
            4usize,
        );
        self
    }
    /// Changes the row and returns it anew.
    ///
    /// # Errors
    ///
    /// `is_not_found` when the session's tenant no longer has the row, and what `insert` may answer.
    pub(crate) fn save<'s, S>(
        self,
        session: &'s S,
    ) -> ::waygate_db::__private::Pending<'s, Tenant>
    where
        S: ::waygate_db::__private::Executor,
        ::waygate_db::__private::UpdateBy<Tenant>: ::waygate_db::__private::CarriedBy<S>,
    {
        ::waygate_db::__private::pending(self.update.save(session))
    }
}
const _: () = {
    ::waygate_db::__private::assert_tenant::<TenantId>();
};
