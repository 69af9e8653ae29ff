#[automatically_derived]
impl ::waygate_db::__private::Model for Integration {
    const TABLE: &'static ::waygate_db::__private::Table = {
        static TABLE: ::waygate_db::__private::Table = ::waygate_db::__private::Table {
            name: "integrations",
            model: "Integration",
            scope: ::waygate_db::__private::Scope::Column(1usize),
            columns: &[
                ::waygate_db::__private::Column {
                    name: "id",
                    field: "id",
                    ty: <Id<Integration> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <Id<
                        Integration,
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
                    name: "tenant_id",
                    field: "tenant_id",
                    ty: <TenantId as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <TenantId as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::Tenant,
                    role: ::waygate_db::__private::ColumnRole::Tenant,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "slug",
                    field: "slug",
                    ty: <String as ::waygate_db::__private::Stored>::SQL_TYPE
                        .max_len(100u32),
                    nullable: <String as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::Some("lower(name)"),
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::Some("What URLs call it."),
                },
                ::waygate_db::__private::Column {
                    name: "auth_type",
                    field: "auth_type",
                    ty: <AuthType as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <AuthType as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::Some("auth_type::text::auth_type"),
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "status",
                    field: "status",
                    ty: <IntegrationStatus as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <IntegrationStatus as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::Label(
                        IntegrationStatus::Draft.label(),
                    ),
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "description",
                    field: "description",
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
                    name: "tags",
                    field: "tags",
                    ty: <Vec<String> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <Vec<
                        String,
                    > as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::Empty,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "token",
                    field: "token",
                    ty: ::waygate_db::__private::SqlType::Encrypted,
                    nullable: <Encrypted<
                        String,
                    > as ::waygate_db::__private::Secret>::NULLABLE,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::Some(::waygate_db::__private::Encryption {
                        context: "integrations.token",
                        codec: <Encrypted<
                            String,
                        > as ::waygate_db::__private::Secret>::CODEC,
                        binding: ::waygate_db::__private::Binding::Row,
                        padding: ::waygate_db::__private::Padding::Auto,
                        opened: <Encrypted<
                            String,
                        > as ::waygate_db::__private::Secret>::OPENED,
                        search: ::core::option::Option::None,
                        moved_from: ::core::option::Option::None,
                    }),
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "email",
                    field: "email",
                    ty: ::waygate_db::__private::SqlType::Encrypted,
                    nullable: <Option<
                        Encrypted<String>,
                    > as ::waygate_db::__private::Secret>::NULLABLE,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::Data,
                    encryption: ::core::option::Option::Some(::waygate_db::__private::Encryption {
                        context: "integrations.email",
                        codec: <Option<
                            Encrypted<String>,
                        > as ::waygate_db::__private::Secret>::CODEC,
                        binding: ::waygate_db::__private::Binding::Row,
                        padding: ::waygate_db::__private::Padding::Auto,
                        opened: <Option<
                            Encrypted<String>,
                        > as ::waygate_db::__private::Secret>::OPENED,
                        search: ::core::option::Option::Some(::waygate_db::__private::Search {
                            column: 11usize,
                            bits: 128u8,
                            normalizer: ::waygate_db::__private::Normalizer::Lower,
                            scope: ::waygate_db::__private::SearchScope::Tenant,
                            unique: true,
                        }),
                        moved_from: ::core::option::Option::None,
                    }),
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "created_at",
                    field: "created_at",
                    ty: <DateTime<Utc> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <DateTime<
                        Utc,
                    > as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::Now,
                    role: ::waygate_db::__private::ColumnRole::CreatedAt,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "updated_at",
                    field: "updated_at",
                    ty: <DateTime<Utc> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <DateTime<
                        Utc,
                    > as ::waygate_db::__private::Stored>::TAKES_NULL,
                    default: ::waygate_db::__private::DefaultValue::Now,
                    role: ::waygate_db::__private::ColumnRole::UpdatedAt,
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::None,
                },
                ::waygate_db::__private::Column {
                    name: "email_bidx",
                    field: "email",
                    ty: ::waygate_db::__private::SqlType::Bytea,
                    nullable: <Option<
                        Encrypted<String>,
                    > as ::waygate_db::__private::Secret>::NULLABLE,
                    default: ::waygate_db::__private::DefaultValue::None,
                    role: ::waygate_db::__private::ColumnRole::BlindIndex(8usize),
                    encryption: ::core::option::Option::None,
                    renamed_from: ::core::option::Option::None,
                    backfill: ::core::option::Option::None,
                    using: ::core::option::Option::None,
                    comment: ::core::option::Option::Some(
                        "Keyed digests of email, by which its sealed values are found: a blind index.",
                    ),
                },
            ],
            key: 0usize,
            indexes: &[
                ::waygate_db::__private::Index {
                    name: "integrations_tenant_slug_idx",
                    columns: &[
                        ::waygate_db::__private::IndexColumn {
                            column: 1usize,
                            descending: false,
                        },
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
                    name: "integrations_tenant_id_created_at_idx",
                    columns: &[
                        ::waygate_db::__private::IndexColumn {
                            column: 1usize,
                            descending: false,
                        },
                        ::waygate_db::__private::IndexColumn {
                            column: 9usize,
                            descending: true,
                        },
                    ],
                    method: ::waygate_db::__private::IndexMethod::Btree,
                    unique: false,
                    predicate: ::core::option::Option::Some("status = 'active'"),
                },
                ::waygate_db::__private::Index {
                    name: "integrations_tags_idx",
                    columns: &[
                        ::waygate_db::__private::IndexColumn {
                            column: 6usize,
                            descending: false,
                        },
                    ],
                    method: ::waygate_db::__private::IndexMethod::Gin,
                    unique: false,
                    predicate: ::core::option::Option::None,
                },
                ::waygate_db::__private::Index {
                    name: "integrations_email_bidx_idx",
                    columns: &[
                        ::waygate_db::__private::IndexColumn {
                            column: 1usize,
                            descending: false,
                        },
                        ::waygate_db::__private::IndexColumn {
                            column: 11usize,
                            descending: false,
                        },
                    ],
                    method: ::waygate_db::__private::IndexMethod::Btree,
                    unique: true,
                    predicate: ::core::option::Option::None,
                },
            ],
            foreign_keys: &[
                ::waygate_db::__private::ForeignKey {
                    column: 1usize,
                    parent: ::waygate_db::__private::table_of::<Tenant>,
                    on_delete: ::waygate_db::__private::OnDelete::Cascade,
                },
            ],
            has_many: &[
                ::waygate_db::__private::HasMany {
                    name: "actions",
                    child: ::waygate_db::__private::table_of::<Action>,
                },
            ],
            append_only: false,
            login: ::core::option::Option::None,
            renamed_from: ::core::option::Option::None,
            comment: ::core::option::Option::Some(
                "A connection to a third-party API.\n\nIts secrets are sealed.",
            ),
            declared_at: (::core::file!(), ::core::line!()),
        };
        &TABLE
    };
    const COLUMNS: IntegrationColumns = IntegrationColumns {
        id: ::waygate_db::__private::Col::new(0usize),
        tenant_id: ::waygate_db::__private::Col::new(1usize),
        slug: ::waygate_db::__private::Col::new(2usize),
        auth_type: ::waygate_db::__private::Col::new(3usize),
        status: ::waygate_db::__private::Col::new(4usize),
        description: ::waygate_db::__private::Col::new(5usize),
        tags: ::waygate_db::__private::Col::new(6usize),
        token: ::waygate_db::__private::Col::new(7usize),
        email: ::waygate_db::__private::Col::new(8usize),
        created_at: ::waygate_db::__private::Col::new(9usize),
        updated_at: ::waygate_db::__private::Col::new(10usize),
    };
    type Key = Id<Integration>;
    type Scope = ::waygate_db::__private::OwnedByTenant;
    type Columns = IntegrationColumns;
    fn key(&self) -> Self::Key {
        self.id
    }
    fn decode(
        row: &::waygate_db::__private::Row<'_>,
    ) -> ::waygate_db::__private::Result<Self> {
        ::core::result::Result::Ok(Self {
            id: <Id<Integration> as ::waygate_db::__private::Stored>::read(row, 0usize)?,
            tenant_id: <TenantId as ::waygate_db::__private::Stored>::read(row, 1usize)?,
            slug: <String as ::waygate_db::__private::Stored>::read(row, 2usize)?,
            auth_type: <AuthType as ::waygate_db::__private::Stored>::read(row, 3usize)?,
            status: <IntegrationStatus as ::waygate_db::__private::Stored>::read(
                row,
                4usize,
            )?,
            description: <Option<
                String,
            > as ::waygate_db::__private::Stored>::read(row, 5usize)?,
            tags: <Vec<String> as ::waygate_db::__private::Stored>::read(row, 6usize)?,
            token: row.open::<Encrypted<String>>(7usize)?,
            email: row.open::<Option<Encrypted<String>>>(8usize)?,
            created_at: <DateTime<
                Utc,
            > as ::waygate_db::__private::Stored>::read(row, 9usize)?,
            updated_at: <DateTime<
                Utc,
            > as ::waygate_db::__private::Stored>::read(row, 10usize)?,
        })
    }
}
///The columns of `integrations`, for filters and orders.
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
pub struct IntegrationColumns {
    ///Column `id`.
    pub id: ::waygate_db::__private::Col<Integration, Id<Integration>>,
    ///Column `tenant_id`.
    pub tenant_id: ::waygate_db::__private::Col<Integration, TenantId>,
    ///Column `slug`.
    pub slug: ::waygate_db::__private::Col<Integration, String>,
    ///Column `auth_type`.
    pub auth_type: ::waygate_db::__private::Col<Integration, AuthType>,
    ///Column `status`.
    pub status: ::waygate_db::__private::Col<Integration, IntegrationStatus>,
    ///Column `description`.
    pub description: ::waygate_db::__private::Col<Integration, Option<String>>,
    ///Column `tags`.
    pub tags: ::waygate_db::__private::Col<Integration, Vec<String>>,
    ///Column `token`.
    pub token: ::waygate_db::__private::Col<Integration, Encrypted<String>>,
    ///Column `email`.
    pub email: ::waygate_db::__private::Col<
        Integration,
        ::waygate_db::__private::Searched<Option<Encrypted<String>>>,
    >,
    ///Column `created_at`.
    pub created_at: ::waygate_db::__private::Col<Integration, DateTime<Utc>>,
    ///Column `updated_at`.
    pub updated_at: ::waygate_db::__private::Col<Integration, DateTime<Utc>>,
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl Integration {
    ///A new row of `integrations`: give its fields, then `insert` it.
    pub fn create() -> IntegrationCreate<
        ::waygate_db::__private::Missing,
        ::waygate_db::__private::Missing,
        ::waygate_db::__private::Missing,
    > {
        IntegrationCreate {
            insert: ::waygate_db::__private::Insert::new(),
            given: ::core::marker::PhantomData,
        }
    }
}
///A new row of `integrations` in the making. Its `tenant_id` is the session's tenant, and has no setter.
#[must_use = "nothing is inserted until `insert(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub struct IntegrationCreate<Slug, AuthTypeField, Token> {
    insert: ::waygate_db::__private::Insert<Integration>,
    given: ::core::marker::PhantomData<fn() -> (Slug, AuthTypeField, Token)>,
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl<Slug, AuthTypeField, Token> IntegrationCreate<Slug, AuthTypeField, Token> {
    ///Sets `id`, for a row whose key is known beforehand. Default: a new key.
    pub fn id(mut self, key: Id<Integration>) -> Self {
        self.insert.set_key(key);
        self
    }
    ///Sets `slug`, which every row needs.
    pub fn slug(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> IntegrationCreate<::waygate_db::__private::Set, AuthTypeField, Token> {
        <String as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.insert,
            2usize,
        );
        IntegrationCreate {
            insert: self.insert,
            given: ::core::marker::PhantomData,
        }
    }
    ///Sets `auth_type`, which every row needs.
    pub fn auth_type(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<AuthType>,
    ) -> IntegrationCreate<Slug, ::waygate_db::__private::Set, Token> {
        <AuthType as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<AuthType>::into_value(value),
            &mut self.insert,
            3usize,
        );
        IntegrationCreate {
            insert: self.insert,
            given: ::core::marker::PhantomData,
        }
    }
    ///Sets `status`. Default: `Draft`.
    pub fn status(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<IntegrationStatus>,
    ) -> Self {
        <IntegrationStatus as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<IntegrationStatus>::into_value(value),
            &mut self.insert,
            4usize,
        );
        self
    }
    ///Sets `description`. Default: NULL.
    pub fn description(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<String>>,
    ) -> Self {
        <Option<
            String,
        > as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<Option<String>>::into_value(value),
            &mut self.insert,
            5usize,
        );
        self
    }
    ///Sets `tags`. Default: empty.
    pub fn tags(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Vec<String>>,
    ) -> Self {
        <Vec<
            String,
        > as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<Vec<String>>::into_value(value),
            &mut self.insert,
            6usize,
        );
        self
    }
    ///Sets `token`, which every row needs.
    pub fn token(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Encrypted<String>>,
    ) -> IntegrationCreate<Slug, AuthTypeField, ::waygate_db::__private::Set> {
        self.insert
            .seal(
                7usize,
                ::waygate_db::__private::IntoValue::<
                    Encrypted<String>,
                >::into_value(value),
            );
        IntegrationCreate {
            insert: self.insert,
            given: ::core::marker::PhantomData,
        }
    }
    ///Sets `email`. Default: NULL.
    pub fn email(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<Encrypted<String>>>,
    ) -> Self {
        self.insert
            .seal(
                8usize,
                ::waygate_db::__private::IntoValue::<
                    Option<Encrypted<String>>,
                >::into_value(value),
            );
        self
    }
    ///Sets `created_at`, for an import by the service alone. Default: the time of the insert.
    pub fn created_at(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<DateTime<Utc>>,
    ) -> Self {
        <DateTime<
            Utc,
        > as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<DateTime<Utc>>::into_value(value),
            &mut self.insert,
            9usize,
        );
        self
    }
    ///Sets `updated_at`, for an import by the service alone. Default: the time of the insert.
    pub fn updated_at(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<DateTime<Utc>>,
    ) -> Self {
        <DateTime<
            Utc,
        > as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<DateTime<Utc>>::into_value(value),
            &mut self.insert,
            10usize,
        );
        self
    }
}
const _: () = {
    #[diagnostic::on_unimplemented(
        message = "cannot insert: the required field `slug` was never set",
        label = "call `.slug(…)` before this"
    )]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    pub trait SlugGiven {}
    #[diagnostic::do_not_recommend]
    impl SlugGiven for ::waygate_db::__private::Set {}
    #[diagnostic::on_unimplemented(
        message = "cannot insert: the required field `auth_type` was never set",
        label = "call `.auth_type(…)` before this"
    )]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    pub trait AuthTypeFieldGiven {}
    #[diagnostic::do_not_recommend]
    impl AuthTypeFieldGiven for ::waygate_db::__private::Set {}
    #[diagnostic::on_unimplemented(
        message = "cannot insert: the required field `token` was never set",
        label = "call `.token(…)` before this"
    )]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    pub trait TokenGiven {}
    #[diagnostic::do_not_recommend]
    impl TokenGiven for ::waygate_db::__private::Set {}
    #[automatically_derived]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    impl<Slug, AuthTypeField, Token> IntegrationCreate<Slug, AuthTypeField, Token> {
        /// Inserts the row and returns it with what the database filled in.
        ///
        /// # Errors
        ///
        /// `is_unique_violation`, `is_foreign_key_violation`, `is_too_long`, the server's other refusals and the
        /// connection's errors.
        pub fn insert<'s, S>(
            self,
            session: &'s S,
        ) -> ::waygate_db::__private::Pending<'s, Integration>
        where
            S: ::waygate_db::__private::Executor,
            ::waygate_db::__private::InsertBy<
                Integration,
            >: ::waygate_db::__private::CarriedBy<S>,
            Slug: SlugGiven,
            AuthTypeField: AuthTypeFieldGiven,
            Token: TokenGiven,
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
        ) -> ::waygate_db::__private::Pending<'s, ::core::option::Option<Integration>>
        where
            S: ::waygate_db::__private::Executor,
            ::waygate_db::__private::InsertBy<
                Integration,
            >: ::waygate_db::__private::CarriedBy<S>,
            Slug: SlugGiven,
            AuthTypeField: AuthTypeFieldGiven,
            Token: TokenGiven,
        {
            ::waygate_db::__private::pending(self.insert.insert_if_absent(session))
        }
    }
};
#[automatically_derived]
impl ::waygate_db::__private::Mutable for Integration {
    type Update = IntegrationUpdate;
    type Patch = IntegrationPatch;
}
///Changes to a row of `integrations`, by its key. It stays with its tenant.
#[must_use = "nothing is changed until `exec(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub struct IntegrationUpdate {
    update: ::waygate_db::__private::Update<Integration>,
}
#[automatically_derived]
impl ::core::convert::From<::waygate_db::__private::Update<Integration>>
for IntegrationUpdate {
    fn from(update: ::waygate_db::__private::Update<Integration>) -> Self {
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
impl IntegrationUpdate {
    ///Changes `slug`.
    pub fn slug(
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
    ///Changes `auth_type`.
    pub fn auth_type(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<AuthType>,
    ) -> Self {
        <AuthType as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<AuthType>::into_value(value),
            &mut self.update,
            3usize,
        );
        self
    }
    ///Changes `status`.
    pub fn status(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<IntegrationStatus>,
    ) -> Self {
        <IntegrationStatus as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<IntegrationStatus>::into_value(value),
            &mut self.update,
            4usize,
        );
        self
    }
    ///Changes `description`.
    pub fn description(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<String>>,
    ) -> Self {
        <Option<
            String,
        > as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<Option<String>>::into_value(value),
            &mut self.update,
            5usize,
        );
        self
    }
    ///Changes `tags`.
    pub fn tags(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Vec<String>>,
    ) -> Self {
        <Vec<
            String,
        > as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<Vec<String>>::into_value(value),
            &mut self.update,
            6usize,
        );
        self
    }
    ///Changes `token`.
    pub fn token(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Encrypted<String>>,
    ) -> Self {
        self.update
            .seal(
                7usize,
                ::waygate_db::__private::IntoValue::<
                    Encrypted<String>,
                >::into_value(value),
            );
        self
    }
    ///Changes `email`.
    pub fn email(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<Encrypted<String>>>,
    ) -> Self {
        self.update
            .seal(
                8usize,
                ::waygate_db::__private::IntoValue::<
                    Option<Encrypted<String>>,
                >::into_value(value),
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
            Integration,
        >: ::waygate_db::__private::CarriedBy<S>,
    {
        ::waygate_db::__private::pending(self.update.exec(session))
    }
}
///Changes to a row of `integrations` that was read before. It stays with its tenant.
#[must_use = "nothing is changed until `save(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
pub struct IntegrationPatch {
    update: ::waygate_db::__private::Update<Integration>,
}
#[automatically_derived]
impl ::core::convert::From<::waygate_db::__private::Update<Integration>>
for IntegrationPatch {
    fn from(update: ::waygate_db::__private::Update<Integration>) -> Self {
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
impl IntegrationPatch {
    ///Changes `slug`.
    pub fn slug(
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
    ///Changes `auth_type`.
    pub fn auth_type(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<AuthType>,
    ) -> Self {
        <AuthType as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<AuthType>::into_value(value),
            &mut self.update,
            3usize,
        );
        self
    }
    ///Changes `status`.
    pub fn status(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<IntegrationStatus>,
    ) -> Self {
        <IntegrationStatus as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<IntegrationStatus>::into_value(value),
            &mut self.update,
            4usize,
        );
        self
    }
    ///Changes `description`.
    pub fn description(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<String>>,
    ) -> Self {
        <Option<
            String,
        > as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<Option<String>>::into_value(value),
            &mut self.update,
            5usize,
        );
        self
    }
    ///Changes `tags`.
    pub fn tags(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Vec<String>>,
    ) -> Self {
        <Vec<
            String,
        > as ::waygate_db::__private::Stored>::update(
            ::waygate_db::__private::IntoValue::<Vec<String>>::into_value(value),
            &mut self.update,
            6usize,
        );
        self
    }
    ///Changes `token`.
    pub fn token(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Encrypted<String>>,
    ) -> Self {
        self.update
            .seal(
                7usize,
                ::waygate_db::__private::IntoValue::<
                    Encrypted<String>,
                >::into_value(value),
            );
        self
    }
    ///Changes `email`.
    pub fn email(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<Encrypted<String>>>,
    ) -> Self {
        self.update
            .seal(
                8usize,
                ::waygate_db::__private::IntoValue::<
                    Option<Encrypted<String>>,
                >::into_value(value),
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
    ) -> ::waygate_db::__private::Pending<'s, Integration>
    where
        S: ::waygate_db::__private::Executor,
        ::waygate_db::__private::UpdateBy<
            Integration,
        >: ::waygate_db::__private::CarriedBy<S>,
    {
        ::waygate_db::__private::pending(self.update.save(session))
    }
}
const _: () = {
    ::waygate_db::__private::assert_key::<Integration, Id<Integration>>();
    ::waygate_db::__private::assert_tenant::<TenantId>();
    ::waygate_db::__private::assert_refers_to::<TenantId, Tenant>();
    ::waygate_db::__private::assert_keeps_apart::<Integration, Tenant>(1usize);
    let _: <IntegrationStatus as ::waygate_db::__private::Value>::Base = IntegrationStatus::Draft;
    ::waygate_db::__private::assert_has_empty(
        <Vec<String> as ::waygate_db::__private::Stored>::SQL_TYPE,
    );
    ::waygate_db::__private::assert_searched::<Option<Encrypted<String>>>();
    ::waygate_db::__private::assert_text::<Option<Encrypted<String>>>();
    ::waygate_db::__private::assert_time::<DateTime<Utc>>();
    ::waygate_db::__private::assert_time::<DateTime<Utc>>();
    ::waygate_db::__private::assert_belongs_to::<Action, Integration>();
};
#[automatically_derived]
impl ::waygate_db::__private::BelongsTo<Tenant> for Integration {}
