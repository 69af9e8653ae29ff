//! The schema as data, for `waygate schema list --json`.

use serde::Serialize;

use super::ddl::foreign_keys::{self, Reference};
use super::ddl::{Target, tables};
use crate::schema::{Column, Dialect, Index, IndexMethod, OnDelete, Schema, Scope, Table};

/// One table of a schema, as its DDL makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableSummary {
    /// The table's name.
    pub table: &'static str,
    /// The Rust struct.
    pub model: &'static str,
    /// Whose data it is.
    pub scope: ScopeSummary,
    /// The columns, in order.
    pub columns: Vec<ColumnSummary>,
    /// The names of the columns that hold sealed values.
    pub encrypted: Vec<&'static str>,
    /// The names of those that are searched by a blind index.
    pub searchable: Vec<&'static str>,
    /// The indexes that the model declares.
    pub indexes: Vec<IndexSummary>,
    /// The foreign keys, as rendered: with the tenant where they carry it.
    pub foreign_keys: Vec<ForeignKeySummary>,
    /// Whether rows are only ever inserted and read.
    pub append_only: bool,
}

/// Whose data a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScopeSummary {
    /// Reference data: everyone reads, only the service writes.
    Shared,
    /// Each row is its own tenant.
    Key {
        /// The key's column.
        column: &'static str,
    },
    /// Each row names its tenant.
    Column {
        /// The tenant's column.
        column: &'static str,
    },
    /// Each row belongs to the tenant of its parent.
    Through {
        /// The column that refers to the parent.
        column: &'static str,
        /// The column that, when set, must be the parent's tenant.
        owner: Option<&'static str>,
    },
}

impl std::fmt::Display for ScopeSummary {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shared => out.write_str("shared"),
            Self::Key { column } | Self::Column { column } => out.write_str(column),
            Self::Through { column, .. } => write!(out, "through {column}"),
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnSummary {
    /// The column's name.
    pub name: &'static str,
    /// The SQL type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// The SQL expression of the default.
    pub default: Option<String>,
}

/// One index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndexSummary {
    /// The index's name.
    pub name: &'static str,
    /// The columns, in order; those stored from high to low end in ` DESC`.
    pub columns: Vec<String>,
    /// The access method.
    pub method: &'static str,
    /// Whether two rows may not hold the same values.
    pub unique: bool,
    /// The condition of a partial index.
    #[serde(rename = "where")]
    pub predicate: Option<&'static str>,
}

/// One foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignKeySummary {
    /// The constraint's name.
    pub name: String,
    /// The referring columns.
    pub columns: Vec<&'static str>,
    /// The table referred to.
    pub parent: &'static str,
    /// The parent's columns.
    pub parent_columns: Vec<&'static str>,
    /// What happens to the row when its parent is deleted.
    pub on_delete: &'static str,
}

/// The tables of a schema, parents first.
///
/// ```
/// # use waygate_db::Schema;
/// assert!(waygate_db::schema_list(&Schema::new(&[])).is_empty());
/// ```
#[must_use]
pub fn schema_list(schema: &Schema) -> Vec<TableSummary> {
    schema.tables().map(summary).collect()
}

fn summary(table: &'static Table) -> TableSummary {
    let sealed = table.columns.iter().filter(|column| column.encryption.is_some());
    let searched = table.columns.iter().filter(|column| column.encryption.is_some_and(|one| one.search.is_some()));
    TableSummary {
        table: table.name,
        model: table.model,
        scope: scope(table),
        columns: table.columns.iter().map(column).collect(),
        encrypted: sealed.map(|column| column.name).collect(),
        searchable: searched.map(|column| column.name).collect(),
        indexes: table.indexes.iter().map(|declared| index(table, declared)).collect(),
        foreign_keys: foreign_keys::references(table).into_iter().map(foreign_key).collect(),
        append_only: table.append_only,
    }
}

fn scope(table: &Table) -> ScopeSummary {
    let name = |index: usize| table.column_at(index).name;
    match table.scope {
        Scope::Shared => ScopeSummary::Shared,
        Scope::Key => ScopeSummary::Key { column: table.key_column().name },
        Scope::Column(column) => ScopeSummary::Column { column: name(column) },
        Scope::Through { column, owner } => ScopeSummary::Through { column: name(column), owner: owner.map(name) },
    }
}

fn column(column: &Column) -> ColumnSummary {
    ColumnSummary {
        name: column.name,
        ty: column.ty.to_string(),
        nullable: column.nullable,
        default: tables::default(column, Target::public(&Dialect::Postgres)),
    }
}

fn index(table: &Table, index: &Index) -> IndexSummary {
    let entry = |column: &crate::schema::IndexColumn| {
        let order = if column.descending { " DESC" } else { "" };
        format!("{}{order}", table.column_at(column.column).name)
    };
    IndexSummary {
        name: index.name,
        columns: index.columns.iter().map(entry).collect(),
        method: match index.method {
            IndexMethod::Btree => "btree",
            IndexMethod::Gin => "gin",
        },
        unique: index.unique,
        predicate: index.predicate,
    }
}

fn foreign_key(key: Reference) -> ForeignKeySummary {
    ForeignKeySummary {
        name: key.name,
        columns: key.columns,
        parent: key.parent.name,
        parent_columns: key.parent_columns,
        on_delete: match key.on_delete {
            OnDelete::Restrict => "restrict",
            OnDelete::Cascade => "cascade",
            OnDelete::SetNull => "set null",
        },
    }
}
