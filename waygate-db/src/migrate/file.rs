//! One migration: its identity, its SQL, its checksum.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::position::Position;
use super::step::{self, Step};
use crate::error::{Error, Kind, Result};
use crate::sql::lexer::tokens;

/// The longest id: a file name that every file system takes.
const MAX_ID: usize = 200;

/// One migration: a folder `YYYYMMDDHHMMSS_name` with its `up.sql` and perhaps a `down.sql`.
///
/// Embedded into the program with the macro `migrations!`, or read when it runs with [`read_dir`](Self::read_dir).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    id: Cow<'static, str>,
    up: Cow<'static, str>,
    down: Option<Cow<'static, str>>,
}

impl Migration {
    /// A migration whose texts are part of the program; use the macro `migrations!`.
    #[must_use]
    pub const fn embedded(id: &'static str, up: &'static str, down: Option<&'static str>) -> Self {
        let down = match down {
            Some(down) => Some(Cow::Borrowed(down)),
            None => None,
        };
        Self { id: Cow::Borrowed(id), up: Cow::Borrowed(up), down }
    }

    pub(super) fn read(id: String, up: String, down: Option<String>) -> Self {
        Self { id: id.into(), up: up.into(), down: down.map(Into::into) }
    }

    /// The folder's name, by which the ledger knows the migration.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The 14 digits that order the migrations.
    #[must_use]
    pub fn version(&self) -> &str {
        self.id.split_once('_').map_or(&self.id, |(version, _)| version)
    }

    /// The words after the version.
    #[must_use]
    pub fn name(&self) -> &str {
        self.id.split_once('_').map_or("", |(_, name)| name)
    }

    /// The SQL that applies the migration, with `\n` line ends and no byte-order mark.
    #[must_use]
    pub fn up(&self) -> Cow<'_, str> {
        normalise(&self.up)
    }

    /// The SQL that takes the migration back, if it has one.
    #[must_use]
    pub fn down(&self) -> Option<Cow<'_, str>> {
        self.down.as_deref().map(normalise)
    }

    /// Both texts as they were read, with their line ends.
    pub(super) fn texts(&self) -> (&str, Option<&str>) {
        (&self.up, self.down.as_deref())
    }

    /// The SHA-256 of [`up`](Self::up): the same for a checkout with either line ends.
    #[must_use]
    pub fn checksum(&self) -> [u8; 32] {
        Sha256::digest(self.up().as_bytes()).into()
    }

    /// The SHA-256 of the statements alone: the same where only comments, blanks and line ends differ.
    pub(super) fn words(&self) -> [u8; 32] {
        let up = self.up();
        let mut digest = Sha256::new();
        for token in tokens(&up) {
            digest.update(token);
            digest.update([0]);
        }
        digest.finalize().into()
    }

    /// Checks that the runner can run this file: a well-formed id, steps that can run as they say, and no statement that
    /// leaves their transactions.
    ///
    /// # Errors
    ///
    /// [`is_migration_file`](Error::is_migration_file), naming the file and the line.
    pub fn check(&self) -> Result<()> {
        if !is_id(&self.id) {
            return Err(
                Error::new(Kind::MigrationFile, format!("migration {:?} has no valid name", self.id)).help(NAMING)
            );
        }
        let up = self.up();
        if let Some(offset) = up.find('\0') {
            return Err(self.fault(&up, offset, "a NUL character").help("save the file as UTF-8 text"));
        }
        self.parse(&up).map(drop)
    }

    /// The steps of this text, which is [`up`](Self::up), and the migrations that it stands for.
    pub(crate) fn parse<'a>(&self, up: &'a str) -> Result<(Vec<Step<'a>>, Vec<&'a str>)> {
        step::parse(up).map_err(|fault| self.fault(up, fault.offset, &fault.what).help(fault.advice))
    }

    fn fault(&self, up: &str, offset: usize, what: &str) -> Error {
        Error::new(Kind::MigrationFile, format!("{}/up.sql:{}: {what}", self.id, Position::of_byte(up, offset)))
    }
}

/// What a migration's folder is called, for messages.
pub(super) const NAMING: &str = "name the folder YYYYMMDDHHMMSS_name, the time in UTC, the name of a–z, 0–9 and _";

/// Whether this is 14 digits, an underscore and a name of a–z, 0–9 and underscores.
pub(super) fn is_id(id: &str) -> bool {
    let name_fits = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    id.len() <= MAX_ID
        && id.split_once('_').is_some_and(|(version, name)| {
            version.len() == 14 && version.bytes().all(|b| b.is_ascii_digit()) && name_fits(name)
        })
}

fn normalise(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}
