//! What an operation's statements are, and how each has to answer in a tenant's session.
//!
//! Without a tenant every one of them has to be refused. The statements stand in [`reads`] and [`writes`].

mod reads;
mod writes;

use super::Operation;
use super::keys::{Keys, Who};
use super::rows::{Values, of_parent, parent_of};
use crate::schema::{ColumnRole, Scope, SqlType, Table};
use crate::sql::ddl::Target;
use crate::sql::identifier::ident;

/// Statements, and the answer that keeps tenants apart.
#[derive(Debug, Clone)]
pub(super) enum Trial {
    /// Shows one row, this one, which is the tenant's own.
    Shows { sql: String, row: Vec<String> },
    /// Shows nothing.
    ShowsNothing { sql: String },
    /// Copies out lines that are all this one, and at least one.
    CopiesOut { sql: String, line: String },
    /// Works on one row of the tenant's own: the control. A parent that its children hold may refuse.
    Works { sql: String },
    /// Answers for the other tenant's row as for one that is not there, and changes nothing.
    IsBlind { foreign: String, missing: String },
    /// Changes nothing, whether or not it is refused.
    ChangesNothing { sql: String },
    /// Is refused.
    IsRefused { sql: String },
    /// Locks the table, which is only told.
    Locks { sql: String },
}

/// A model, two tenants, and the statements between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) table: &'static Table,
    pub(super) target: Target<'a>,
    pub(super) keys: Keys,
    pub(super) own: Who,
    pub(super) other: Who,
}

impl Case<'_> {
    /// The statements of an operation; none where it says nothing about the model.
    pub(super) fn trials(&self, operation: Operation) -> Vec<Trial> {
        match operation {
            Operation::Select => self.select(),
            Operation::PointSelect => self.point_select(),
            Operation::Count => self.count(),
            Operation::Join => self.joins(),
            Operation::Insert => self.insert(),
            Operation::InsertForAnother => self.insert_for_another(),
            Operation::Update => self.update(),
            Operation::Move => self.moves(),
            Operation::Delete => self.delete(),
            Operation::Upsert => self.upsert(),
            Operation::Merge => self.merge(),
            Operation::ForeignParent => self.foreign_parents(),
            Operation::Truncate => vec![Trial::IsRefused { sql: format!("TRUNCATE {}", self.name()) }],
            Operation::Copy => self.copy_out(),
            Operation::ForUpdate => self.for_update(),
            Operation::Lock => {
                let sql = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE NOWAIT", self.name());
                vec![Trial::Locks { sql }]
            }
        }
    }

    /// The control on the own row, and the other's row beside one that is not there.
    fn blind(&self, of: impl Fn(Who) -> String) -> Vec<Trial> {
        vec![Trial::Works { sql: of(self.own) }, Trial::IsBlind { foreign: of(self.other), missing: of(Who::Missing) }]
    }

    /// What nobody may do here, not even to the own row.
    fn refused_on_both(&self, of: impl Fn(Who) -> String) -> Vec<Trial> {
        [self.own, self.other].map(|who| Trial::IsRefused { sql: of(who) }).into()
    }

    fn set(&self, column: &str, value: &str, who: Who) -> String {
        format!("UPDATE {} SET {column} = {value} WHERE {}", self.name(), self.is(who))
    }

    /// A row that is not there yet: the own parents', with the other's values.
    fn new_row(&self) -> Values {
        Values { key: Who::New, parents: self.own, data: self.other }
    }

    /// The columns that refer to a parent, but for the one that names the tenant.
    fn parents(&self) -> Vec<(usize, &'static Table)> {
        let columns = (0..self.table.columns.len()).filter(|index| Some(*index) != self.table.tenant_index());
        columns.filter_map(|index| Some((index, parent_of(self.table, index)?))).collect()
    }

    fn is_insertable(&self) -> bool {
        matches!(self.table.scope, Scope::Column(_) | Scope::Through { .. })
    }

    fn is_deletable(&self) -> bool {
        self.is_insertable() && !self.table.append_only
    }

    /// A column that the tenant may change: none of a log, of reference data, nor what is unique over tenants.
    fn changeable(&self) -> Option<String> {
        let table = self.table;
        if table.append_only || !table.has_tenant() {
            return None;
        }
        let is_free = |index: usize| table.scope != Scope::Key || !table.is_global(index);
        let mut columns = table.columns.iter().enumerate();
        let (_, column) = columns.find(|(index, column)| {
            column.role == ColumnRole::Data
                && is_free(*index)
                && table.foreign_key(*index).is_none()
                && !matches!(table.scope, Scope::Through { owner: Some(owner), .. } if owner == *index)
                && !matches!(column.ty, SqlType::Named(_))
        })?;
        Some(ident(column.name).to_string())
    }

    fn both(&self) -> String {
        let [own, other] = [self.own, self.other].map(|who| self.keys.row(self.table, of_parent(self.table, who)));
        format!("{} IN ('{own}', '{other}')", self.key())
    }

    fn is(&self, who: Who) -> String {
        format!("{} = '{}'", self.key(), self.keys.row(self.table, of_parent(self.table, who)))
    }

    fn own_key(&self) -> String {
        self.keys.row(self.table, self.own).to_string()
    }

    fn key(&self) -> String {
        ident(self.table.key_column().name).to_string()
    }

    fn name(&self) -> String {
        self.target.name(self.table.name)
    }
}
