//! What somebody has to decide about a migration, and what was decided.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::draft::{Candidate, Loss, Outline, before, place};
use crate::catalog::{Action, Aspect, Catalog, Column, Key, Kind, Properties, Verb};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::schema::Schema;
use crate::session::Maintenance;
use crate::sql::identifier::ident;

/// What was decided about a migration. Names are those of the database, without schema `public`.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// What the migration is called.
    pub name: String,
    /// What was renamed, beside what the models say: tables, `table.column`s, types and `type.label`s, old and new.
    pub renames: Vec<(String, String)>,
    /// What was not renamed but is to go.
    pub drops: Vec<String>,
    /// What may be lost; it is to go, too.
    pub accepted: Vec<String>,
    /// What fills a `table.column` in the rows that are there, as SQL, beside what the models say.
    pub fillings: Vec<(String, String)>,
    /// Whether tables that are in use are locked for as long as it takes. No.
    pub plain: bool,
}

/// What nobody decided yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Questions {
    /// Renamed, or dropped and made?
    pub renames: Vec<Candidate>,
    /// May it be lost?
    pub losses: Vec<Loss>,
    /// What do the rows that are there hold?
    pub backfills: Vec<Filling>,
}

/// A column that rows need a value for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filling {
    /// `table.column`
    pub column: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// How many rows of the development database need one, where it could be asked.
    pub rows: Option<i64>,
    /// The flag that says which.
    pub backfill: String,
}

impl Questions {
    /// Whether everything is decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.renames.is_empty() && self.losses.is_empty() && self.backfills.is_empty()
    }
}

impl Decisions {
    /// Whether it was decided that this is to go.
    pub(super) fn drops(&self, name: &str) -> bool {
        self.drops.iter().any(|dropped| bare(dropped) == name) || self.accepts(name)
    }

    /// Whether it was decided that this may be lost.
    pub(super) fn accepts(&self, name: &str) -> bool {
        self.accepted.iter().any(|accepted| bare(accepted) == name)
    }

    /// What fills columns, by the column: as the models say, and before that as the flags say.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when a flag names no column of the models.
    pub(super) fn fillings(&self, schema: &Schema, to: &Catalog) -> Result<BTreeMap<Key, String>> {
        let mut fillings = BTreeMap::new();
        for table in schema.tables() {
            for column in table.columns {
                let filling = column.backfill.map(|sql| (column_key(table.name, column.name), sql.to_owned()));
                fillings.extend(filling);
            }
        }
        for (name, sql) in &self.fillings {
            let key = match bare(name).split_once('.') {
                Some((table, column)) => column_key(table, column),
                None => column_key(name, ""),
            };
            if !to.contains(&key) {
                return Err(Error::new(
                    ErrorKind::Config,
                    format!("--backfill {name}: the models have no such column"),
                )
                .help("write --backfill table.column=expression"));
            }
            fillings.insert(key, sql.clone());
        }
        Ok(fillings)
    }
}

/// What one plan asks.
pub(super) struct Asked<'a> {
    pub(super) decisions: &'a Decisions,
    pub(super) outline: Outline<'a>,
    pub(super) development: Option<&'a Maintenance>,
}

impl Asked<'_> {
    /// What nobody decided yet, with the counts of the development database.
    pub(super) async fn questions(&self, candidates: Vec<Candidate>, losses: Vec<Loss>) -> Questions {
        let renames: Vec<Candidate> =
            candidates.into_iter().filter(|candidate| !self.decisions.drops(&candidate.from)).collect();
        let mut questions = Questions { renames, ..Questions::default() };
        for mut loss in losses {
            let is_asked = questions.renames.iter().any(|candidate| is_within(&loss.name, &candidate.from));
            if !is_asked && !self.decisions.accepts(&loss.name) {
                loss.rows = self.count(loss.counting(self.outline.renames)).await;
                questions.losses.push(loss);
            }
        }
        for action in self.outline.actions {
            if let Some(filling) = self.filling(action).await
                && !questions.renames.iter().any(|candidate| candidate.to == filling.column)
            {
                questions.backfills.push(filling);
            }
        }
        questions
    }

    /// The column whose rows need a value that nobody named, if this action is about one.
    async fn filling(&self, action: &Action) -> Option<Filling> {
        let key = &action.key;
        let table = key.table()?;
        if key.kind != Kind::Column || !self.outline.from.contains(&table) || self.outline.fillings.contains_key(key) {
            return None;
        }
        let Properties::Column(column) = &self.outline.to.object(key)?.is else { return None };
        let counting = match action.verb {
            Verb::Create if needs_value(column) => format!("SELECT count(*) FROM {}", self.then(&table)),
            Verb::Alter(Aspect::NotNull) => {
                let name = before(key, self.outline.renames);
                let of = self.then(&table);
                format!("SELECT count(*) FROM {of} WHERE {} IS NULL", ident(name.name()))
            }
            _ => return None,
        };
        let rows = self.count(Some(counting)).await;
        // A column that is there may hold no NULL; only the database that is deployed to knows, and is asked then.
        if rows == Some(0) || (rows.is_none() && action.verb != Verb::Create) {
            return None;
        }
        let column_name = place(key);
        let backfill = format!("--backfill {column_name}=<expression>");
        Some(Filling { column: column_name, ty: column.ty.clone(), rows, backfill })
    }

    /// A table as the development database knows it.
    fn then(&self, table: &Key) -> String {
        before(table, self.outline.renames)
            .path
            .iter()
            .map(|name| ident(name).to_string())
            .collect::<Vec<_>>()
            .join(".")
    }

    /// What this query counts in the development database; nothing where it cannot be asked, as before a deploy.
    async fn count(&self, sql: Option<String>) -> Option<i64> {
        let rows = self.development?.ask(&sql?).await.ok()?;
        rows.first()?.first()?.as_deref()?.parse().ok()
    }
}

/// Whether a new column has no value for rows that are there.
fn needs_value(column: &Column) -> bool {
    column.not_null && column.default_of_rows().is_none() && column.generated.is_none() && column.identity.is_none()
}

/// Whether this is that table, or a part of it.
fn is_within(name: &str, outer: &str) -> bool {
    name.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn column_key(table: &str, column: &str) -> Key {
    Key::new(Kind::Column, ["public", table, column])
}

/// A name as it is written without schema `public`.
fn bare(name: &str) -> &str {
    name.strip_prefix("public.").unwrap_or(name)
}
