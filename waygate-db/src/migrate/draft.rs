//! The file of a migration that is being written.
//!
//! A plan says what to do ([`catalog::plan`](crate::catalog)); a draft says how, on a database that is in use. What
//! concerns new tables stays in one transaction. On tables that are there already each statement takes the form that
//! locks least (`forms`), and the forms fall into steps (`order`): names first, then labels, what is new, values,
//! checks of them, and removals last.

mod asserts;
mod columns;
mod constraints;
mod forms;
mod indexes;
mod loss;
mod narrowing;
mod order;
mod rename;
mod step;
mod text;
mod words;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Action, Catalog, Key};

pub use self::loss::Loss;
pub use self::rename::Candidate;

pub(crate) use self::loss::losses;
pub(crate) use self::rename::{before, candidates, renames, reversed};
pub(crate) use self::words::place;

use self::step::Step;
use self::world::World;

/// What a file is drafted from.
#[derive(Debug, Clone, Copy)]
pub struct Outline<'a> {
    /// What the migration is called, in words.
    pub title: &'a str,
    /// The catalog before the migration, after its declared renames.
    pub from: &'a Catalog,
    /// The catalog after it.
    pub to: &'a Catalog,
    /// Declared renames that are run before everything else.
    pub renames: &'a [Action],
    /// Renames that are run after everything else: the way back from declared ones.
    pub returns: &'a [Action],
    /// The plan from one catalog to the other.
    pub actions: &'a [Action],
    /// Which actions of the plan, by place, write a whole table anew.
    pub rewriting: &'a BTreeSet<usize>,
    /// The expression that fills a column's rows, by the column.
    pub fillings: &'a BTreeMap<Key, String>,
    /// What stands above each new table.
    pub headings: &'a BTreeMap<Key, String>,
    /// Whether tables that are there already are locked for as long as it takes.
    pub plain: bool,
}

/// The file of a migration: a head in words and steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    title: String,
    words: Vec<String>,
    losses: Vec<Loss>,
    steps: Vec<Step>,
}

impl Draft {
    /// The draft of this outline.
    #[must_use]
    pub fn of(outline: Outline<'_>) -> Self {
        let world = World::new(outline);
        Self {
            title: outline.title.to_owned(),
            words: words::of(&world),
            losses: loss::losses(&outline),
            steps: order::steps(&world),
        }
    }

    /// Whether nothing is to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What is gone after it.
    #[must_use]
    pub fn losses(&self) -> &[Loss] {
        &self.losses
    }
}
