//! Statements that read, copy out or lock rows.

use super::super::keys::Who;
use super::{Case, Trial};
use crate::sql::identifier::ident;

impl Case<'_> {
    pub(super) fn select(&self) -> Vec<Trial> {
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

    pub(super) fn point_select(&self) -> Vec<Trial> {
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

    pub(super) fn count(&self) -> Vec<Trial> {
        if !self.table.has_tenant() {
            return Vec::new();
        }
        let sql = format!("SELECT count(*) FROM {} WHERE {} HAVING count(*) > 0", self.name(), self.both());
        vec![Trial::Shows { sql, row: vec!["1".to_owned()] }]
    }

    /// Every row with every parent of either tenant, whether or not the row refers to it.
    pub(super) fn joins(&self) -> Vec<Trial> {
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

    pub(super) fn copy_out(&self) -> Vec<Trial> {
        if !self.table.has_tenant() {
            return Vec::new();
        }
        let sql = format!("COPY {} ({}) TO STDOUT", self.name(), self.key());
        vec![Trial::CopiesOut { sql, line: self.own_key() }]
    }

    /// The way in, which needs a connection of its own.
    pub(in crate::audit::matrix) fn copy_in(&self) -> String {
        format!("COPY {} ({}) FROM STDIN", self.name(), self.key())
    }

    pub(super) fn for_update(&self) -> Vec<Trial> {
        let sql = format!("SELECT {}::text FROM {} WHERE {} FOR UPDATE", self.key(), self.name(), self.both());
        match self.changeable() {
            Some(_) => vec![Trial::Shows { sql, row: vec![self.own_key()] }],
            None => vec![Trial::IsRefused { sql }],
        }
    }
}
