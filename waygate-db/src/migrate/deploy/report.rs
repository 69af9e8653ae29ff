//! What a deploy did.

use serde::Serialize;

/// What a deploy did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What this deploy applied, in order.
    pub applied: Vec<Deployed>,
    /// What it noted as applied without running it, since all that it stands for was.
    pub squashed: Vec<String>,
    /// How many migrations were applied before it.
    pub already_applied: usize,
    /// What is unusual but no reason to stop.
    pub warnings: Vec<String>,
}

/// A migration that a deploy applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deployed {
    /// The folder's name.
    pub id: String,
    /// How long its SQL took.
    pub duration_ms: i64,
    /// How many steps it has.
    pub steps: i32,
    /// How many of them were done before this deploy.
    pub resumed_after: i32,
}
