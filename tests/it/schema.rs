//! Models, migrations and database agree.

use waygate::models::SCHEMA;
use waygate::{DIALECTS, MIGRATIONS};
use waygate_db::{Dialect, schema_sql};

use crate::support::{Dump, EmptyDb, Login, TestDb};

/// The schema of a database as `pg_dump` prints it, less the ledger and what differs from run to run.
pub(crate) fn dumped(pg_dump: &Dump, urls: &waygate_db::local::Urls) -> Vec<String> {
    let ledger =
        ["migrations", "migration_steps", "schema_snapshot"].map(|name| format!("--exclude-table=waygate.{name}"));
    let [migrations, steps, snapshot] = ledger.each_ref().map(String::as_str);
    let dump = pg_dump.of(&urls.admin, &["--schema-only", migrations, steps, snapshot]);
    let lines = dump.lines().filter(|line| !line.starts_with("--") && !line.starts_with('\\') && !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// The migrations (left) and the models (right) make the same.
#[track_caller]
pub(crate) fn same_schema(replayed: &[String], rendered: &[String]) {
    assert!(replayed.len() > 300, "{} lines", replayed.len());
    for (one, other) in replayed.iter().zip(rendered) {
        assert_eq!(one, other, "the migrations (left) and the models (right) differ: write a migration");
    }
    assert_eq!(replayed.len(), rendered.len());
}

#[tokio::test]
async fn the_migrations_make_what_the_models_say() {
    let test = TestDb::new().await;
    let Some(pg_dump) = Dump::find(&test).await else { return };
    let rendered = EmptyDb::new().await;
    rendered.sql(Login::Owner, &schema_sql(&SCHEMA, &Dialect::Postgres)).await.unwrap();
    same_schema(&dumped(&pg_dump, test.urls()), &dumped(&pg_dump, rendered.scratch.urls()));
}

/// What the history of this dialect makes, and what the models render for it, on databases where `before` ran.
pub(crate) async fn replay_and_render(dialect: &Dialect, before: &str) {
    let Some(pg_dump) = Dump::find(&TestDb::new().await).await else { return };
    let history = DIALECTS.iter().find(|history| history.dialect == dialect.to_string()).unwrap();
    let (replayed, rendered) = (EmptyDb::new().await, EmptyDb::new().await);
    for database in [&replayed, &rendered] {
        database.sql(Login::Admin, before).await.unwrap();
    }
    replayed.scratch.deploy(history.migrations).await.unwrap();
    rendered.sql(Login::Owner, &schema_sql(&SCHEMA, dialect)).await.unwrap();
    let [replayed, rendered] = [replayed, rendered].map(|database| dumped(&pg_dump, database.scratch.urls()));
    same_schema(&replayed, &rendered);
}

#[tokio::test]
async fn the_sealed_migrations_make_what_the_models_say() {
    Box::pin(replay_and_render(&Dialect::Sealed, "SELECT 1")).await;
}

#[test]
fn every_history_is_of_a_dialect_that_there_is() {
    for history in DIALECTS {
        let dialect: Dialect = history.dialect.parse().unwrap();
        assert_eq!(dialect.to_string(), history.dialect);
    }
}

#[tokio::test]
async fn a_second_deploy_changes_nothing() {
    let empty = EmptyDb::new().await;
    empty.deploy().await.unwrap();
    let ledger = "SELECT id, checksum, applied_at FROM waygate.migrations ORDER BY id";
    let first = empty.sql(Login::Owner, ledger).await.unwrap();
    assert_eq!(first.len(), MIGRATIONS.len());
    empty.deploy().await.unwrap();
    assert_eq!(empty.sql(Login::Owner, ledger).await.unwrap(), first);
}

#[tokio::test]
async fn six_tables_and_six_enums_stand_in_public_and_nothing_else() {
    let test = TestDb::new().await;
    let tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') \
                  ORDER BY relname";
    let mut expected: Vec<_> = SCHEMA.tables().map(|table| table.name.to_owned()).collect();
    expected.sort();
    let found: Vec<_> = test.rows_of(Login::Admin, tables).await.into_iter().flatten().flatten().collect();
    assert_eq!((found.len(), found), (6, expected));
    let enums = "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e' ORDER BY 1";
    let mut expected: Vec<_> = SCHEMA.enums().into_iter().map(|known| known.name.to_owned()).collect();
    expected.sort();
    let found: Vec<_> = test.rows_of(Login::Admin, enums).await.into_iter().flatten().flatten().collect();
    assert_eq!((found.len(), found), (6, expected));
}

#[tokio::test]
async fn every_table_of_the_models_is_forced_under_row_security_with_its_policies() {
    let test = TestDb::new().await;
    for table in SCHEMA.tables().map(|table| table.name) {
        let forced =
            format!("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = '{table}'::regclass");
        assert_eq!(test.value(Login::Admin, &forced).await, "t", "{table}");
        let policies =
            format!("SELECT policyname || ' ' || roles::text FROM pg_policies WHERE tablename = '{table}' ORDER BY 1");
        let found: Vec<_> = test.rows_of(Login::Admin, &policies).await.into_iter().flatten().flatten().collect();
        let mut expected = vec![
            format!("{table}_app {{waygate_app}}"),
            format!("{table}_owner {{waygate_owner}}"),
            format!("{table}_service {{waygate_service}}"),
        ];
        if table == "tenants" {
            expected.insert(1, "tenants_login {waygate_login}".to_owned());
        }
        assert_eq!(found, expected);
        let owner = format!("SELECT relowner::regrole FROM pg_class WHERE oid = '{table}'::regclass");
        assert_eq!(test.value(Login::Admin, &owner).await, "waygate_owner", "{table}");
    }
}

#[tokio::test]
async fn every_unique_index_of_a_tenants_table_leads_with_the_tenant_but_the_keys() {
    let test = TestDb::new().await;
    let leading = "
        SELECT index.indrelid::regclass || '.' || index.indexrelid::regclass
        FROM pg_index index JOIN pg_attribute first ON first.attrelid = index.indrelid AND first.attnum = index.indkey[0]
        WHERE index.indrelid::regclass::text IN ('integrations', 'actions', 'integration_credentials', 'request_logs')
          AND index.indisunique AND NOT index.indisprimary AND first.attname <> 'tenant_id'";
    assert!(test.rows_of(Login::Admin, leading).await.is_empty());
}
