//! What the lint found, and where.

use std::fmt;

use serde::Serialize;

use super::locks::TableLock;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Something could be better, and nothing breaks.
    Advice,
    /// Something may break, or somebody may wait: look at it.
    Warning,
    /// A busy table stands still, rows are at risk, or the file fails.
    Error,
}

/// One thing that the lint looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, as `-- waygate:lint-ignore` takes it.
    pub name: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// What breaks it.
    pub about: &'static str,
}

/// A statement that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The migration's folder.
    pub migration: String,
    /// The line of its file on which the statement begins.
    pub line: usize,
    /// The rule's name.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The table that it is about.
    pub table: Option<String>,
    /// How strongly that table is locked.
    pub lock: Option<TableLock>,
    /// What happens, and why that is bad.
    pub why: String,
    /// The safe form; SQL where there is some to write.
    pub instead: String,
}

impl Severity {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `20250101000000_name/up.sql:3: error[rewrites-table] on orders, ACCESS EXCLUSIVE: …`, and the safe form below it.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/up.sql:{}: {}[{}]", self.migration, self.line, self.severity, self.rule)?;
        if let Some(table) = &self.table {
            write!(f, " on {table}")?;
        }
        if let Some(lock) = self.lock {
            write!(f, ", {lock}")?;
        }
        write!(f, ": {}", self.why)?;
        self.instead.lines().try_for_each(|line| write!(f, "\n    {line}"))
    }
}
