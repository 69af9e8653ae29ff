//! Which tables fit on a cluster: where Citus keeps the rows of each, and why it cannot keep those of others.
//!
//! The rules are Citus's own. A table without a tenant, and the tenant table, is copied to every node (a *reference
//! table*). The others are spread by their tenant, one tenant's rows of all tables on one node, so that joins, foreign
//! keys and policies are settled there.

use serde::Serialize;

use super::ddl::foreign_keys::{self, Reference};
use crate::schema::{Dialect, Index, OnDelete, Schema, Scope, Table};

/// A model whose table a kind of server cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// The table's name.
    pub table: &'static str,
    /// The Rust struct.
    pub model: &'static str,
    /// Where the struct is declared, as `file:line`.
    pub declared_at: String,
    /// Why it does not fit.
    pub reasons: Vec<String>,
}

/// The models that this kind of server cannot hold, in the schema's order. Only Citus has any: it spreads rows by their
/// tenant, and keeps no promise between rows on different nodes.
///
/// ```
/// use waygate_db::{Dialect, Id, Model, Schema, TenantId, schema_check};
/// # #[derive(Model)] #[model(table = "tenants")] struct Tenant { #[model(key, tenant)] id: TenantId, name: String }
/// # #[derive(Model)] #[model(table = "notes")] struct Note {
/// #     #[model(key)] id: Id<Note>,
/// #     #[model(tenant, belongs_to(Tenant))] tenant_id: TenantId,
/// # }
/// #[derive(Model)]
/// #[model(table = "lines", tenant(through = note_id))]
/// struct Line {
///     #[model(key)]
///     id: Id<Line>,
///     #[model(belongs_to(Note, on_delete = cascade))]
///     note_id: Id<Note>,
/// }
///
/// static SCHEMA: Schema = waygate_db::schema![Tenant, Note, Line];
/// let misfits = schema_check(&SCHEMA, &Dialect::Citus);
/// assert_eq!(misfits.len(), 1);
/// assert!(misfits[0].reasons[0].contains("through note_id, and name none"));
/// assert!(schema_check(&SCHEMA, &Dialect::Postgres).is_empty());
/// ```
#[must_use]
pub fn schema_check(schema: &Schema, dialect: &Dialect) -> Vec<Misfit> {
    if *dialect != Dialect::Citus {
        return Vec::new();
    }
    let tables: Vec<&'static Table> = schema.tables().collect();
    let mut found: Vec<Misfit> = tables.iter().filter_map(|table| Misfit::new(table, own_reasons(table))).collect();
    // A table that refers to one that is left out is left out too, and so on.
    loop {
        let is_out = |name: &str| found.iter().any(|misfit| misfit.table == name);
        let orphans: Vec<Misfit> = tables
            .iter()
            .filter(|table| !is_out(table.name))
            .filter_map(|table| {
                let lost = foreign_keys::references(table).into_iter().filter(|key| is_out(key.parent.name));
                Misfit::new(
                    table,
                    lost.map(|key| format!("it refers to {}, which does not fit", key.parent.name)).collect(),
                )
            })
            .collect();
        if orphans.is_empty() {
            break;
        }
        found.extend(orphans);
    }
    found.sort_by_key(|misfit| tables.iter().position(|table| table.name == misfit.table));
    found
}

impl Misfit {
    /// A misfit, if there is any reason.
    fn new(table: &Table, reasons: Vec<String>) -> Option<Self> {
        let (file, line) = table.declared_at;
        let Table { name, model, .. } = *table;
        (!reasons.is_empty()).then(|| Self { table: name, model, declared_at: format!("{file}:{line}"), reasons })
    }
}

/// Why a table does not fit, whatever the others do.
fn own_reasons(table: &Table) -> Vec<String> {
    let references = foreign_keys::references(table);
    match table.scope {
        Scope::Shared | Scope::Key => references.iter().filter_map(replicated_to_spread).collect(),
        Scope::Column(tenant) => {
            let unique = table.indexes.iter().filter_map(|index| unique_without_tenant(table, index, tenant));
            let references = references.iter().filter_map(|key| apart(key, table.column_at(tenant).name));
            unique.chain(references).collect()
        }
        // The policy would need a sub-select, and there is no column to spread the rows by.
        Scope::Through { column, .. } => {
            let column = table.column_at(column).name;
            vec![format!(
                "its rows belong to their parent's tenant, through {column}, and name none: mark a column of it \
                 #[model(tenant)]"
            )]
        }
    }
}

/// Uniqueness is checked on one node, so it has to be uniqueness within a tenant.
fn unique_without_tenant(table: &Table, index: &Index, tenant: usize) -> Option<String> {
    let holds_tenant = index.columns.iter().any(|column| column.column == tenant);
    (index.unique && !holds_tenant).then(|| {
        format!(
            "its unique index {} does not hold {}: rows on different nodes cannot be compared",
            index.name,
            table.column_at(tenant).name
        )
    })
}

/// A copy on every node cannot be checked against rows that are on one.
fn replicated_to_spread(key: &Reference) -> Option<String> {
    matches!(key.parent.scope, Scope::Column(_)).then(|| {
        format!("it is copied to every node and refers to {}, whose rows are spread by their tenant", key.parent.name)
    })
}

/// A spread row refers to a copied table, or to a row on its own node: by a key that holds the tenant in the same place
/// on both sides. Citus refuses SET NULL in such a key even for its other columns.
fn apart(key: &Reference, tenant: &str) -> Option<String> {
    let Reference { columns, parent, parent_columns, on_delete, .. } = key;
    let place = columns.iter().position(|column| *column == tenant);
    if let Scope::Column(parents) = parent.scope
        && (place.is_none() || place != parent_columns.iter().position(|name| *name == parent.column_at(parents).name))
    {
        return Some(format!(
            "its reference {} to {} does not carry the tenant: the two rows may be on different nodes",
            columns.join(", "),
            parent.name
        ));
    }
    (place.is_some() && *on_delete == OnDelete::SetNull).then(|| {
        format!(
            "its reference {} to {} is set to NULL on delete, which Citus refuses where a key holds the tenant: \
             use cascade or restrict",
            columns.join(", "),
            parent.name
        )
    })
}
