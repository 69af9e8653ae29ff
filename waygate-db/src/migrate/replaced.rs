//! The migrations that a squashed one stands for.
//!
//! Its file names them, a line each: `-- waygate:replaces 20250101000000_one sha256:…`, with the checksum of the file that
//! is no longer there.

use std::collections::BTreeMap;

use super::file::Migration;
use super::ledger::Applied;
use crate::crypto::hex;
use crate::error::{Error, Kind, Result};

/// A migration that another one stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) id: String,
    /// The checksum of its file, in hex.
    checksum: String,
}

/// How much of what a migration stands for is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    None,
    Some,
    All,
}

/// All migrations that others stand for, each with the one that does.
#[derive(Debug, Default)]
pub(super) struct Replacements<'a> {
    by_id: BTreeMap<String, &'a Migration>,
    of: BTreeMap<&'a str, Vec<Replaced>>,
}

const FORM: &str =
    "write `-- waygate:replaces <id> sha256:<checksum>`, a line for each; `migrate squash` writes these lines";

impl<'a> Replacements<'a> {
    /// What these files replace.
    pub(super) fn of(files: &'a [Migration]) -> Result<Self> {
        let mut all = Self::default();
        for file in files {
            let replaced = file.replaces()?;
            all.by_id.extend(replaced.iter().map(|one| (one.id.clone(), file)));
            all.of.insert(file.id(), replaced);
        }
        Ok(all)
    }

    /// The migration that stands for this one.
    pub(super) fn successor(&self, id: &str) -> Option<&'a Migration> {
        self.by_id.get(id).copied()
    }

    /// How much of what this migration stands for is applied; `None` when it stands for nothing but itself.
    pub(super) fn extent(&self, id: &str, applied: &[Applied]) -> Option<Extent> {
        let replaced = self.of.get(id).filter(|replaced| !replaced.is_empty())?;
        let count = replaced.iter().filter(|one| applied.iter().any(|row| row.id == one.id)).count();
        Some(match count {
            0 => Extent::None,
            all if all == replaced.len() => Extent::All,
            _ => Extent::Some,
        })
    }

    /// Whether this row is of the very text that a later migration stands for.
    pub(super) fn fits(&self, row: &Applied) -> bool {
        let replaced = self.by_id.get(&row.id).and_then(|file| self.of.get(file.id()));
        replaced.into_iter().flatten().any(|one| one.id == row.id && one.checksum == hex(&row.checksum))
    }
}

impl Replaced {
    /// What stands for this file once it is gone.
    pub(super) fn by(file: &Migration) -> Self {
        Self { id: file.id().to_owned(), checksum: hex(&file.checksum()) }
    }

    /// The line that says so.
    pub(super) fn line(&self) -> String {
        format!("-- waygate:replaces {} sha256:{}\n", self.id, self.checksum)
    }
}

impl Migration {
    /// What this file stands for; for most that is nothing but itself.
    pub(super) fn replaces(&self) -> Result<Vec<Replaced>> {
        let up = self.up();
        // A deploy asks every file, and few have such a line.
        if !up.contains("waygate:replaces") {
            return Ok(Vec::new());
        }
        let (_, words) = self.parse(&up)?;
        let malformed =
            || Error::new(Kind::MigrationFile, format!("{}/up.sql: a malformed `replaces`", self.id())).help(FORM);
        let pairs = words.chunks(2).map(|pair| match pair {
            [id, checksum] => {
                let checksum = checksum.strip_prefix("sha256:").filter(|digits| digits.len() == 64);
                checksum.map(|checksum| Replaced { id: (*id).to_owned(), checksum: checksum.to_owned() })
            }
            _ => None,
        });
        pairs.map(|pair| pair.ok_or_else(malformed)).collect()
    }
}
