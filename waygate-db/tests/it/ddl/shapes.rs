//! Shapes that the six models do not have: shared data, other actions on delete, circles, awkward names.

use std::sync::OnceLock;

use waygate_db::schema::{Column, ColumnRole, DefaultValue, EnumType, ForeignKey, OnDelete, Scope, SqlType, Table};
use waygate_db::{Dialect, Schema, schema_sql};

use super::seed::{A, B};
use crate::support::database::Database;

static SCHEMA: Schema = Schema::new(&[countries, tenants, groups, members]);
static ORDER: EnumType = EnumType {
    name: "order",
    labels: &["it's", "Größe"],
    rust: "Order",
    renamed: &[],
    renamed_from: None,
    comment: Some(AWKWARD),
};
static ORDER_TYPE: SqlType = SqlType::Enum(&ORDER);

/// A comment of two paragraphs with every character that SQL could take for its own.
const AWKWARD: &str = "It's \"one\"; \\ and $$two$$ -- /* no comment\n\n$1, {x}: <größe>";

const fn column(name: &'static str, ty: SqlType, role: ColumnRole, default: DefaultValue) -> Column {
    Column {
        name,
        field: name,
        ty,
        nullable: false,
        default,
        role,
        encryption: None,
        renamed_from: None,
        backfill: None,
        using: None,
        comment: None,
    }
}

const fn data(name: &'static str, ty: SqlType, default: DefaultValue) -> Column {
    column(name, ty, ColumnRole::Data, default)
}

const ID: Column = column("id", SqlType::Uuid, ColumnRole::Key, DefaultValue::RandomUuid);
const TENANT_ID: Column = column("tenant_id", SqlType::Uuid, ColumnRole::Tenant, DefaultValue::Tenant);
const UPDATED_AT: Column = column("updated_at", SqlType::Timestamptz, ColumnRole::UpdatedAt, DefaultValue::Now);

const fn table(name: &'static str, scope: Scope, columns: &'static [Column]) -> Table {
    Table {
        name,
        model: "Model",
        scope,
        columns,
        key: 0,
        indexes: &[],
        foreign_keys: &[],
        has_many: &[],
        append_only: false,
        login: None,
        renamed_from: None,
        comment: None,
        declared_at: ("src/models.rs", 1),
    }
}

fn countries() -> &'static Table {
    static TABLE: Table = table(
        "Countries",
        Scope::Shared,
        &[
            ID,
            data("user", SqlType::Text, DefaultValue::Text("it's \\ \"quoted\"")),
            data("orders", SqlType::Array(&ORDER_TYPE), DefaultValue::Empty),
            data("first", ORDER_TYPE, DefaultValue::Label("it's")),
            data("big", SqlType::Int8, DefaultValue::Integer(i64::MIN)),
            data("ratio", SqlType::Float8, DefaultValue::Empty),
            data("raw", SqlType::Bytea, DefaultValue::Empty),
            data("until", SqlType::Timestamptz, DefaultValue::Sql("now() + interval '1 day'")),
            data("is_open", SqlType::Bool, DefaultValue::Sql("true AND NOT false")),
            data("amount", SqlType::Named("numeric(10,2)"), DefaultValue::Integer(-1)),
            UPDATED_AT,
        ],
    );
    &TABLE
}

fn tenants() -> &'static Table {
    static TABLE: Table =
        Table { comment: Some(AWKWARD), ..table("tenants", Scope::Key, &[Column { comment: Some(AWKWARD), ..ID }]) };
    &TABLE
}

fn groups() -> &'static Table {
    static TABLE: Table = Table {
        foreign_keys: &[
            ForeignKey { column: 1, parent: tenants, on_delete: OnDelete::Restrict },
            ForeignKey { column: 2, parent: members, on_delete: OnDelete::SetNull },
            ForeignKey { column: 3, parent: groups, on_delete: OnDelete::SetNull },
            ForeignKey { column: 4, parent: countries, on_delete: OnDelete::SetNull },
        ],
        ..table(
            "a_group_with_a_name_that_is_almost_as_long_as_names_may_be",
            Scope::Column(1),
            &[
                ID,
                TENANT_ID,
                Column { nullable: true, ..data("leader_id", SqlType::Uuid, DefaultValue::None) },
                Column { nullable: true, ..data("above_id", SqlType::Uuid, DefaultValue::None) },
                Column { nullable: true, ..data("country_id", SqlType::Uuid, DefaultValue::None) },
                UPDATED_AT,
            ],
        )
    };
    &TABLE
}

fn members() -> &'static Table {
    static TABLE: Table = Table {
        foreign_keys: &[ForeignKey { column: 2, parent: groups, on_delete: OnDelete::Cascade }],
        append_only: true,
        ..table("members", Scope::Column(1), &[ID, TENANT_ID, data("group_id", SqlType::Uuid, DefaultValue::None)])
    };
    &TABLE
}

#[tokio::test]
async fn awkward_names_defaults_and_circles_are_valid_sql() {
    let database = Database::empty().await;
    let sql = schema_sql(&SCHEMA, &Dialect::Postgres);
    database.deploy(&sql).await;
    let service = database.login("waygate_service").await;
    let row = "INSERT INTO \"Countries\" DEFAULT VALUES RETURNING concat_ws('|', \"user\", orders, first, big, ratio, \
               raw, until > now(), is_open, amount)";
    let expected = "it's \\ \"quoted\"|{}|it's|-9223372036854775808|0|\\x|t|t|-1.00";
    assert_eq!(service.value(row).await, expected);
    let cut = service
        .column("SELECT conname FROM pg_constraint WHERE conname LIKE 'a_group%' UNION ALL SELECT tgname FROM pg_trigger \
                 WHERE tgname LIKE 'a_group%' UNION ALL SELECT policyname FROM pg_policies WHERE tablename LIKE 'a_group%'")
        .await;
    assert_eq!(cut.len(), 2 + 4 + 1 + 3);
    for name in cut {
        assert!(sql.contains(&name), "{name} is not the name that was given");
    }
}

#[tokio::test]
async fn comments_arrive_as_they_are_written() {
    let database = Database::empty().await;
    database.deploy(&schema_sql(&SCHEMA, &Dialect::Postgres)).await;
    let session = database.administrator().await;
    let comments = "SELECT obj_description('tenants'::regclass) UNION ALL SELECT col_description('tenants'::regclass, 1) \
                    UNION ALL SELECT obj_description('public.order'::regtype)";
    assert_eq!(session.column(comments).await, [AWKWARD, AWKWARD, AWKWARD]);
}

#[tokio::test]
async fn shared_data_is_read_by_all_and_written_by_the_service() {
    let database = Database::empty().await;
    database.deploy(&schema_sql(&SCHEMA, &Dialect::Postgres)).await;
    let (service, app) = (database.login("waygate_service").await, database.login("waygate_app").await);
    service.run("INSERT INTO \"Countries\" DEFAULT VALUES; UPDATE \"Countries\" SET big = 1").await;
    assert_eq!(app.value("SELECT big FROM \"Countries\"").await, "1");
    for write in
        ["INSERT INTO \"Countries\" DEFAULT VALUES", "UPDATE \"Countries\" SET big = 2", "DELETE FROM \"Countries\""]
    {
        assert_eq!(app.refusal(write).await, "42501", "{write}");
    }
    assert_eq!(service.refusal("UPDATE \"Countries\" SET updated_at = now()").await, "42501");
    service.run("DELETE FROM \"Countries\"").await;
}

#[tokio::test]
async fn a_forgotten_parent_leaves_the_tenant() {
    let database = Database::empty().await;
    database.deploy(&schema_sql(&SCHEMA, &Dialect::Postgres)).await;
    let service = database.login("waygate_service").await;
    service.run(&format!("SET waygate.tenant_id = '{A}'; INSERT INTO tenants VALUES ('{A}')")).await;
    let groups = "a_group_with_a_name_that_is_almost_as_long_as_names_may_be";
    service.run(&format!("INSERT INTO {groups} (id) VALUES ('{A}')")).await;
    service.run(&format!("INSERT INTO {groups} (id, above_id) VALUES ('{B}', '{A}')")).await;
    service.run(&format!("INSERT INTO members (id, group_id) VALUES ('{A}', '{B}')")).await;
    service.run(&format!("UPDATE {groups} SET leader_id = '{A}' WHERE id = '{B}'")).await;
    service.run(&format!("DELETE FROM {groups} WHERE id = '{A}'")).await;
    service.run("DELETE FROM members").await;
    let left = format!("SELECT concat_ws('|', id, tenant_id, above_id, leader_id) FROM {groups}");
    assert_eq!(service.value(&left).await, format!("{B}|{A}"));
    assert_eq!(service.refusal("DELETE FROM tenants").await, "23503");
    assert_eq!(service.refusal("UPDATE members SET group_id = group_id").await, "42501");
}

static KEYWORDS: OnceLock<Table> = OnceLock::new();

#[tokio::test]
async fn every_keyword_of_the_server_may_name_a_column() {
    let database = Database::empty().await;
    let session = database.administrator().await;
    let words = session.column("SELECT word FROM pg_get_keywords() ORDER BY word").await;
    let columns: Vec<Column> = words.into_iter().map(|word| Column { name: word.leak(), ..ID }).collect();
    KEYWORDS.get_or_init(|| table("keywords", Scope::Shared, columns.leak()));
    let schema = Schema::new(&[|| KEYWORDS.get().unwrap()]);
    let sql = schema_sql(&schema, &Dialect::Postgres);
    database.deploy(&sql).await;
    for quoted in session.column("SELECT quote_ident(word) FROM pg_get_keywords() ORDER BY word").await {
        assert!(sql.contains(&format!("\n    {quoted} ")), "{quoted}");
    }
}
