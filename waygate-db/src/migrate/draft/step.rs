//! A step of a file: statements that stand or fall together.

/// Statements that are run as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) mode: Mode,
    pub(super) parts: Vec<Part>,
}

/// How a step is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mode {
    /// In one transaction.
    Tx,
    /// Its one statement on its own, outside any transaction.
    Autocommit,
    /// Its one statement over and over, for so many keys at a time.
    Backfill {
        /// The table, qualified.
        table: String,
        /// The column that orders its rows.
        key: String,
    },
}

/// One statement with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// What readers should know.
    pub(super) comment: Option<String>,
    /// What has to hold before the step.
    pub(super) asserts: Vec<Assert>,
    /// The statement, without its semicolon.
    pub(super) sql: String,
    /// What it is about; statements about one thing stand together.
    pub(super) about: String,
}

/// A condition that has to hold before a step is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assert {
    /// What is wrong where it does not hold.
    pub(super) message: String,
    /// A query that gives true where it holds.
    pub(super) sql: String,
}

impl Part {
    /// A statement about this.
    pub(super) fn new(about: impl Into<String>, sql: impl Into<String>) -> Self {
        Self { comment: None, asserts: Vec::new(), sql: sql.into(), about: about.into() }
    }

    /// The same with a comment above it.
    pub(super) fn says(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// The same with a condition that has to hold before it.
    pub(super) fn asserts(mut self, assert: Assert) -> Self {
        self.asserts.push(assert);
        self
    }
}

impl Step {
    /// The conditions, each once.
    pub(super) fn asserts(&self) -> Vec<&Assert> {
        let mut asserts: Vec<&Assert> = Vec::new();
        for assert in self.parts.iter().flat_map(|part| &part.asserts) {
            if !asserts.contains(&assert) {
                asserts.push(assert);
            }
        }
        asserts
    }

    /// A step of one statement.
    pub(super) fn alone(mode: Mode, part: Part) -> Self {
        Self { mode, parts: vec![part] }
    }
}
