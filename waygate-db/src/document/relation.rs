//! How tables refer to one another, and how many rows stand on each side.

use crate::schema::{Index, OnDelete, Scope, Table};

/// A reference from a child to its parent, as the model declares it.
pub(super) struct Relation {
    /// The table that refers.
    pub(super) child: &'static Table,
    /// The place of the referring column.
    pub(super) column: usize,
    /// The table referred to.
    pub(super) parent: &'static Table,
    /// Whether a child may be without a parent.
    pub(super) is_optional: bool,
    /// Whether a parent has at most one such child.
    pub(super) is_single: bool,
    /// What happens to the child when its parent is deleted.
    pub(super) on_delete: OnDelete,
}

/// The references of a table, in the order in which its model declares them.
pub(super) fn relations(child: &'static Table) -> Vec<Relation> {
    let relation = |key: &crate::schema::ForeignKey| Relation {
        child,
        column: key.column,
        parent: (key.parent)(),
        is_optional: child.column_at(key.column).nullable,
        is_single: is_unique(child, key.column),
        on_delete: key.on_delete,
    };
    child.foreign_keys.iter().map(relation).collect()
}

impl Relation {
    /// What is on each side, in words.
    pub(super) fn in_words(&self) -> String {
        let (child, parent) = (self.child, self.parent);
        let needs = if self.is_optional { "may be without" } else { "always has" };
        let end = match self.on_delete {
            OnDelete::Restrict => "keeps it from being deleted",
            OnDelete::Cascade => "is deleted with it",
            OnDelete::SetNull => "forgets it when it is deleted",
        };
        let column = child.column_at(self.column).name;
        format!("{}.{column} → {}.{}: {needs} one, {end}", child.name, parent.name, parent.key_column().name)
    }
}

/// What a column is among its table's keys: `PK`, `FK` and `UK`.
pub(super) fn marks(table: &Table, column: usize) -> Vec<&'static str> {
    let marks =
        [("PK", table.key == column), ("FK", table.foreign_key(column).is_some()), ("UK", is_unique(table, column))];
    marks.into_iter().filter(|(_, holds)| *holds).map(|(mark, _)| mark).collect()
}

/// Whether a value stands in one row alone: of all, or of those of its owner.
fn is_unique(table: &Table, column: usize) -> bool {
    let owner = match table.scope {
        Scope::Column(owner) | Scope::Through { column: owner, .. } => Some(owner),
        Scope::Shared | Scope::Key => None,
    };
    let is_over_it = |index: &Index| {
        let mut others =
            index.columns.iter().map(|one| one.column).filter(|other| Some(*other) != owner || *other == column);
        others.next() == Some(column) && others.next().is_none()
    };
    table.indexes.iter().any(|index| index.unique && index.predicate.is_none() && is_over_it(index))
}
