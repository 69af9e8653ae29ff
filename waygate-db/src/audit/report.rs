//! What an audit says.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::Matrix;

/// The result of an audit: what it found, and what it could not look at.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// What is wrong or could be better, in the order in which it was found.
    pub findings: Vec<Finding>,
    /// How every operation on every model went; empty where the matrix did not run.
    pub matrix: Matrix,
    /// The parts that did not run, for want of a login, or that the server stopped.
    pub not_run: Vec<NotRun>,
}

impl Report {
    /// Whether isolation is proven: every part ran, and no finding is as bad as this or worse. With
    /// [`Severity::Failure`] only failures count, with [`Severity::Advice`] advice does, too.
    #[must_use]
    pub fn is_proof(&self, limit: Severity) -> bool {
        self.not_run.is_empty() && self.findings.iter().all(|finding| finding.severity < limit)
    }
}

/// One thing that an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The part that found it.
    pub part: Part,
    /// How bad it is.
    pub severity: Severity,
    /// The rule that is broken, as one word for programs: `policy-text`.
    pub rule: &'static str,
    /// What breaks it: `public.actions`, `policy actions_app on public.actions`, `role waygate_app`.
    pub object: String,
    /// What was found. It holds no value of a row.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something to know, which no rule forbids.
    Note,
    /// Something that costs time or leans on luck, but lets no row across.
    Advice,
    /// Something by which a row, or its existence, crosses tenants.
    Failure,
}

/// A part of the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The server's catalogue against the models.
    Catalogue,
    /// `row_security = off` for each table.
    Probe,
    /// Operations by models by session states.
    Matrix,
    /// Ways out of a role or a tenant.
    Escalation,
}

/// A part that did not run, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotRun {
    /// The part.
    pub part: Part,
    /// Why, with the variable to set.
    pub why: String,
}

impl Display for Severity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Advice => "advice",
            Self::Failure => "failure",
        })
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Catalogue => "catalogue",
            Self::Probe => "probe",
            Self::Matrix => "matrix",
            Self::Escalation => "escalation",
        })
    }
}
