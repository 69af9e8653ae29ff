//! Findings in files that have landed, and why they stay.

use std::fs;
use std::io;
use std::path::Path;

use super::finding::Finding;
use super::ignores::unused_line;
use crate::error::{Error, Kind, Result};

/// The file beside the migrations.
const FILE: &str = "lint-ignores";

/// Findings that are known and stay, in files that are never edited: the file `lint-ignores` of a migrations folder.
///
/// ```text
/// # migration                      line rule: why it stays
/// 20250101000000_orders_index:12 builds-index: the table was small then
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exceptions(Vec<Exception>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Exception {
    migration: String,
    line: usize,
    rule: String,
}

impl Exceptions {
    /// Reads those of a migrations folder; none where it has no such file.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when a line of the file is not understood.
    pub fn read(folder: impl AsRef<Path>) -> Result<Self> {
        let path = folder.as_ref().join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Error::new(Kind::Io, format!("cannot read {}", path.display())).caused_by(error)),
        }
    }

    /// Reads such a file's text.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config), naming the first line that is not understood.
    pub fn parse(text: &str) -> Result<Self> {
        let mut all = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            all.push(Exception::parse(line).ok_or_else(|| {
                let message = format!("{FILE}:{}: not understood", number.saturating_add(1));
                Error::new(Kind::Config, message).help("write `<migration>:<line> <rule>: <why it stays>`")
            })?);
        }
        Ok(Self(all))
    }

    /// Leaves out what is known of one migration, and adds what is not found any more.
    pub(super) fn apply(&self, migration: &str, findings: Vec<Finding>) -> Vec<Finding> {
        let known: Vec<&Exception> = self.0.iter().filter(|one| one.migration == migration).collect();
        let is_about = |one: &Exception, finding: &Finding| one.line == finding.line && one.rule == finding.rule;
        let unused: Vec<Finding> = known
            .iter()
            .filter(|one| !findings.iter().any(|finding| is_about(one, finding)))
            .map(|one| unused_line(migration, one.line, &one.rule))
            .collect();
        let new = findings.into_iter().filter(|finding| !known.iter().any(|one| is_about(one, finding)));
        new.chain(unused).collect()
    }
}

impl Exception {
    fn parse(line: &str) -> Option<Self> {
        let (place, rest) = line.split_once(char::is_whitespace)?;
        let (migration, line) = place.split_once(':')?;
        let (rule, why) = rest.split_once(':')?;
        let (rule, why) = (rule.trim(), why.trim());
        let is_whole = !migration.is_empty() && !rule.is_empty() && !why.is_empty();
        is_whole.then_some(Self { migration: migration.to_owned(), line: line.parse().ok()?, rule: rule.to_owned() })
    }
}
