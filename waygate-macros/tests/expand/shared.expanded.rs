#[automatically_derived]
impl ::waygate_db::__private::Model for Country {
    const TABLE: &'static ::waygate_db::__private::Table = {
        static TABLE: ::waygate_db::__private::Table = ::waygate_db::__private::Table {
            name: "countries",
            model: "Country",
            scope: ::waygate_db::__private::Scope::Shared,
            columns: &[
                ::waygate_db::__private::Column {
                    name: "id",
                    field: "id",
                    ty: <Id<Country> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <Id<
                        Country,
                    > as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::RandomUuid,
                    role: ::waygate_db::__private::ColumnRole::Key,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "iso",
                    field: "iso_code",
                    ty: ::waygate_db::__private::named(
                        <String as ::waygate_db::__private::Stored>::SQL_TYPE,
                        "citext",
                    ),
                    nullable: <String as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::Some("code"),
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "rank",
                    field: "rank",
                    ty: <i32 as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <i32 as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::Integer(-1i64),
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
                    name: "countries_iso_key",
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
            ],
            foreign_keys: &[],
            has_many: &[],
            append_only: false,
            login: ::core::option::Option::None,
            renamed_from: ::core::option::Option::Some("lands"),
            comment: ::core::option::Option::None,
            declared_at: (::core::file!(), ::core::line!()),
        };
        &TABLE
    };
    const COLUMNS: CountryColumns = CountryColumns {
        id: ::waygate_db::__private::Col::new(0usize),
        iso_code: ::waygate_db::__private::Col::new(1usize),
        rank: ::waygate_db::__private::Col::new(2usize),
    };
    type Key = Id<Country>;
    type Scope = ::waygate_db::__private::SharedByAll;
    type Columns = CountryColumns;
    fn key(&self) -> Self::Key {
        self.id
    }
    fn decode(
        row: &::waygate_db::__private::Row<'_>,
    ) -> ::waygate_db::__private::Result<Self> {
        ::core::result::Result::Ok(Self {
            id: <Id<Country> as ::waygate_db::__private::Stored>::read(row, 0usize)?,
            iso_code: <String as ::waygate_db::__private::Stored>::read(row, 1usize)?,
            rank: <i32 as ::waygate_db::__private::Stored>::read(row, 2usize)?,
        })
    }
}
///The columns of `countries`, for filters and orders.
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
pub struct CountryColumns {
    ///Column `id`.
    pub id: ::waygate_db::__private::Col<Country, Id<Country>>,
    ///Column `iso`.
    pub iso_code: ::waygate_db::__private::Col<Country, String>,
    ///Column `rank`.
    pub rank: ::waygate_db::__private::Col<Country, i32>,
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl Country {
    ///A new row of `countries`: give its fields, then `insert` it.
    pub fn create() -> CountryCreate<::waygate_db::__private::Missing> {
        CountryCreate {
            insert: ::waygate_db::__private::Insert::new(),
            given: ::core::marker::PhantomData,
        }
    }
}
///A new row of `countries` in the making.
#[must_use = "nothing is inserted until `insert(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub struct CountryCreate<IsoCode> {
    insert: ::waygate_db::__private::Insert<Country>,
    given: ::core::marker::PhantomData<fn() -> (IsoCode,)>,
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl<IsoCode> CountryCreate<IsoCode> {
    ///Sets `id`, for a row whose key is known beforehand. Default: a new key.
    pub fn id(mut self, key: Id<Country>) -> Self {
        self.insert.set_key(key);
        self
    }
    ///Sets `iso_code`, which every row needs.
    pub fn iso_code(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> CountryCreate<::waygate_db::__private::Set> {
        <String as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.insert,
            1usize,
        );
        CountryCreate {
            insert: self.insert,
            given: ::core::marker::PhantomData,
        }
    }
    ///Sets `rank`. Default: `-1`.
    pub fn rank(mut self, value: impl ::waygate_db::__private::IntoValue<i32>) -> Self {
        <i32 as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<i32>::into_value(value),
            &mut self.insert,
            2usize,
        );
        self
    }
}
const _: () = {
    #[diagnostic::on_unimplemented(
        message = "cannot insert: the required field `iso_code` was never set",
        label = "call `.iso_code(…)` before this"
    )]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    pub trait IsoCodeGiven {}
    #[diagnostic::do_not_recommend]
    impl IsoCodeGiven for ::waygate_db::__private::Set {}
    #[automatically_derived]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    impl<IsoCode> CountryCreate<IsoCode> {
        /// Inserts the row and returns it with what the database filled in.
        ///
        /// # Errors
        ///
        /// `is_unique_violation`, `is_foreign_key_violation`, `is_too_long`, the server's other refusals and the
        /// connection's errors.
        pub fn insert<'s, S>(
            self,
            session: &'s S,
        ) -> ::waygate_db::__private::Pending<'s, Country>
        where
            S: ::waygate_db::__private::Executor,
            ::waygate_db::__private::InsertBy<
                Country,
            >: ::waygate_db::__private::CarriedBy<S>,
            IsoCode: IsoCodeGiven,
        {
            ::waygate_db::__private::pending(self.insert.insert(session))
        }
        /// Inserts the row, unless one with its key or a unique value of it is there: then returns `None`.
        ///
        /// # Errors
        ///
        /// As `insert`, without the unique violation.
        pub fn insert_if_absent<'s, S>(
            self,
            session: &'s S,
        ) -> ::waygate_db::__private::Pending<'s, ::core::option::Option<Country>>
        where
            S: ::waygate_db::__private::Executor,
            ::waygate_db::__private::InsertBy<
                Country,
            >: ::waygate_db::__private::CarriedBy<S>,
            IsoCode: IsoCodeGiven,
        {
            ::waygate_db::__private::pending(self.insert.insert_if_absent(session))
        }
    }
};
#[automatically_derived]
impl ::waygate_db::__private::Mutable for Country {
    type Update = CountryUpdate;
    type Patch = CountryPatch;
}
///Changes to a row of `countries`, by its key.
#[must_use = "nothing is changed until `exec(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub struct CountryUpdate {
    update: ::waygate_db::__private::Update<Country>,
}
#[automatically_derived]
impl ::core::convert::From<::waygate_db::__private::Update<Country>> for CountryUpdate {
    fn from(update: ::waygate_db::__private::Update<Country>) -> Self {
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
impl CountryUpdate {
    ///Changes `iso_code`.
    pub fn iso_code(
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
    ///Changes `rank`.
    pub fn rank(mut self, value: impl ::waygate_db::__private::IntoValue<i32>) -> Self {
        <i32 as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<i32>::into_value(value),
            &mut self.update,
            2usize,
        );
        self
    }
    /// Changes the row.
    ///
    /// # Errors
    ///
    /// `is_not_found` when the session's tenant has no row with this key, and what `insert` may answer.
    pub fn exec<'s, S>(self, session: &'s S) -> ::waygate_db::__private::Pending<'s, ()>
    where
        S: ::waygate_db::__private::Executor,
        ::waygate_db::__private::UpdateBy<
            Country,
        >: ::waygate_db::__private::CarriedBy<S>,
    {
        ::waygate_db::__private::pending(self.update.exec(session))
    }
}
///Changes to a row of `countries` that was read before.
#[must_use = "nothing is changed until `save(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub struct CountryPatch {
    update: ::waygate_db::__private::Update<Country>,
}
#[automatically_derived]
impl ::core::convert::From<::waygate_db::__private::Update<Country>> for CountryPatch {
    fn from(update: ::waygate_db::__private::Update<Country>) -> Self {
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
impl CountryPatch {
    ///Changes `iso_code`.
    pub fn iso_code(
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
    ///Changes `rank`.
    pub fn rank(mut self, value: impl ::waygate_db::__private::IntoValue<i32>) -> Self {
        <i32 as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<i32>::into_value(value),
            &mut self.update,
            2usize,
        );
        self
    }
    /// Changes the row and returns it anew.
    ///
    /// # Errors
    ///
    /// `is_not_found` when the session's tenant no longer has the row, and what `insert` may answer.
    pub fn save<'s, S>(
        self,
        session: &'s S,
    ) -> ::waygate_db::__private::Pending<'s, Country>
    where
        S: ::waygate_db::__private::Executor,
        ::waygate_db::__private::UpdateBy<
            Country,
        >: ::waygate_db::__private::CarriedBy<S>,
    {
        ::waygate_db::__private::pending(self.update.save(session))
    }
}
const _: () = {
    ::waygate_db::__private::assert_key::<Country, Id<Country>>();
};
