//! Reading a catalog: one statement, whose parts stand in files of their own.

use super::{Catalog, Object};
use crate::error::{Error, Kind, Result};
#[cfg(feature = "cli")]
use crate::session::Direct;
use crate::session::{Maintenance, TextRow};

/// The one statement: which objects count, the objects of each kind, and what is common to all.
const STATEMENT: &str = concat!(
    include_str!("read/scope.sql"),
    include_str!("read/types.sql"),
    include_str!("read/tables.sql"),
    include_str!("read/programs.sql"),
    include_str!("read/answer.sql"),
);

/// How the server prints: every name qualified, and nothing as the session or the database is set. Compiling the
/// statement would take a hundred times as long as running it.
const PRINTING: &str = "SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY'; \
    SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL quote_all_identifiers = off; \
    SET LOCAL bytea_output = 'hex'; SET LOCAL xmloption = 'content'; SET LOCAL jit = off";

/// Whose session it is, and of which version its server.
const SERVER: &str = "SELECT current_setting('server_version_num'), current_user";

impl Catalog {
    /// Reads the catalog of the database that this session is connected to.
    ///
    /// # Errors
    ///
    /// [`is_connection_lost`](Error::is_connection_lost); the server's refusal when the session is in a transaction that
    /// failed.
    pub async fn read(session: &Maintenance) -> Result<Self> {
        decode(&session.ask(&alone()).await?)
    }

    /// Reads the catalog as the transaction that is open on this session sees it, and leaves its settings as they were.
    pub(crate) async fn read_within(session: &Maintenance) -> Result<Self> {
        decode(&session.ask(&within()).await?)
    }

    /// Reads the catalog as a login that need not be one of the library's.
    #[cfg(feature = "cli")]
    pub(crate) async fn read_as(login: &Direct) -> Result<Self> {
        decode(&login.rows(&alone()).await?)
    }
}

/// A transaction of its own.
fn alone() -> String {
    format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {PRINTING}; {SERVER}; {STATEMENT}; COMMIT")
}

/// A part of the transaction that is open.
fn within() -> String {
    format!(
        "SAVEPOINT reading; {PRINTING}; {SERVER}; {STATEMENT}; ROLLBACK TO SAVEPOINT reading; RELEASE SAVEPOINT reading"
    )
}

/// The rows of the script: the server's version and the session's role, then an object each.
fn decode(rows: &[TextRow]) -> Result<Catalog> {
    let Some(([version, role], objects)) =
        rows.split_first().and_then(|(first, rest)| Some((first.first_chunk()?, rest)))
    else {
        return Err(Error::new(Kind::Decode, "the server says nothing of itself").help("try again"));
    };
    let server = version.as_deref().and_then(|version| version.parse().ok()).unwrap_or_default();
    let objects = objects.iter().map(|row| {
        let text = row.first().and_then(Option::as_deref).unwrap_or_default();
        serde_json::from_str::<Object>(text).map_err(|error| {
            Error::new(Kind::Decode, "the server describes an object in a way that this version does not know")
                .help("report the server's version with this error")
                .caused_by(error)
        })
    });
    Ok(Catalog::new(server, role.clone().unwrap_or_default(), objects.collect::<Result<Vec<_>>>()?))
}
