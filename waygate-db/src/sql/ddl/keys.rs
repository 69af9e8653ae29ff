//! Primary keys, and the keys that let a foreign key carry the tenant.

use super::super::identifier::ident;
use super::layout::list;
use super::names;
use crate::schema::{Scope, Table};

/// The primary key, and for a table with a tenant column `UNIQUE (tenant, key)`: what a composite foreign key of a
/// child refers to, there whether or not a child is.
pub(super) fn constraints(table: &Table) -> Vec<String> {
    let key = table.key_column().name;
    let primary = format!("CONSTRAINT {} PRIMARY KEY ({})", ident(&names::derived(table.name, [], "pkey")), ident(key));
    let tenant_key =
        tenant_key(table).map(|(name, columns)| format!("CONSTRAINT {} UNIQUE ({})", ident(&name), list(columns)));
    [primary].into_iter().chain(tenant_key).collect()
}

/// The name and columns of the key over tenant and primary key, for a table with a tenant column.
fn tenant_key(table: &Table) -> Option<(String, [&'static str; 2])> {
    let Scope::Column(tenant) = table.scope else { return None };
    let columns = [table.column_at(tenant).name, table.key_column().name];
    Some((names::derived(table.name, columns, "key"), columns))
}
