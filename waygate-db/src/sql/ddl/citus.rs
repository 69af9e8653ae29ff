//! What Citus needs beside the tables: which of them are copied to every node and which are spread by their tenant.
//!
//! The order of a table's statements follows from how Citus distributes one. `create_distributed_table` and
//! `create_reference_table` copy to the shards the columns with their types, defaults and storage, the table's rights,
//! row security with its policies, the indexes and keys. All these stand *before* the call:
//!
//! - storage, because Citus refuses `SET STORAGE` afterwards;
//! - rights, of the whole table alone: before Citus 13.1 those of single columns are not copied, and refused
//!   afterwards; in any version a shard's INSERT names the columns that the coordinator filled from their defaults, the
//!   tenant's among them, so a right on these could be withheld from nobody;
//! - policies, without a sub-select; indexes, the unique ones with the tenant;
//! - defaults: the one that stamps the tenant may be, as `current_setting` is, no constant, because the coordinator
//!   evaluates it before it chooses the shard;
//! - domains and enums, which Citus takes to the other nodes as it does the schema.
//!
//! Foreign keys stand *after* it, a statement each: both tables have to be known to Citus, and a plain table with a
//! reference to a copied one would become a table of a third kind in between. For the same reason a parent is
//! distributed before its child. There are no triggers: Citus refuses them.

use super::super::identifier::literal;
use super::super::placement::Misfit;
use super::Target;
use crate::schema::{Scope, Table};

/// What stands before everything else.
const PRELUDE: &str = include_str!("citus.sql");

/// The statements before the library's objects, on a cluster.
pub(super) fn prelude(target: Target<'_>) -> Option<String> {
    target.is_cluster().then(|| PRELUDE.trim_end().to_owned())
}

/// The call that makes Citus keep the table's rows; a copy of the tables stays where it is. The first table that is
/// spread starts a group, whatever else the cluster holds, and the others join it.
pub(super) fn distribution(table: &Table, first_spread: Option<&Table>, target: Target<'_>) -> Vec<String> {
    if !target.is_cluster() || target.is_copy() {
        return Vec::new();
    }
    let qualified = |table: &Table| target.name(table.name);
    let name = qualified(table);
    match table.scope {
        Scope::Shared | Scope::Key => vec![format!("SELECT create_reference_table({});", literal(&name))],
        Scope::Column(tenant) => {
            let group = first_spread.map(qualified).filter(|first| *first != name).unwrap_or_else(|| "none".to_owned());
            let column = table.column_at(tenant).name;
            vec![format!(
                "SELECT create_distributed_table({}, {}, colocate_with => {});",
                literal(&name),
                literal(column),
                literal(&group)
            )]
        }
        // Such a table does not fit and is left out.
        Scope::Through { .. } => Vec::new(),
    }
}

/// These statements, for the coordinator alone: the other nodes ask for no tenant's key.
pub(super) fn on_coordinator(statements: Vec<String>) -> Vec<String> {
    let propagation = |state: &str| format!("SET LOCAL citus.enable_ddl_propagation = '{state}';");
    ["-- The coordinator alone answers a login.".to_owned(), propagation("off")]
        .into_iter()
        .chain(statements)
        .chain([propagation("on")])
        .collect()
}

/// In place of a table that does not fit: that it is left out, and why.
pub(super) fn left_out(misfit: &Misfit) -> String {
    let heading = format!("-- {} ({}) does not fit on a cluster and is left out:", misfit.table, misfit.model);
    let reasons = misfit.reasons.iter().map(|reason| format!("--   {reason}"));
    [heading].into_iter().chain(reasons).collect::<Vec<_>>().join("\n")
}
