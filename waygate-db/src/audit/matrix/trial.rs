//! What an operation's statements are, and how each has to answer in a tenant's session.
//!
//! Without a tenant every one of them has to be refused.

use super::Operation;
use super::rows::{self, Values, insert, of_parent, parent_of};
use super::scratch::{Keys, Who};
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

    fn select(&self) -> Vec<Trial> {
        if !self.table.has_tenant() {
            return Vec::new();
        }
        let sql = format!("SELECT {}::text FROM {} WHERE {}", self.key(), self.name(), self.both());
        let row = vec![self.own_key()];
        vec![
            Trial::Shows {
                sql: format!("{sql} AND {}", self.keys.condition(self.table, self.own, self.target)),
                row: row.clone(),
            },
            Trial::Shows { sql, row },
        ]
    }

    fn point_select(&self) -> Vec<Trial> {
        if !self.table.has_tenant() {
            return Vec::new();
        }
        let of = |who| format!("SELECT {}::text FROM {} WHERE {}", self.key(), self.name(), self.is(who));
        vec![
            Trial::Works { sql: of(self.own) },
            Trial::IsBlind { foreign: of(self.other), missing: of(Who::Missing) },
            Trial::ShowsNothing {
                sql: format!("{} AND {}", of(self.other), self.keys.condition(self.table, self.other, self.target)),
            },
        ]
    }

    fn count(&self) -> Vec<Trial> {
        if !self.table.has_tenant() {
            return Vec::new();
        }
        let sql = format!("SELECT count(*) FROM {} WHERE {} HAVING count(*) > 0", self.name(), self.both());
        vec![Trial::Shows { sql, row: vec!["1".to_owned()] }]
    }

    /// Every row with every parent of either tenant, whether or not the row refers to it.
    fn joins(&self) -> Vec<Trial> {
        let parents = self.parents().into_iter().filter(|(_, parent)| parent.has_tenant());
        let joins = parents.map(|(_, parent)| {
            let (parents, key) = (self.target.name(parent.name), ident(parent.key_column().name));
            let [own, other] = [self.own, self.other].map(|who| self.keys.row(parent, who).to_string());
            Trial::Shows {
                sql: format!(
                    "SELECT child.{}::text, parent.{key}::text FROM {} child \
                     JOIN {parents} parent ON parent.{key} IN ('{own}', '{other}') WHERE child.{}",
                    self.key(),
                    self.name(),
                    self.both(),
                ),
                row: vec![self.own_key(), own],
            }
        });
        joins.collect()
    }

    /// With the other tenant's values: uniqueness over tenants would tell that it has them.
    fn insert(&self) -> Vec<Trial> {
        let sql = insert(self.table, self.target, self.keys, self.new_row());
        match self.table.scope {
            Scope::Shared | Scope::Key => vec![Trial::IsRefused { sql }],
            Scope::Column(tenant) => {
                let stamped = ident(self.table.column_at(tenant).name);
                let row = vec![self.keys.tenant(self.own).to_string()];
                vec![Trial::Shows { sql: format!("{sql} RETURNING {stamped}::text"), row }]
            }
            Scope::Through { .. } => {
                let row = vec![self.keys.row(self.table, Who::New).to_string()];
                vec![Trial::Shows { sql: format!("{sql} RETURNING {}::text", self.key()), row }]
            }
        }
    }

    fn insert_for_another(&self) -> Vec<Trial> {
        let new_row = |named: Option<usize>, parents| {
            let mut cells = rows::cells(self.table, self.keys, Values { parents, ..self.new_row() });
            cells.extend(
                named.map(|tenant| (self.table.column_at(tenant), format!("'{}'", self.keys.tenant(self.other)))),
            );
            Trial::IsRefused { sql: rows::insert_cells(self.table, self.target, cells) }
        };
        match self.table.scope {
            Scope::Shared | Scope::Key => Vec::new(),
            // With the other's parents, so that only the wall stands in the way.
            Scope::Column(tenant) => vec![new_row(Some(tenant), self.other), new_row(Some(tenant), self.own)],
            Scope::Through { owner, .. } => {
                let named = owner.map(|owner| new_row(Some(owner), self.own));
                [new_row(None, self.other)].into_iter().chain(named).collect()
            }
        }
    }

    fn update(&self) -> Vec<Trial> {
        let Some(column) = self.changeable() else {
            return self.refused_on_both(|who| self.set(&self.key(), &self.key(), who));
        };
        self.blind(|who| self.set(&column, &column, who))
    }

    fn moves(&self) -> Vec<Trial> {
        let to_other = |column: usize, value: uuid::Uuid| {
            let column = ident(self.table.column_at(column).name).to_string();
            Trial::IsRefused { sql: self.set(&column, &format!("'{value}'"), self.own) }
        };
        let tenant = self.table.tenant_index().map(|column| to_other(column, self.keys.tenant(self.other)));
        let parents = self.parents().into_iter().filter(|(_, parent)| parent.has_tenant());
        let parents = parents.map(|(column, parent)| to_other(column, self.keys.row(parent, self.other)));
        let owner = match self.table.scope {
            Scope::Through { owner: Some(owner), .. } => Some(to_other(owner, self.keys.tenant(self.other))),
            _ => None,
        };
        tenant.into_iter().chain(parents).chain(owner).collect()
    }

    fn delete(&self) -> Vec<Trial> {
        let of = |who| format!("DELETE FROM {} WHERE {}", self.name(), self.is(who));
        if self.is_deletable() { self.blind(of) } else { self.refused_on_both(of) }
    }

    /// That a key is taken shows, as for every key that is unique over tenants; nothing else does.
    fn upsert(&self) -> Vec<Trial> {
        if !self.is_insertable() {
            return Vec::new();
        }
        let over = |who, action: &str| {
            let sql = insert(self.table, self.target, self.keys, Values { key: who, ..self.new_row() });
            format!("{sql} ON CONFLICT ({}) {action}", self.key())
        };
        let mut trials = vec![Trial::ChangesNothing { sql: over(self.other, "DO NOTHING") }];
        let column = self.changeable().unwrap_or_else(|| self.key());
        let update = format!("DO UPDATE SET {column} = excluded.{column}");
        trials.push(Trial::IsRefused { sql: over(self.other, &update) });
        trials.push(match self.changeable() {
            Some(_) => Trial::Works { sql: over(self.own, &update) },
            None => Trial::IsRefused { sql: over(self.own, &update) },
        });
        trials
    }

    fn merge(&self) -> Vec<Trial> {
        let into = |who, action: &str| {
            let key = self.keys.row(self.table, who);
            format!(
                "MERGE INTO {} AS row USING (SELECT '{key}'::uuid AS key) AS source ON row.{} = source.key \
                 WHEN MATCHED THEN {action}",
                self.name(),
                self.key(),
            )
        };
        let column = self.changeable().unwrap_or_else(|| self.key());
        let update = format!("UPDATE SET {column} = row.{column}");
        let mut trials = match self.changeable() {
            Some(_) => self.blind(|who| into(who, &update)),
            None => self.refused_on_both(|who| into(who, &update)),
        };
        let delete = |who| into(who, "DELETE");
        trials.extend(if self.is_deletable() { self.blind(delete) } else { self.refused_on_both(delete) });
        trials
    }

    fn foreign_parents(&self) -> Vec<Trial> {
        if !self.is_insertable() {
            return Vec::new();
        }
        let mut trials = Vec::new();
        for (column, parent) in self.parents().into_iter().filter(|(_, parent)| parent.has_tenant()) {
            let child_of = |who| {
                let values = self.new_row();
                let mut cells = rows::cells(self.table, self.keys, values);
                for (cell, value) in &mut cells {
                    if cell.name == self.table.column_at(column).name {
                        *value = format!("'{}'", self.keys.row(parent, who));
                    }
                }
                rows::insert_cells(self.table, self.target, cells)
            };
            trials.push(Trial::IsBlind { foreign: child_of(self.other), missing: child_of(Who::Missing) });
            trials.push(Trial::IsRefused { sql: child_of(self.other) });
            if self.changeable().is_some() {
                let name = ident(self.table.column_at(column).name).to_string();
                let moved = |who| self.set(&name, &format!("'{}'", self.keys.row(parent, who)), self.own);
                trials.push(Trial::IsBlind { foreign: moved(self.other), missing: moved(Who::Missing) });
                trials.push(Trial::Works { sql: moved(self.own) });
            }
        }
        trials
    }

    fn copy_out(&self) -> Vec<Trial> {
        if !self.table.has_tenant() {
            return Vec::new();
        }
        let sql = format!("COPY {} ({}) TO STDOUT", self.name(), self.key());
        vec![Trial::CopiesOut { sql, line: self.own_key() }]
    }

    /// The way in, which needs a connection of its own.
    pub(super) fn copy_in(&self) -> String {
        format!("COPY {} ({}) FROM STDIN", self.name(), self.key())
    }

    fn for_update(&self) -> Vec<Trial> {
        let sql = format!("SELECT {}::text FROM {} WHERE {} FOR UPDATE", self.key(), self.name(), self.both());
        match self.changeable() {
            Some(_) => vec![Trial::Shows { sql, row: vec![self.own_key()] }],
            None => vec![Trial::IsRefused { sql }],
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
        let is_unique = |index: usize| {
            table.login.is_some_and(|login| login.columns().any(|column| column == index))
                || table.indexes.iter().any(|one| one.unique && one.columns.iter().any(|column| column.column == index))
        };
        let is_free = |index: usize| table.scope != Scope::Key || !is_unique(index);
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
