//! Tables, their columns and keys, indexes, triggers and domains.

use super::Mutation;
use super::statement::list_after;
use crate::support::waygate_schema::SCHEMA;

/// The columns and constraints of a model's table; the library's own tables hold no tenant's rows by key.
pub(super) fn of_table(table: &str, statement: &str) -> Vec<Mutation> {
    if !table.starts_with("public.") {
        return Vec::new();
    }
    let inner = &statement[statement.find("(\n").unwrap() + 2..statement.rfind("\n)").unwrap()];
    inner.split(",\n").flat_map(|line| of_line(table, line.trim())).collect()
}

fn of_line(table: &str, line: &str) -> Vec<Mutation> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let alter = |change: &str| format!("ALTER TABLE {table} {change}");
    match words.as_slice() {
        ["CONSTRAINT", name, "PRIMARY", ..] => {
            vec![Mutation::closing(table, alter(&format!("DROP CONSTRAINT {name} CASCADE")))]
        }
        ["CONSTRAINT", name, "UNIQUE", ..] => {
            vec![Mutation::opening(table, alter(&format!("DROP CONSTRAINT {name} CASCADE")))]
        }
        ["CONSTRAINT", name, "FOREIGN", ..] => of_foreign_key(table, name, line),
        [column, rest @ ..] if rest.join(" ").contains("current_setting(") => {
            let names = format!("column {column} of {table}");
            ["DROP NOT NULL", "DROP DEFAULT", "SET DEFAULT gen_random_uuid()"]
                .map(|change| Mutation::opening(&names, alter(&format!("ALTER COLUMN {column} {change}"))))
                .into()
        }
        // Other columns are no matter of isolation.
        _ => Vec::new(),
    }
}

fn of_foreign_key(table: &str, name: &str, line: &str) -> Vec<Mutation> {
    let columns = list_after(line, "FOREIGN KEY").unwrap();
    let parent = line.split("REFERENCES ").nth(1).unwrap().split(' ').next().unwrap();
    let parents = list_after(line, parent).unwrap();
    let names = format!("foreign key {name} on {table}");
    let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
    let add = |definition: &str| format!("{drop}; ALTER TABLE {table} ADD {definition}");
    let (on_delete, action) = line.split_once(" ON DELETE ").unwrap();
    let other = if action == "RESTRICT" { "CASCADE" } else { "RESTRICT" };
    let mut mutations = vec![
        Mutation::opening(&names, &drop),
        Mutation::opening(&names, add(&format!("{line} NOT VALID"))),
        Mutation::opening(&names, format!("RESET ROLE; ALTER TABLE {table} DISABLE TRIGGER ALL")),
        Mutation::closing(&names, add(&format!("{on_delete} ON DELETE {other}"))),
        Mutation::closing(&names, add(&format!("{line} DEFERRABLE INITIALLY DEFERRED"))),
    ];
    if let ([_tenant, column], [_, key]) = (columns.as_slice(), parents.as_slice()) {
        let plain = format!("CONSTRAINT plain FOREIGN KEY ({column}) REFERENCES {parent} ({key}) ON DELETE {action}");
        mutations.push(Mutation::opening(&names, add(&plain)));
        // On a table that an optional owner ties to its parent, the plain one beside it is the model's own.
        if !is_model_key(table, column) {
            let names = format!("foreign key plain on {table}");
            mutations.push(Mutation::opening(&names, add(&plain)));
            mutations.push(Mutation::opening(&names, format!("ALTER TABLE {table} ADD {plain}")));
        }
    }
    mutations
}

/// Whether the models render a reference over this column alone.
fn is_model_key(table: &str, column: &str) -> bool {
    let table = SCHEMA.table(table.trim_start_matches("public.")).unwrap();
    table.tenant_index().is_none() && table.foreign_keys.iter().any(|key| table.column_at(key.column).name == column)
}

/// A unique index without its tenant tells one tenant what another has.
pub(super) fn of_unique_index(name: &str, table: &str, statement: &str) -> Vec<Mutation> {
    let Some(model) = table.strip_prefix("public.").and_then(|table| SCHEMA.table(table)) else { return Vec::new() };
    let mut columns = list_after(statement, table).unwrap();
    let Some(tenant) = model.tenant_index().map(|tenant| model.column_at(tenant).name) else { return Vec::new() };
    let all = columns.len();
    columns.retain(|column| column != tenant);
    if columns.len() == all {
        return Vec::new();
    }
    let columns = columns.join(", ");
    let names = format!("index {name} on {table}");
    vec![Mutation::opening(
        names,
        format!("DROP INDEX public.{name}; CREATE UNIQUE INDEX {name} ON {table} ({columns})"),
    )]
}

pub(super) fn of_trigger(name: &str, table: &str) -> Vec<Mutation> {
    let names = format!("trigger {name} on {table}");
    vec![
        Mutation::closing(&names, format!("DROP TRIGGER {name} ON {table}")),
        Mutation::closing(&names, format!("ALTER TABLE {table} DISABLE TRIGGER {name}")),
    ]
}

pub(super) fn of_domain(name: &str, statement: &str) -> Vec<Mutation> {
    let constraint = statement.split("CONSTRAINT ").nth(1).unwrap().split_whitespace().next().unwrap();
    vec![Mutation::opening(format!("domain {name}"), format!("ALTER DOMAIN {name} DROP CONSTRAINT {constraint}"))]
}
