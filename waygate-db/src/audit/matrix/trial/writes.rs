//! Statements that add, change, move or delete rows.

use super::super::keys::Who;
use super::super::rows::{self, Values, insert};
use super::{Case, Trial};
use crate::schema::Scope;
use crate::sql::identifier::ident;

impl Case<'_> {
    /// With the other tenant's values: uniqueness over tenants would tell that it has them.
    pub(super) fn insert(&self) -> Vec<Trial> {
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

    pub(super) fn insert_for_another(&self) -> Vec<Trial> {
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

    pub(super) fn update(&self) -> Vec<Trial> {
        let Some(column) = self.changeable() else {
            return self.refused_on_both(|who| self.set(&self.key(), &self.key(), who));
        };
        self.blind(|who| self.set(&column, &column, who))
    }

    pub(super) fn moves(&self) -> Vec<Trial> {
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

    pub(super) fn delete(&self) -> Vec<Trial> {
        let of = |who| format!("DELETE FROM {} WHERE {}", self.name(), self.is(who));
        if self.is_deletable() { self.blind(of) } else { self.refused_on_both(of) }
    }

    /// That a key is taken shows, as for every key that is unique over tenants; nothing else does.
    pub(super) fn upsert(&self) -> Vec<Trial> {
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

    pub(super) fn merge(&self) -> Vec<Trial> {
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

    pub(super) fn foreign_parents(&self) -> Vec<Trial> {
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
}
