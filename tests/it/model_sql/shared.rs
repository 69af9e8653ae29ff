//! Reference data, which everybody reads; and names that SQL reserves.

use waygate::models::Tenant;
use waygate_db::{Db, Dialect, Id, Model, TenantId, schema_sql};

use crate::support::{EmptyDb, Login, Outcome, trusted};

#[derive(Model, Debug)]
#[model(table = "order", shared)]
struct Order {
    #[model(key)]
    id: Id<Order>,
    user: String,
    limit: i32,
}

#[derive(Model, Debug)]
#[model(table = "select")]
struct Select {
    #[model(key)]
    id: Id<Select>,
    #[model(tenant, belongs_to(Tenant))]
    table: TenantId,
    from: String,
}

static SCHEMA: waygate_db::Schema = waygate_db::schema![Tenant, Order, Select];

#[tokio::test]
async fn every_handle_reads_shared_data_by_a_text() {
    let empty = EmptyDb::new().await;
    empty.sql(Login::Owner, &schema_sql(&SCHEMA, &Dialect::Postgres)).await.unwrap();
    let db = Db::connect(empty.scratch.config().pool_size(1)).await.unwrap();
    let service = db.service("test");
    for (user, limit) in [("ada", 1), ("bob", 2), ("cyd", 3)] {
        Order::create().user(user).limit(limit).insert(&service).await.unwrap();
    }
    let acme = db.tenant(trusted(uuid::Uuid::new_v4()));
    let text = r#"SELECT {columns} FROM "order" WHERE "limit" > $1 ORDER BY "user" DESC"#;
    let users = |rows: Vec<Order>| rows.into_iter().map(|row| row.user).collect::<Vec<_>>();
    assert_eq!(users(Order::sql(text).bind(1).all(&db).await.unwrap()), ["cyd", "bob"]);
    assert_eq!(users(Order::sql(text).bind(1).all(&acme).await.unwrap()), ["cyd", "bob"]);
    assert_eq!(users(Order::sql(text).bind(1).all(&service).await.unwrap()), ["cyd", "bob"]);
    let in_transaction = acme.transaction(async |tx| Order::sql(text).bind(2).one(tx).await).await;
    assert_eq!(in_transaction.unwrap().limit, 3);
    // What a text sets ends with it for this handle, too.
    let set = r#"SELECT {columns} FROM "order" WHERE "limit" = 3 AND
        (SELECT count(*) FROM ts_stat($$SELECT set_config('work_mem', '7MB', false)::tsvector$$)) > 0"#;
    assert_eq!(users(Order::sql(set).all(&db).await.unwrap()), ["cyd"]);
    let has = r#"SELECT {columns} FROM "order" WHERE current_setting('work_mem') = $1"#;
    assert!(Order::sql(has).bind("7MB").all(&db).await.unwrap().is_empty());
    // A text about tenant data shows none to a handle that carries no tenant.
    let foreign = r#"SELECT o.* FROM "order" o, "select" s"#;
    assert!(Order::sql(foreign).all(&db).await.refused().is_tenant_missing());
}

#[tokio::test]
async fn reserved_names_are_quoted_around_the_text() {
    let empty = EmptyDb::new().await;
    empty.sql(Login::Owner, &schema_sql(&SCHEMA, &Dialect::Postgres)).await.unwrap();
    let db = Db::connect(empty.scratch.config().pool_size(2)).await.unwrap();
    let service = db.service("test");
    for name in ["acme", "other"] {
        let tenant = Tenant::create().name(name).email(name).waygate_api_key_hash(name).insert(&service).await.unwrap();
        let scope = db.tenant(tenant.id);
        Select::create().from(name).insert(&scope).await.unwrap();
        for handle in [&scope, &service.for_tenant(tenant.id)] {
            let own = Select::sql(r#"SELECT {columns} FROM "select""#).one(handle).await.unwrap();
            assert_eq!((own.from.as_str(), own.table), (name, tenant.id));
            let wide = Select::sql(r#"SELECT s.* FROM public."select" AS s WHERE s.from <> $1 OR true"#).bind("x");
            assert_eq!(wide.all(handle).await.unwrap().len(), 1);
        }
    }
}
