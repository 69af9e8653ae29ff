//! Random graphs of models: their DDL applies, every table is forced under its policies, and raw statements of one tenant
//! reach no row of another.

use std::cell::Cell;
use std::sync::Mutex;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use waygate_db::schema::{Column, ColumnRole, DefaultValue, ForeignKey, OnDelete, Scope, SqlType, Table, TableRef};
use waygate_db::{Dialect, Schema, schema_sql};

use super::report;
use crate::support::{EmptyDb, Login};

/// The most tables of a graph, the tenant table among them.
const MOST: usize = 7;
const ONE: &str = "00000000-0000-4000-8000-00000000000a";
const OTHER: &str = "00000000-0000-4000-8000-00000000000b";

/// How one table of a graph is made; its parents are chosen by number among those before it.
#[derive(Debug, Clone)]
enum Shape {
    Shared,
    Tenants { parents: Vec<(u8, End)>, append_only: bool },
    Through { parent: u8, has_owner: bool },
}

/// What happens to a row when its parent goes.
#[derive(Debug, Clone, Copy)]
enum End {
    Cascade,
    Restrict,
    SetNull,
}

fn shape() -> impl Strategy<Value = Shape> {
    let end = prop_oneof![Just(End::Cascade), Just(End::Restrict), Just(End::SetNull)];
    prop_oneof![
        1 => Just(Shape::Shared),
        4 => (vec((any::<u8>(), end), 0..3), any::<bool>())
            .prop_map(|(parents, append_only)| Shape::Tenants { parents, append_only }),
        3 => (any::<u8>(), any::<bool>()).prop_map(|(parent, has_owner)| Shape::Through { parent, has_owner }),
    ]
}

/// The tables of the graph that is tried now: a parent is named by a function, and a function holds nothing.
static TABLES: [Mutex<Option<&'static Table>>; MOST] = [const { Mutex::new(None) }; MOST];

fn table<const NUMBER: usize>() -> &'static Table {
    TABLES[NUMBER].lock().unwrap().expect("a parent comes before its children")
}

const REFS: [TableRef; MOST] = [table::<0>, table::<1>, table::<2>, table::<3>, table::<4>, table::<5>, table::<6>];
const NAMES: [&str; MOST] = ["tenants", "first", "second", "third", "fourth", "fifth", "sixth"];
const PARENT_COLUMNS: [&str; 2] = ["one_id", "two_id"];

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

const fn reference(name: &'static str, nullable: bool) -> Column {
    Column { nullable, ..column(name, SqlType::Uuid, ColumnRole::Data, DefaultValue::None) }
}

const ID: Column = column("id", SqlType::Uuid, ColumnRole::Key, DefaultValue::RandomUuid);
const TENANT_ID: Column = column("tenant_id", SqlType::Uuid, ColumnRole::Tenant, DefaultValue::Tenant);
const NOTE: Column = column("note", SqlType::Text, ColumnRole::Data, DefaultValue::Text("untouched"));

/// Makes the tables of a graph.
fn graph(shapes: &[Shape]) -> (Schema, Vec<&'static Table>) {
    let mut tables: Vec<&'static Table> = Vec::new();
    let root = build(0, Scope::Key, vec![ID, NOTE], Vec::new(), false);
    tables.push(root);
    for (shape, number) in shapes.iter().zip(1..) {
        // A reference that must carry the tenant leads to a table with a tenant column.
        let owned: Vec<usize> = (1..number).filter(|&at| matches!(tables[at].scope, Scope::Column(_))).collect();
        let choose = |choice: u8| owned.get(usize::from(choice) % owned.len().max(1)).copied();
        let table = match shape {
            Shape::Through { parent, has_owner } if !owned.is_empty() => {
                let parent = choose(*parent).unwrap();
                let owner = has_owner.then_some(3);
                let mut columns = vec![ID, reference("one_id", false), NOTE];
                columns.extend(owner.map(|_| reference("tenant_id", true)));
                let key = ForeignKey { column: 1, parent: REFS[parent], on_delete: OnDelete::Cascade };
                build(number, Scope::Through { column: 1, owner }, columns, vec![key], false)
            }
            Shape::Shared => build(number, Scope::Shared, vec![ID, NOTE], Vec::new(), false),
            Shape::Through { .. } => owned_by_tenants(number, &[], false),
            Shape::Tenants { parents, append_only } => {
                let parents: Vec<_> =
                    parents.iter().filter_map(|(choice, end)| choose(*choice).map(|parent| (parent, *end))).collect();
                owned_by_tenants(number, &parents, *append_only)
            }
        };
        tables.push(table);
    }
    let refs: &'static [TableRef] = REFS[..tables.len()].to_vec().leak();
    (Schema::new(refs), tables)
}

fn owned_by_tenants(number: usize, parents: &[(usize, End)], append_only: bool) -> &'static Table {
    let mut columns = vec![ID, TENANT_ID, NOTE];
    let mut keys = vec![ForeignKey { column: 1, parent: REFS[0], on_delete: OnDelete::Cascade }];
    for ((parent, end), name) in parents.iter().zip(PARENT_COLUMNS) {
        let on_delete = match end {
            End::Cascade => OnDelete::Cascade,
            End::Restrict => OnDelete::Restrict,
            End::SetNull => OnDelete::SetNull,
        };
        keys.push(ForeignKey { column: columns.len(), parent: REFS[*parent], on_delete });
        columns.push(reference(name, matches!(end, End::SetNull)));
    }
    build(number, Scope::Column(1), columns, keys, append_only)
}

fn build(
    number: usize,
    scope: Scope,
    columns: Vec<Column>,
    keys: Vec<ForeignKey>,
    append_only: bool,
) -> &'static Table {
    let table = Box::leak(Box::new(Table {
        name: NAMES[number],
        model: "Model",
        scope,
        columns: columns.leak(),
        key: 0,
        indexes: &[],
        foreign_keys: keys.leak(),
        has_many: &[],
        append_only,
        login: None,
        renamed_from: None,
        comment: None,
        declared_at: ("src/models.rs", 1),
    }));
    *TABLES[number].lock().unwrap() = Some(table);
    table
}

/// The key of a tenant's row in a table; in the tenant table it is the tenant.
fn key(tenant: &str, table: &Table) -> String {
    let number = NAMES.iter().position(|name| *name == table.name).unwrap();
    format!("{}{number}{}", &tenant[..7], &tenant[8..])
}

/// Inserts one row of each table for a tenant; references lead to rows of `parents`' owner.
fn insert(table: &Table, id: &str, parents: &str) -> String {
    let (mut names, mut values) = (vec!["id"], vec![format!("'{id}'")]);
    for foreign in table.foreign_keys.iter().filter(|foreign| Some(foreign.column) != table.tenant_index()) {
        names.push(table.column_at(foreign.column).name);
        values.push(format!("'{}'", key(parents, (foreign.parent)())));
    }
    format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), values.join(", "))
}

/// Tries everything that one tenant's raw SQL may try on the other's rows. Says how many statements that were.
async fn attack(empty: &EmptyDb, table: &Table) -> u64 {
    let (name, own, foreign) = (table.name, key(ONE, table), key(OTHER, table));
    let as_one = async |sql: &str| empty.sql(Login::App, &format!("SET waygate.tenant_id = '{ONE}'; {sql}")).await;
    assert_eq!(as_one(&format!("SELECT id FROM {name}")).await.unwrap(), [[Some(own.clone())]], "{name}");
    let reaching = [
        format!("SELECT id FROM {name} WHERE id = '{foreign}'"),
        format!("SELECT id FROM {name} WHERE id <> '{own}' OR note LIKE '%'  AND id <> '{own}'"),
        format!("UPDATE {name} SET note = 'reached' WHERE id <> '{own}' RETURNING id"),
        format!("UPDATE {name} SET note = 'reached' WHERE id = '{foreign}' RETURNING id"),
        format!("DELETE FROM {name} WHERE id = '{foreign}' RETURNING id"),
    ];
    for sql in &reaching {
        match as_one(sql).await {
            Ok(rows) => assert!(rows.is_empty(), "{sql}: {rows:?}"),
            // What this login may do to no row at all: change a log, delete a tenant.
            Err(error) => assert!(error.is_permission_denied(), "{sql}: {error}"),
        }
    }
    let mut refused = vec![insert(table, &foreign, ONE), format!("INSERT INTO {name} (id) VALUES ('{foreign}')")];
    let has_parents = table.foreign_keys.iter().any(|foreign| Some(foreign.column) != table.tenant_index());
    if has_parents {
        refused.push(insert(table, "00000000-0000-4000-8000-0000000000ff", OTHER));
    }
    for foreign in table.foreign_keys {
        let (column, parent) = (table.column_at(foreign.column).name, key(OTHER, (foreign.parent)()));
        refused.push(format!("UPDATE {name} SET {column} = '{parent}' WHERE id = '{own}'"));
    }
    if let Scope::Through { owner: Some(owner), .. } = table.scope {
        refused.push(format!("UPDATE {name} SET {} = '{OTHER}' WHERE id = '{own}'", table.column_at(owner).name));
    }
    for sql in &refused {
        assert!(as_one(sql).await.is_err(), "{sql}");
    }
    let without = empty.sql(Login::App, &format!("SELECT id FROM {name}")).await;
    assert!(without.is_err_and(|error| error.is_tenant_missing()), "{name} without a tenant");
    (2 + reaching.len() + refused.len()) as u64
}

/// Deploys a graph and attacks each table of it.
async fn run(shapes: &[Shape]) -> u64 {
    let empty = EmptyDb::new().await;
    let (schema, tables) = graph(shapes);
    let schema: &'static Schema = Box::leak(Box::new(schema));
    let sql = schema_sql(schema, &Dialect::Postgres);
    empty.sql(Login::Owner, &format!("BEGIN; {sql} COMMIT")).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));

    let unforced = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
                    AND NOT (relrowsecurity AND relforcerowsecurity)";
    assert!(empty.sql(Login::Admin, unforced).await.unwrap().is_empty());
    let owned: Vec<_> = tables.iter().filter(|table| table.has_tenant()).collect();
    for tenant in [ONE, OTHER] {
        let rows: Vec<_> = owned.iter().map(|table| insert(table, &key(tenant, table), tenant)).collect();
        let rows = format!("SET waygate.tenant_id = '{tenant}'; {}", rows.join("; "));
        empty.sql(Login::Service, &rows).await.unwrap_or_else(|error| panic!("{error}\n{rows}"));
    }
    let mut attacks = 0;
    for table in &owned {
        attacks += attack(&empty, table).await;
    }
    // Without a condition no policy for reading stands before the one for the change itself. Children go first; some of
    // the own rows may stay, where this login deletes none or another row refers to it.
    for table in owned.iter().rev() {
        for change in [format!("UPDATE {} SET note = 'reached'", table.name), format!("DELETE FROM {}", table.name)] {
            let _ = empty.sql(Login::App, &format!("SET waygate.tenant_id = '{ONE}'; {change}")).await;
            attacks += 1;
        }
    }
    for table in &owned {
        let kept =
            format!("SELECT count(*) FROM {} WHERE id = '{}' AND note = 'untouched'", table.name, key(OTHER, table));
        assert_eq!(empty.sql(Login::Admin, &kept).await.unwrap(), [[Some("1".to_owned())]], "{}", table.name);
    }
    attacks
}

#[test]
fn no_random_graph_of_models_lets_a_tenant_reach_another() {
    const CASES: u32 = 10;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (attacks, tables) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let result = runner.run(&vec(shape(), 1..MOST), |shapes| {
        tables.set(tables.get() + shapes.len() + 1);
        attacks.set(attacks.get() + runtime.block_on(run(&shapes)));
        Ok(())
    });
    report(format_args!(
        "random graphs of models: {CASES}, tables: {}, attacks by raw SQL: {}, leaks found: {}",
        tables.get(),
        attacks.get(),
        u8::from(result.is_err())
    ));
    result.unwrap_or_else(|error| panic!("{error}"));
}
