//! The audit on models unlike Waygate's own: no table of tenants, reference data, a parent's parent, odd types.

use waygate_db::audit::{self, Outcome, Severity};
use waygate_db::schema::{
    Binding, Column, ColumnRole, DefaultValue, Encryption, EnumType, ForeignKey, Index, IndexColumn, IndexMethod,
    Normalizer, OnDelete, Opened, Padding, Scope, Search, SearchScope, SqlType, Table,
};
use waygate_db::{Dialect, Schema, schema_sql};

use crate::support::database::Database;

static ODD: Schema = Schema::new(&[countries, shops, orders, lines, notes]);

static STATE: EnumType = EnumType {
    name: "state",
    labels: &["new", "it's \"old\""],
    rust: "State",
    renamed: &[],
    renamed_from: None,
    comment: None,
};

const fn data(name: &'static str, ty: SqlType) -> Column {
    Column {
        name,
        field: name,
        ty,
        nullable: false,
        default: DefaultValue::None,
        role: ColumnRole::Data,
        encryption: None,
        renamed_from: None,
        backfill: None,
        using: None,
        comment: None,
    }
}

const fn optional(name: &'static str, ty: SqlType) -> Column {
    Column { nullable: true, ..data(name, ty) }
}

const fn system(name: &'static str, role: ColumnRole, default: DefaultValue) -> Column {
    Column { role, default, ..data(name, SqlType::Uuid) }
}

const KEY: Column = system("key", ColumnRole::Key, DefaultValue::RandomUuid);
const OWNER: Column = system("Owner", ColumnRole::Tenant, DefaultValue::Tenant);

const fn belongs_to(column: usize, parent: fn() -> &'static Table, on_delete: OnDelete) -> ForeignKey {
    ForeignKey { column, parent, on_delete }
}

const fn table(name: &'static str, model: &'static str, scope: Scope, columns: &'static [Column]) -> Table {
    Table {
        name,
        model,
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
    static COUNTRIES: Table = table("countries", "Country", Scope::Shared, &[KEY, data("code", SqlType::Varchar(2))]);
    &COUNTRIES
}

const fn up(column: usize) -> IndexColumn {
    IndexColumn { column, descending: false }
}

const fn unique(name: &'static str, columns: &'static [IndexColumn]) -> Index {
    Index { name, columns, method: IndexMethod::Btree, unique: true, predicate: None }
}

fn shops() -> &'static Table {
    static SHOPS: Table = Table {
        foreign_keys: &[belongs_to(2, countries, OnDelete::Restrict)],
        indexes: &[unique("shops_code_idx", &[up(1), up(3)]), unique("shops_secret_bidx_idx", &[up(1), up(7)])],
        ..table(
            "shops",
            "Shop",
            Scope::Column(1),
            &[
                KEY,
                OWNER,
                data("country", SqlType::Uuid),
                data("code", SqlType::Varchar(4)),
                data("state", SqlType::Enum(&STATE)),
                data("weights", SqlType::Array(&SqlType::Int4)),
                Column {
                    encryption: Some(Encryption {
                        context: "shops.secret",
                        codec: 1,
                        binding: Binding::Row,
                        padding: Padding::Auto,
                        opened: Opened::WithRow,
                        moved_from: None,
                        search: Some(Search {
                            column: 7,
                            bits: Search::EXACT,
                            normalizer: Normalizer::Exact,
                            scope: SearchScope::Tenant,
                            unique: true,
                        }),
                    }),
                    ..data("secret", SqlType::Encrypted)
                },
                Column { role: ColumnRole::BlindIndex(6), ..data("secret_bidx", SqlType::Bytea) },
            ],
        )
    };
    &SHOPS
}

fn orders() -> &'static Table {
    static ORDERS: Table = Table {
        foreign_keys: &[belongs_to(2, shops, OnDelete::Restrict), belongs_to(3, orders, OnDelete::SetNull)],
        ..table(
            "Order",
            "Order",
            Scope::Column(1),
            &[
                KEY,
                OWNER,
                data("shop", SqlType::Uuid),
                optional("follows", SqlType::Uuid),
                data("number", SqlType::Int2),
                data("total", SqlType::Named("numeric(12, 2)")),
                data("day", SqlType::Date),
            ],
        )
    };
    &ORDERS
}

fn lines() -> &'static Table {
    static LINES: Table = Table {
        foreign_keys: &[belongs_to(1, orders, OnDelete::Cascade)],
        ..table(
            "lines",
            "Line",
            Scope::Through { column: 1, owner: None },
            &[KEY, data("order", SqlType::Uuid), data("count", SqlType::Int4), data("blob", SqlType::Bytea)],
        )
    };
    &LINES
}

fn notes() -> &'static Table {
    static NOTES: Table = Table {
        foreign_keys: &[belongs_to(1, lines, OnDelete::Cascade)],
        append_only: true,
        ..table(
            "notes",
            "Note",
            Scope::Through { column: 1, owner: None },
            &[KEY, data("line", SqlType::Uuid), data("body", SqlType::Text), data("is_open", SqlType::Bool)],
        )
    };
    &NOTES
}

#[tokio::test]
async fn models_of_any_shape_are_audited_by_their_metadata_alone() {
    let database = Database::empty().await;
    database.deploy(&schema_sql(&ODD, &Dialect::Postgres)).await;
    let (session, logins) = (database.maintenance().await, database.logins());
    let report = audit::run(&session, &ODD, &Dialect::Postgres, &logins).await.unwrap();
    let failures: Vec<_> = report.findings.iter().filter(|one| one.severity == Severity::Failure).collect();
    assert!(failures.is_empty(), "{failures:#?}\n{}", report.matrix);
    assert_eq!(report.matrix.count(Outcome::Leaked) + report.matrix.count(Outcome::ControlFailed), 0);
    assert!(report.matrix.count(Outcome::Held) > 300, "{}", report.matrix);
    for table in ["countries", "shops", "\"Order\"", "lines", "notes"] {
        let left = format!("SELECT count(*) FROM {table}");
        assert_eq!(database.login("waygate_service").await.value(&left).await, "0", "{table}");
    }
}

#[tokio::test]
async fn a_table_that_takes_no_scratch_row_is_named_and_nothing_counts_as_proven() {
    let database = Database::empty().await;
    database.deploy(&schema_sql(&ODD, &Dialect::Postgres)).await;
    let (session, logins) = (database.maintenance().await, database.logins());
    database.deploy("ALTER TABLE shops ADD CHECK (code = 'none of ours');").await;
    let report = audit::run(&session, &ODD, &Dialect::Postgres, &logins).await.unwrap();
    let told = report.findings.iter().find(|one| one.rule == "matrix-fixture").expect("a finding");
    assert_eq!((told.object.as_str(), told.severity), ("public.shops", Severity::Failure));
    assert!(!report.is_proof(Severity::Failure) && report.matrix.lines.is_empty());
    assert_eq!(database.login("waygate_service").await.value("SELECT count(*) FROM countries").await, "0");
}

#[tokio::test]
async fn a_table_that_is_not_there_is_named_and_stops_no_audit() {
    let database = Database::empty().await;
    database.deploy(&schema_sql(&ODD, &Dialect::Postgres)).await;
    database.deploy("DROP TABLE notes;").await;
    let report = audit::run(&database.maintenance().await, &ODD, &Dialect::Postgres, &database.logins()).await.unwrap();
    for rule in ["table-missing", "probe-unbound", "matrix-fixture"] {
        let is_told = |one: &&audit::Finding| one.rule == rule && one.object == "public.notes";
        assert!(report.findings.iter().any(|one| is_told(&one)), "{rule}: {:#?}", report.findings);
    }
    let shops = "SELECT count(*) FROM shops";
    assert_eq!(database.login("waygate_service").await.value(shops).await, "0");
}

#[tokio::test]
async fn the_self_test_leaves_nothing_not_even_after_it_was_killed() {
    let database = Database::empty().await;
    database.deploy(&schema_sql(&ODD, &Dialect::Postgres)).await;
    let copies = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'waygate_audit_copy_%'";
    let (session, logins, watch) = (database.maintenance().await, database.logins(), database.administrator().await);
    let killed = {
        let logins = logins.clone();
        tokio::spawn(async move { audit::self_test(&session, &ODD, &Dialect::Postgres, &logins).await })
    };
    while watch.value(copies).await == "0" {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());

    let session = database.maintenance().await;
    let result = audit::self_test(&session, &ODD, &Dialect::Postgres, &logins).await.unwrap();
    println!("{} holes of {} kinds planted, {} found", result.planted, result.kinds, result.found);
    assert!(result.is_proof() && result.kinds >= 30, "{result:#?}");
    assert_eq!(watch.value(copies).await, "0");
}
