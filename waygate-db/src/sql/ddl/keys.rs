//! Primary keys, and the keys that let a foreign key carry the tenant.

use super::super::identifier::ident;
use super::layout::list;
use super::{Target, names};
use crate::schema::{Scope, Table};

/// A key of a table.
pub(crate) struct Key {
    /// The constraint's name.
    pub(crate) name: String,
    /// Whether it is the primary one.
    pub(crate) is_primary: bool,
    /// Its columns, in order.
    pub(crate) columns: Vec<&'static str>,
}

/// The primary key, and for a table with a tenant column `UNIQUE (tenant, key)`: what a composite foreign key of a
/// child refers to, there whether or not a child is. On a cluster, where every key holds the tenant, the two are one.
pub(crate) fn keys(table: &Table, target: Target<'_>) -> Vec<Key> {
    let key = table.key_column().name;
    let primary = |columns: Vec<&'static str>| {
        let name = names::derived(table.name, [], "pkey");
        Key { name, is_primary: true, columns }
    };
    let Scope::Column(tenant) = table.scope else { return vec![primary(vec![key])] };
    let columns = vec![table.column_at(tenant).name, key];
    if target.is_cluster() {
        return vec![primary(columns)];
    }
    let name = names::derived(table.name, columns.iter().copied(), "key");
    vec![primary(vec![key]), Key { name, is_primary: false, columns }]
}

/// The keys, as `CREATE TABLE` takes them.
pub(super) fn constraints(table: &Table, target: Target<'_>) -> Vec<String> {
    let constraint = |Key { name, is_primary, columns }: Key| {
        let kind = if is_primary { "PRIMARY KEY" } else { "UNIQUE" };
        format!("CONSTRAINT {} {kind} ({})", ident(&name), list(columns))
    };
    keys(table, target).into_iter().map(constraint).collect()
}
