//! A migration from the models: what is missing between history and models, as a file that was tried.
//!
//! The history is replayed into one database and the models are rendered into another, both described by the same
//! server. What they differ in becomes a plan, the plan a [draft](super::draft), and the draft is applied to the
//! history once more: only when that equals the models is there a proposal.

mod back;
mod decisions;
mod observed;
mod proven;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::Utc;

use super::draft::{Draft, Outline, candidates, losses, renames};
use super::file::Migration;
use super::managed::{Managed, managed, refuse_obstacles};
use super::shadow::{Shadows, settled};
use super::write::{new_id, write};
use crate::catalog::{Catalog, Key, Kind, plan};
use crate::error::Result;
use crate::schema::{Dialect, Schema};
use crate::session::Maintenance;
use crate::sql::ddl::heading;

pub use self::decisions::{Decisions, Filling, Questions};

use self::back::back;
use self::decisions::Asked;
use self::observed::tried;
use self::proven::prove;

/// What a proposal is made from.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The models.
    pub schema: &'static Schema,
    /// The kind of server.
    pub dialect: &'a Dialect,
    /// The history.
    pub migrations: &'a [Migration],
    /// Throw-away databases of this kind of server.
    pub shadows: &'a Shadows,
    /// A database whose rows are counted before anything of it is lost.
    pub development: Option<&'a Maintenance>,
}

/// What became of the wish for a migration.
#[derive(Debug)]
pub enum Outcome {
    /// History and models agree.
    Nothing {
        /// What is unusual but no reason to stop.
        hints: Vec<String>,
        /// What of the history the models do not manage: it stays as it is.
        unmanaged: Vec<Key>,
    },
    /// Somebody has to decide something first.
    Undecided(Questions),
    /// The migration.
    Proposed(Box<Proposal>),
}

/// A migration that was tried: the history and it make what the models say.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The migration.
    pub migration: Migration,
    /// What the file says.
    pub draft: Draft,
    /// What is unusual but no reason to stop.
    pub hints: Vec<String>,
    /// What of the history the models do not manage: it stays as it is.
    pub unmanaged: Vec<Key>,
}

/// Compares history and models, and drafts the migration between them.
///
/// # Errors
///
/// [`is_config`](crate::Error::is_config) when a decision names nothing that is there,
/// [`is_migration_failed`](crate::Error::is_migration_failed) when what was drafted does not make what the models say.
pub async fn propose(ground: Ground<'_>, decisions: &Decisions) -> Result<Outcome> {
    // Everything that a proposal goes through is alive at once: too much for the stack of whoever asks.
    Box::pin(compared(ground, decisions)).await
}

async fn compared(ground: Ground<'_>, decisions: &Decisions) -> Result<Outcome> {
    let id = new_id(&decisions.name, ground.migrations, Utc::now())?;
    let history = ground.shadows.history(ground.migrations).await?;
    let replayed = history.catalog().await?;
    let models = ground.shadows.models(ground.schema).await?;
    let renames = renames(ground.schema, &decisions.renames, &replayed)?;
    for action in &renames.actions {
        history.run(&action.sql).await?;
    }
    let (found, wanted) =
        settled((history.session(), history.catalog().await?), (models.session(), models.catalog().await?)).await?;
    let Managed { found: from, models: to, unmanaged } = managed(ground.schema, ground.dialect, &found, &wanted);
    let (from, to) = (with_defaults(&from, &found), with_defaults(&to, &found));
    let fillings = decisions.fillings(ground.schema, &to)?;
    let planned = plan(&from, &to)?;
    if renames.actions.is_empty() && planned.is_empty() {
        return Ok(Outcome::Nothing { hints: renames.hints, unmanaged });
    }
    refuse_obstacles(&found, &unmanaged, &planned)?;
    let headings = headings(ground.schema);
    let none = BTreeSet::new();
    let outline = Outline {
        title: &decisions.name,
        from: &from,
        to: &to,
        renames: &renames.actions,
        returns: &[],
        actions: &planned,
        rewriting: &none,
        fillings: &fillings,
        headings: &headings,
        plain: decisions.plain,
    };
    let asked = Asked { decisions, outline, development: ground.development };
    let questions = asked.questions(candidates(&from, &to), losses(&outline)).await;
    if !questions.is_empty() {
        return Ok(Outcome::Undecided(questions));
    }
    let (draft, down) = drafted(&outline, history.session(), ground.schema).await?;
    history.drop().await?;
    let migration = Migration::read(id, draft.to_string(), down.map(|draft| draft.to_string()));
    prove(&ground, &models, &migration, &replayed).await?;
    models.drop().await?;
    Ok(Outcome::Proposed(Box::new(Proposal { migration, draft, hints: renames.hints, unmanaged })))
}

/// The draft and, where nothing is lost on either way, the way back; both were tried in the history's database.
async fn drafted(outline: &Outline<'_>, session: &Maintenance, schema: &Schema) -> Result<(Draft, Option<Draft>)> {
    let (actions, rewriting) = tried(session, outline.from, outline.actions, schema).await?;
    let outline = Outline { actions: &actions, rewriting: &rewriting, ..*outline };
    let draft = Draft::of(outline);
    let down = if draft.losses().is_empty() { back(&outline, session, schema).await? } else { None };
    Ok((draft, down))
}

/// The catalog with the rights that new objects start with: what they bring, no statement has to take.
fn with_defaults(catalog: &Catalog, found: &Catalog) -> Catalog {
    let defaults = found.objects().filter(|(key, _)| key.kind == Kind::DefaultPrivileges);
    let objects = catalog.objects().chain(defaults).map(|(_, object)| object.clone());
    Catalog::new(catalog.server, catalog.role.clone(), objects)
}

/// What stands above each new table: whose data it is.
fn headings(schema: &Schema) -> BTreeMap<Key, String> {
    schema
        .tables()
        .map(|table| (Key::new(Kind::Table, ["public", table.name]), heading(table).replace("-- ", "")))
        .collect()
}

impl Proposal {
    /// Writes the migration's folder into this one, and returns the files.
    ///
    /// # Errors
    ///
    /// [`is_migration_file`](crate::Error::is_migration_file) when it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let (up, down) = (self.migration.up(), self.migration.down());
        write(folder, self.migration.id(), &up, down.as_deref())
    }
}
