#[automatically_derived]
impl ::waygate_db::__private::Model for FieldMapping {
    const TABLE: &'static ::waygate_db::__private::Table = {
        static TABLE: ::waygate_db::__private::Table = ::waygate_db::__private::Table {
            name: "field_mappings",
            model: "FieldMapping",
            scope: ::waygate_db::__private::Scope::Through {
                column: 1usize,
                owner: ::core::option::Option::Some(2usize),
            },
            columns: &[
                ::waygate_db::__private::Column {
                    name: "id",
                    field: "id",
                    ty: <Id<FieldMapping> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <Id<
                        FieldMapping,
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
                    name: "action_id",
                    field: "action_id",
                    ty: <Id<Action> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <Id<
                        Action,
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
                    name: "tenant_id",
                    field: "tenant_id",
                    ty: <Option<TenantId> as ::waygate_db::__private::Stored>::SQL_TYPE,
                    nullable: <Option<
                        TenantId,
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
                    name: "source_path",
                    field: "source_path",
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
            ],
            key: 0usize,
            indexes: &[
                ::waygate_db::__private::Index {
                    name: "field_mappings_action_id_source_path_key",
                    columns: &[
                        ::waygate_db::__private::IndexColumn {
                            column: 1usize,
                            descending: false,
                        },
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
            foreign_keys: &[
                ::waygate_db::__private::ForeignKey {
                    column: 1usize,
                    parent: ::waygate_db::__private::table_of::<Action>,
                    on_delete: ::waygate_db::__private::OnDelete::Cascade,
                },
            ],
            has_many: &[],
            append_only: true,
            login: ::core::option::Option::None,
            renamed_from: ::core::option::Option::None,
            comment: ::core::option::Option::None,
            declared_at: (::core::file!(), ::core::line!()),
        };
        &TABLE
    };
    const COLUMNS: FieldMappingColumns = FieldMappingColumns {
        id: ::waygate_db::__private::Col::new(0usize),
        action_id: ::waygate_db::__private::Col::new(1usize),
        tenant_id: ::waygate_db::__private::Col::new(2usize),
        source_path: ::waygate_db::__private::Col::new(3usize),
    };
    type Key = Id<FieldMapping>;
    type Scope = ::waygate_db::__private::OwnedByTenant;
    type Columns = FieldMappingColumns;
    fn key(&self) -> Self::Key {
        self.id
    }
    fn decode(
        row: &::waygate_db::__private::Row<'_>,
    ) -> ::waygate_db::__private::Result<Self> {
        ::core::result::Result::Ok(Self {
            id: <Id<
                FieldMapping,
            > as ::waygate_db::__private::Stored>::read(row, 0usize)?,
            action_id: <Id<
                Action,
            > as ::waygate_db::__private::Stored>::read(row, 1usize)?,
            tenant_id: <Option<
                TenantId,
            > as ::waygate_db::__private::Stored>::read(row, 2usize)?,
            source_path: <String as ::waygate_db::__private::Stored>::read(row, 3usize)?,
        })
    }
}
///The columns of `field_mappings`, for filters and orders.
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
struct FieldMappingColumns {
    ///Column `id`.
    id: ::waygate_db::__private::Col<FieldMapping, Id<FieldMapping>>,
    ///Column `action_id`.
    action_id: ::waygate_db::__private::Col<FieldMapping, Id<Action>>,
    ///Column `tenant_id`.
    tenant_id: ::waygate_db::__private::Col<FieldMapping, Option<TenantId>>,
    ///Column `source_path`.
    source_path: ::waygate_db::__private::Col<FieldMapping, String>,
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl FieldMapping {
    ///A new row of `field_mappings`: give its fields, then `insert` it.
    fn create() -> FieldMappingCreate<
        ::waygate_db::__private::Missing,
        ::waygate_db::__private::Missing,
    > {
        FieldMappingCreate {
            insert: ::waygate_db::__private::Insert::new(),
            given: ::core::marker::PhantomData,
        }
    }
}
///A new row of `field_mappings` in the making.
#[must_use = "nothing is inserted until `insert(&session)` is awaited"]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
struct FieldMappingCreate<ActionId, SourcePath> {
    insert: ::waygate_db::__private::Insert<FieldMapping>,
    given: ::core::marker::PhantomData<fn() -> (ActionId, SourcePath)>,
}
#[automatically_derived]
#[allow(
    dead_code,
    private_interfaces,
    unreachable_pub,
    non_camel_case_types,
    non_snake_case
)]
impl<ActionId, SourcePath> FieldMappingCreate<ActionId, SourcePath> {
    ///Sets `id`, for a row whose key is known beforehand. Default: a new key.
    fn id(mut self, key: Id<FieldMapping>) -> Self {
        self.insert.set_key(key);
        self
    }
    ///Sets `action_id`, which every row needs.
    fn action_id(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Id<Action>>,
    ) -> FieldMappingCreate<::waygate_db::__private::Set, SourcePath> {
        <Id<
            Action,
        > as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<Id<Action>>::into_value(value),
            &mut self.insert,
            1usize,
        );
        FieldMappingCreate {
            insert: self.insert,
            given: ::core::marker::PhantomData,
        }
    }
    ///Sets `tenant_id`. Default: NULL.
    fn tenant_id(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<Option<TenantId>>,
    ) -> Self {
        <Option<
            TenantId,
        > as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<Option<TenantId>>::into_value(value),
            &mut self.insert,
            2usize,
        );
        self
    }
    ///Sets `source_path`, which every row needs.
    fn source_path(
        mut self,
        value: impl ::waygate_db::__private::IntoValue<String>,
    ) -> FieldMappingCreate<ActionId, ::waygate_db::__private::Set> {
        <String as ::waygate_db::__private::Stored>::insert(
            ::waygate_db::__private::IntoValue::<String>::into_value(value),
            &mut self.insert,
            3usize,
        );
        FieldMappingCreate {
            insert: self.insert,
            given: ::core::marker::PhantomData,
        }
    }
}
const _: () = {
    #[diagnostic::on_unimplemented(
        message = "cannot insert: the required field `action_id` was never set",
        label = "call `.action_id(…)` before this"
    )]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    pub trait ActionIdGiven {}
    #[diagnostic::do_not_recommend]
    impl ActionIdGiven for ::waygate_db::__private::Set {}
    #[diagnostic::on_unimplemented(
        message = "cannot insert: the required field `source_path` was never set",
        label = "call `.source_path(…)` before this"
    )]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    pub trait SourcePathGiven {}
    #[diagnostic::do_not_recommend]
    impl SourcePathGiven for ::waygate_db::__private::Set {}
    #[automatically_derived]
    #[allow(
        dead_code,
        private_interfaces,
        unreachable_pub,
        non_camel_case_types,
        non_snake_case
    )]
    impl<ActionId, SourcePath> FieldMappingCreate<ActionId, SourcePath> {
        /// Inserts the row and returns it with what the database filled in.
        ///
        /// # Errors
        ///
        /// `is_unique_violation`, `is_foreign_key_violation`, `is_too_long`, the server's other refusals and the
        /// connection's errors.
        fn insert<'s, S>(
            self,
            session: &'s S,
        ) -> ::waygate_db::__private::Pending<'s, FieldMapping>
        where
            S: ::waygate_db::__private::Executor,
            ::waygate_db::__private::InsertBy<
                FieldMapping,
            >: ::waygate_db::__private::CarriedBy<S>,
            ActionId: ActionIdGiven,
            SourcePath: SourcePathGiven,
        {
            ::waygate_db::__private::pending(self.insert.insert(session))
        }
        /// Inserts the row, unless one with its key or a unique value of it is there: then returns `None`.
        ///
        /// # Errors
        ///
        /// As `insert`, without the unique violation.
        fn insert_if_absent<'s, S>(
            self,
            session: &'s S,
        ) -> ::waygate_db::__private::Pending<'s, ::core::option::Option<FieldMapping>>
        where
            S: ::waygate_db::__private::Executor,
            ::waygate_db::__private::InsertBy<
                FieldMapping,
            >: ::waygate_db::__private::CarriedBy<S>,
            ActionId: ActionIdGiven,
            SourcePath: SourcePathGiven,
        {
            ::waygate_db::__private::pending(self.insert.insert_if_absent(session))
        }
    }
};
const _: () = {
    ::waygate_db::__private::assert_key::<FieldMapping, Id<FieldMapping>>();
    ::waygate_db::__private::assert_refers_to::<Id<Action>, Action>();
    ::waygate_db::__private::assert_keeps_apart::<FieldMapping, Action>(1usize);
};
#[automatically_derived]
impl ::waygate_db::__private::BelongsTo<Action> for FieldMapping {}
