//! Foreign keys, which carry the tenant wherever both tables have one.
//!
//! PostgreSQL checks and cascades foreign keys past row security. A plain one would let a row point at another tenant's
//! parent, and would tell by its error whether that parent exists. With the tenant in the key a foreign parent is as
//! good as missing.

use super::super::identifier::ident;
use super::layout::list;
use super::{Target, names};
use crate::schema::{ForeignKey, OnDelete, Scope, Table};

/// A foreign key as it is rendered.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// The constraint's name.
    pub(crate) name: String,
    /// The referring columns.
    pub(crate) columns: Vec<&'static str>,
    /// The table referred to.
    pub(crate) parent: &'static Table,
    /// The parent's columns.
    pub(crate) parent_columns: Vec<&'static str>,
    /// What happens to the row when its parent is deleted.
    pub(crate) on_delete: OnDelete,
}

/// The foreign keys of a table, in the order in which its model declares them.
pub(crate) fn references(table: &Table) -> Vec<Reference> {
    table.foreign_keys.iter().flat_map(|key| references_of(table, key)).collect()
}

/// What one declared foreign key becomes: itself, and for a row owned through its parent a second one, which makes an
/// owner that is set the parent's. MATCH SIMPLE leaves an owner of NULL alone.
fn references_of(table: &Table, key: &ForeignKey) -> Vec<Reference> {
    let parent = (key.parent)();
    let parent_tenant = match parent.scope {
        Scope::Column(tenant) => Some(parent.column_at(tenant).name),
        Scope::Shared | Scope::Key | Scope::Through { .. } => None,
    };
    let plain = || reference(table, key, parent, None);
    match (table.scope, parent_tenant) {
        (Scope::Column(tenant), Some(parent_tenant)) if tenant != key.column => {
            vec![reference(table, key, parent, Some((table.column_at(tenant).name, parent_tenant)))]
        }
        (Scope::Through { column, owner: Some(owner) }, Some(parent_tenant)) if column == key.column => {
            vec![plain(), reference(table, key, parent, Some((table.column_at(owner).name, parent_tenant)))]
        }
        _ => vec![plain()],
    }
}

/// A reference to the parent's key, with these columns of child and parent before it if the tenant goes along.
fn reference(
    table: &Table,
    key: &ForeignKey,
    parent: &'static Table,
    tenant: Option<(&'static str, &'static str)>,
) -> Reference {
    let column = table.column_at(key.column).name;
    let columns: Vec<_> = tenant.map(|(own, _)| own).into_iter().chain([column]).collect();
    let parent_columns = tenant.map(|(_, parents)| parents).into_iter().chain([parent.key_column().name]).collect();
    let name = names::derived(table.name, columns.iter().copied(), "fkey");
    Reference { name, columns, parent, parent_columns, on_delete: key.on_delete }
}

impl Reference {
    /// The constraint, as `CREATE TABLE` and `ADD` take it.
    pub(crate) fn constraint(&self, target: Target<'_>) -> String {
        format!(
            "CONSTRAINT {} FOREIGN KEY ({})\n        REFERENCES {} ({}) ON DELETE {}",
            ident(&self.name),
            list(self.columns.iter().copied()),
            target.name(self.parent.name),
            list(self.parent_columns.iter().copied()),
            self.action(),
        )
    }

    /// `ALTER TABLE` that adds the constraint.
    pub(crate) fn add_to(&self, table: &Table, target: Target<'_>) -> String {
        format!("ALTER TABLE {}\n    ADD {};", target.name(table.name), self.constraint(target))
    }

    /// What follows `ON DELETE`. A composite key forgets its parent, never its tenant.
    pub(crate) fn action(&self) -> String {
        match (self.on_delete, self.columns.as_slice()) {
            (OnDelete::Restrict, _) => "RESTRICT".to_owned(),
            (OnDelete::Cascade, _) => "CASCADE".to_owned(),
            (OnDelete::SetNull, [_tenant, column]) => format!("SET NULL ({})", ident(column)),
            (OnDelete::SetNull, _) => "SET NULL".to_owned(),
        }
    }
}
