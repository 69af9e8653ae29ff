//! One index, its fields resolved to columns and its name decided.

use super::{Field, Scope};
use crate::attr::{self, Method};
use crate::diagnostics::Diagnostics;
use crate::ir::model::find_field;

/// An index, resolved.
pub(crate) struct Index<'a> {
    /// The index as written, for errors.
    pub(crate) written: &'a attr::Index,
    /// Whether it stands on a field.
    pub(crate) on_field: bool,
    /// The name in the database.
    pub(crate) name: String,
    /// The columns, in order.
    pub(crate) columns: Vec<IndexColumn>,
    /// The access method.
    pub(crate) method: Method,
    /// Whether two rows may not hold the same values.
    pub(crate) unique: bool,
    /// The SQL condition of a partial index.
    pub(crate) predicate: Option<&'a str>,
}

/// One column of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IndexColumn {
    /// The column's place.
    pub(crate) column: usize,
    /// Whether it is stored from high to low.
    pub(crate) descending: bool,
}

impl<'a> Index<'a> {
    /// An index of the struct. A field that is not there is reported and left out.
    pub(super) fn on_struct(
        written: &'a attr::Index,
        table: &str,
        fields: &[Field<'_>],
        diagnostics: &Diagnostics,
    ) -> Self {
        let column = |part: &attr::IndexColumn| {
            let column = find_field(fields, &part.field, diagnostics)?;
            Some(IndexColumn { column, descending: part.descending })
        };
        let columns = written.columns.iter().filter_map(column).collect();
        Self::named(written, false, table, fields, columns)
    }

    /// An index of one field. A unique one is unique within the tenant: across tenants, a duplicate would tell that
    /// another tenant has the value.
    pub(super) fn on_field(
        written: &'a attr::Index,
        place: usize,
        table: &str,
        fields: &[Field<'_>],
        scope: Scope,
    ) -> Self {
        let descending = written.descending.is_some();
        let column = IndexColumn { column: place, descending };
        let columns = match scope.owning_column() {
            Some(owner) if written.unique && owner != place => {
                vec![IndexColumn { column: owner, descending: false }, column]
            }
            _ => vec![column],
        };
        Self::named(written, true, table, fields, columns)
    }

    fn named(
        written: &'a attr::Index,
        on_field: bool,
        table: &str,
        fields: &[Field<'_>],
        columns: Vec<IndexColumn>,
    ) -> Self {
        let name = written
            .name
            .as_ref()
            .map_or_else(|| default_name(table, fields, &columns, written.unique), |name| name.value.clone());
        Self {
            written,
            on_field,
            name,
            columns,
            method: written.method.as_ref().map_or(Method::Btree, |method| method.value),
            unique: written.unique,
            predicate: written.predicate.as_ref().map(|sql| sql.value.as_str()),
        }
    }
}

/// `<table>_<columns>_idx`, or `_key` for a unique one.
fn default_name(table: &str, fields: &[Field<'_>], columns: &[IndexColumn], unique: bool) -> String {
    let columns = columns.iter().filter_map(|part| fields.get(part.column)).map(|field| field.column.as_str());
    let suffix = if unique { "key" } else { "idx" };
    let parts: Vec<&str> = [table].into_iter().chain(columns).chain([suffix]).collect();
    parts.join("_")
}
