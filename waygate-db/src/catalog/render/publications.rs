//! Publications.

use super::{Key, Outcome, list, literal, name, other, qualified};
use crate::catalog::{Publication, PublishedTable};

pub(super) fn create(key: &Key, it: &Publication) -> String {
    let content = content(it).map(|content| format!(" FOR {content}")).unwrap_or_default();
    format!("CREATE PUBLICATION {}{content} WITH ({})", name(key), options(it))
}

pub(super) fn alter(key: &Key, from: &Publication, to: &Publication) -> Outcome {
    if from.all_tables != to.all_tables {
        return Outcome::Rebuild;
    }
    let publication = |change: String| other(key, format!("ALTER PUBLICATION {} {change}", name(key)));
    let options = (options(from) != options(to)).then(|| publication(format!("SET ({})", options(to))));
    let differs = (&from.tables, &from.schemas) != (&to.tables, &to.schemas);
    match content(to) {
        None if differs => Outcome::Rebuild,
        content => {
            let content = content.filter(|_| differs).map(|content| publication(format!("SET {content}")));
            Outcome::of(options.into_iter().chain(content))
        }
    }
}

/// What is told of: all tables, or these tables and schemas.
fn content(it: &Publication) -> Option<String> {
    if it.all_tables {
        return Some("ALL TABLES".to_owned());
    }
    let tables: Vec<String> = it.tables.iter().map(table).collect();
    let tables = (!tables.is_empty()).then(|| format!("TABLE {}", tables.join(", ")));
    let schemas = (!it.schemas.is_empty()).then(|| format!("TABLES IN SCHEMA {}", list(&it.schemas)));
    let parts: Vec<String> = tables.into_iter().chain(schemas).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn table(it: &PublishedTable) -> String {
    let columns = it.columns.as_ref().map(|columns| format!(" ({})", list(columns))).unwrap_or_default();
    let condition = it.condition.as_ref().map(|condition| format!(" WHERE ({condition})")).unwrap_or_default();
    format!("{}{columns}{condition}", qualified(&it.table))
}

fn options(it: &Publication) -> String {
    let operations = it.operations.join(", ");
    format!("publish = {}, publish_via_partition_root = {}", literal(&operations), it.through_root)
}
