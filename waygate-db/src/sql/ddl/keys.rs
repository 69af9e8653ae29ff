//! Primary keys, and the keys that let a foreign key carry the tenant.

use super::super::identifier::ident;
use super::layout::list;
use super::{Target, names};
use crate::schema::{Scope, Table};

/// The primary key, and for a table with a tenant column `UNIQUE (tenant, key)`: what a composite foreign key of a
/// child refers to, there whether or not a child is. On a cluster, where every key holds the tenant, the two are one.
pub(super) fn constraints(table: &Table, target: Target<'_>) -> Vec<String> {
    let primary = |columns: &[&str]| {
        let name = names::derived(table.name, [], "pkey");
        format!("CONSTRAINT {} PRIMARY KEY ({})", ident(&name), list(columns.iter().copied()))
    };
    match tenant_key(table) {
        Some((_, columns)) if target.is_cluster() => vec![primary(&columns)],
        Some((name, columns)) => {
            let unique = format!("CONSTRAINT {} UNIQUE ({})", ident(&name), list(columns));
            vec![primary(&[table.key_column().name]), unique]
        }
        None => vec![primary(&[table.key_column().name])],
    }
}

/// The name and columns of the key over tenant and primary key, for a table with a tenant column.
fn tenant_key(table: &Table) -> Option<(String, [&'static str; 2])> {
    let Scope::Column(tenant) = table.scope else { return None };
    let columns = [table.column_at(tenant).name, table.key_column().name];
    Some((names::derived(table.name, columns, "key"), columns))
}
