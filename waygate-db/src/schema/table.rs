//! One table: its columns, scope, keys and indexes.

use super::{Column, ColumnRole};

/// A table reached through a function, so that tables may refer to one another.
pub type TableRef = fn() -> &'static Table;

/// One table, from `#[derive(Model)]`.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The name in the database; the table stands in schema `public`.
    pub name: &'static str,
    /// The Rust struct.
    pub model: &'static str,
    /// Whose data it is.
    pub scope: Scope,
    /// The columns, in the struct's order; after them the blind indexes, which are no fields.
    pub columns: &'static [Column],
    /// Which column is the primary key.
    pub key: usize,
    /// The indexes that the model declares, unique ones included; the composite tenant key is derived from `scope`.
    pub indexes: &'static [Index],
    /// The foreign keys that the model declares.
    pub foreign_keys: &'static [ForeignKey],
    /// The relations to children.
    pub has_many: &'static [HasMany],
    /// Whether rows are only ever inserted and read.
    pub append_only: bool,
    /// Which columns `waygate.tenant_for_key` looks a tenant up by, on the tenant table alone.
    pub login: Option<Login>,
    /// The table's earlier name, for the migration that renames it.
    pub renamed_from: Option<&'static str>,
    /// What the table holds, from the struct's doc comment.
    pub comment: Option<&'static str>,
    /// Where the struct is declared: file and line.
    pub declared_at: (&'static str, u32),
}

impl Table {
    /// The primary key's column.
    #[must_use]
    pub fn key_column(&self) -> &'static Column {
        self.column_at(self.key)
    }

    /// The column that holds the row's tenant, if the row itself says whose it is.
    #[must_use]
    pub fn tenant_index(&self) -> Option<usize> {
        match self.scope {
            Scope::Key => Some(self.key),
            Scope::Column(index) => Some(index),
            Scope::Shared | Scope::Through { .. } => None,
        }
    }

    /// Whether each row is some tenant's.
    #[must_use]
    pub fn has_tenant(&self) -> bool {
        self.scope != Scope::Shared
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column at this place.
    ///
    /// # Panics
    ///
    /// When the metadata names a column that is not there, which the derive never writes.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "the derive writes indices of its own columns")]
    pub fn column_at(&self, index: usize) -> &'static Column {
        &self.columns[index]
    }

    /// Whether the table has a column that a trigger keeps at the time of the last update.
    #[must_use]
    pub fn has_updated_at(&self) -> bool {
        self.columns.iter().any(|column| column.role == ColumnRole::UpdatedAt)
    }

    /// Whether any column holds sealed values.
    #[must_use]
    pub fn has_encrypted(&self) -> bool {
        self.columns.iter().any(|column| column.encryption.is_some())
    }

    /// The foreign key over this column.
    #[must_use]
    pub fn foreign_key(&self, column: usize) -> Option<&'static ForeignKey> {
        self.foreign_keys.iter().find(|key| key.column == column)
    }
}

/// Whose data a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Reference data: everyone reads, only the service writes.
    Shared,
    /// The tenant table: each row is its own tenant, by its key.
    Key,
    /// Each row names its tenant in this column.
    Column(usize),
    /// Each row belongs to the tenant of its parent.
    Through {
        /// The column that refers to the parent.
        column: usize,
        /// A nullable column that, when set, must be the parent's tenant.
        owner: Option<usize>,
    },
}

/// The columns by which an API key finds its tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Login {
    /// The column of the key's hash.
    pub hash: usize,
    /// The columns of the key before, if a rotation keeps it live for a while.
    pub previous: Option<PreviousKey>,
}

/// The columns of a key that a rotation replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviousKey {
    /// The column of its hash.
    pub hash: usize,
    /// The column of the time until which it is live.
    pub expires_at: usize,
}

impl Login {
    /// All of these columns.
    pub fn columns(self) -> impl Iterator<Item = usize> {
        let previous = self.previous.map(|previous| [previous.hash, previous.expires_at]);
        [self.hash].into_iter().chain(previous.into_iter().flatten())
    }
}

/// A reference to a parent's primary key.
///
/// When both tables carry a tenant column it is rendered as the composite `(tenant, column) → parent (tenant, key)`,
/// so that a child cannot point at another tenant's parent.
#[derive(Debug, Clone, Copy)]
pub struct ForeignKey {
    /// The referring column.
    pub column: usize,
    /// The table referred to.
    pub parent: TableRef,
    /// What happens to the row when its parent is deleted.
    pub on_delete: OnDelete,
}

/// What happens to a row when its parent is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// The parent cannot be deleted while the row is there.
    Restrict,
    /// The row is deleted too.
    Cascade,
    /// The reference becomes NULL.
    SetNull,
}

/// A relation from a parent to its children.
#[derive(Debug, Clone, Copy)]
pub struct HasMany {
    /// The relation's name.
    pub name: &'static str,
    /// The children's table.
    pub child: TableRef,
}

/// An index, unique or not.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// The name in the database.
    pub name: &'static str,
    /// The columns, in order.
    pub columns: &'static [IndexColumn],
    /// The access method.
    pub method: IndexMethod,
    /// Whether two rows may not hold the same values.
    pub unique: bool,
    /// The SQL condition of a partial index.
    pub predicate: Option<&'static str>,
}

/// One column of an index.
#[derive(Debug, Clone, Copy)]
pub struct IndexColumn {
    /// The column.
    pub column: usize,
    /// Whether it is stored from high to low.
    pub descending: bool,
}

/// An index's access method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexMethod {
    /// Ordered; the default.
    Btree,
    /// Inverted: arrays and JSON.
    Gin,
}
