//! The condition that confines a statement to one tenant.
//!
//! Row security confines it too. The condition makes the planner's estimates right, and it is what makes a missing
//! tenant an error: a policy alone stays silent when no row is looked at.

use crate::row::key_param;
use crate::schema::{Scope, SqlType, Table};
use crate::value::{Param, TenantId};

use super::identifier::{ident, public};
use super::statement::Writer;

/// Writes the tenant's condition, or `true` where the handle reaches all tenants or the table has none.
pub(super) fn push_scope(out: &mut Writer, table: &Table, tenant: Option<TenantId>) {
    match tenant {
        Some(tenant) => push_owned(out, table, tenant),
        None => {
            out.push("true");
        }
    }
}

/// Writes the key of a parent if that is the tenant's, else NULL, which a `through` column refuses.
///
/// Row security says the same to a tenant's login, but says nothing to the service that writes for a tenant.
pub(super) fn push_parent(out: &mut Writer, parent: &Table, key: Param, tenant: TenantId) {
    let column = ident(parent.key_column().name);
    out.push(format_args!("(SELECT {column} FROM {} WHERE {column} = ", public(parent.name)));
    out.bind(key, &SqlType::Uuid).push(" AND ");
    push_owned(out, parent, tenant);
    out.push(")");
}

fn push_owned(out: &mut Writer, table: &Table, tenant: TenantId) {
    match table.scope {
        Scope::Shared => {
            out.push("true");
        }
        Scope::Key | Scope::Column(_) => {
            let column = table.tenant_index().map_or("id", |index| table.column_at(index).name);
            out.push(ident(column)).push(" = ").bind(key_param(&tenant), &SqlType::Uuid);
        }
        Scope::Through { column, .. } => {
            let Some(parent) = table.foreign_key(column).map(|key| (key.parent)()) else {
                // The derive refuses a `through` column without `belongs_to`; were there one, nothing is visible.
                out.push("false");
                return;
            };
            out.push(ident(table.column_at(column).name));
            out.push(format_args!(
                " IN (SELECT {} FROM {} WHERE ",
                ident(parent.key_column().name),
                public(parent.name)
            ));
            push_owned(out, parent, tenant);
            // The row has no tenant column whose comparison would raise, so the setting is compared itself.
            out.push(") AND ").bind_again(&SqlType::Uuid).push(" = current_setting('waygate.tenant_id')::uuid");
        }
    }
}
