//! A migration's steps: what runs in one transaction, what runs outside of any, and what runs in batches.
//!
//! A file is one step in a transaction unless lines in it say otherwise:
//!
//! ```sql
//! -- waygate:step tx
//! -- waygate:assert no integration lacks a slug
//! SELECT NOT EXISTS (SELECT FROM integrations WHERE slug IS NULL);
//! ALTER TABLE integrations ALTER COLUMN slug SET NOT NULL;
//! -- waygate:step autocommit
//! CREATE INDEX CONCURRENTLY integrations_slug_idx ON integrations (slug);
//! -- waygate:step backfill table=public.integrations key=id batch=1000
//! UPDATE integrations SET slug = lower(slug) WHERE slug <> lower(slug) AND {batch};
//! ```

mod directive;
mod parse;

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::position::Position;
use super::split::Statement;

pub(super) use directive::Directive;
#[cfg(feature = "cli")]
pub(crate) use directive::duration;
pub(super) use parse::parse;

/// One step of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step<'a> {
    /// Its place, from one.
    pub(crate) number: i32,
    /// How it runs.
    pub(crate) kind: StepKind,
    /// What has to be true before it.
    pub(crate) asserts: Vec<Assert<'a>>,
    /// Its statements, in order.
    pub(crate) statements: Vec<Statement<'a>>,
    /// How long its statements wait for a table that others use, where the file says so.
    pub(crate) lock_timeout: Option<Duration>,
    /// The findings of the lint that it silences: where, which rule, why.
    pub(crate) ignores: Vec<Ignore<'a>>,
    /// The file.
    pub(super) file: &'a str,
}

/// How a step runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// In one transaction, together with its row of the ledger.
    Transaction,
    /// By itself, outside of any transaction: one statement.
    Autocommit,
    /// In batches over a table's keys: one statement.
    Backfill(Backfill),
}

/// What a backfill goes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Backfill {
    /// The table, as the file names it.
    pub(crate) table: String,
    /// The column by whose order it goes.
    pub(crate) key: String,
    /// How many rows a batch holds.
    pub(crate) batch: i64,
}

/// A condition that has to hold before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Assert<'a> {
    /// What holds, in words.
    pub(crate) message: &'a str,
    /// A SELECT that says so.
    pub(crate) statement: Statement<'a>,
}

/// A finding of the lint that is silenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ignore<'a> {
    /// Where it says so, in bytes of the file.
    pub(crate) offset: usize,
    /// The rule.
    pub(crate) rule: &'a str,
    /// Why.
    pub(crate) reason: &'a str,
}

/// Where a batch's range of keys goes.
pub(crate) const BATCH: &str = "{batch}";

impl Step<'_> {
    /// The SHA-256 of what it does: how it runs, and its statements without what stands between them. How much of it runs
    /// at a time is no part of that.
    pub(crate) fn checksum(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.kind.as_str());
        if let StepKind::Backfill(Backfill { table, key, batch: _ }) = &self.kind {
            digest.update(format!(" {table} {key}"));
        }
        digest.update("\n");
        for statement in self.asserts.iter().map(|assert| &assert.statement).chain(&self.statements) {
            digest.update(statement.text);
            digest.update(";\n");
        }
        digest.finalize().into()
    }

    /// The stretches of the file that are sent as one message each: statements with no assert between them.
    pub(super) fn stretches(&self) -> Vec<Statement<'_>> {
        let mut stretches: Vec<Statement<'_>> = Vec::new();
        for statement in &self.statements {
            let follows = |last: &Statement<'_>| {
                !self.asserts.iter().any(|assert| (last.end..statement.offset).contains(&assert.statement.offset))
            };
            match stretches.last_mut() {
                Some(last) if follows(last) => {
                    last.end = statement.end;
                    last.text = self.file.get(last.offset..statement.end).unwrap_or(last.text);
                }
                _ => stretches.push(Statement {
                    text: self.file.get(statement.offset..statement.end).unwrap_or(statement.text),
                    ..*statement
                }),
            }
        }
        stretches
    }

    /// Where in the file a byte stands.
    pub(crate) fn position(&self, offset: usize) -> Position {
        Position::of_byte(self.file, offset)
    }

    /// Where in the file the server's character of a stretch stands.
    pub(super) fn position_in(&self, stretch: &Statement<'_>, character: usize) -> Position {
        let before =
            stretch.text.char_indices().nth(character.saturating_sub(1)).map_or(stretch.text.len(), |(at, _)| at);
        self.position(stretch.offset.saturating_add(before))
    }
}

impl StepKind {
    /// The kind's word.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Transaction => "tx",
            Self::Autocommit => "autocommit",
            Self::Backfill(_) => "backfill",
        }
    }
}
