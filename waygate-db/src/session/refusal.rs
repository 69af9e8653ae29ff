//! What the server said when it refused a script.

use tokio_postgres::error::{DbError, ErrorPosition};

use crate::error::{Error, Kind, ServerReport};

/// A refused script: the error, and where in the script the server saw it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) error: Error,
    pub(crate) report: ServerReport,
    /// The character at which the server points, counted from one.
    pub(crate) position: Option<usize>,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

impl From<tokio_postgres::Error> for Refusal {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            let error = Error::new(Kind::ConnectionLost, "the connection to the server broke").caused_by(error);
            return Self { error, report: ServerReport::default(), position: None };
        };
        let report = report(db);
        let position = match db.position() {
            Some(ErrorPosition::Original(position)) => usize::try_from(*position).ok(),
            Some(ErrorPosition::Internal { .. }) | None => None,
        };
        // 57P01…57P05: the server ended the session; it says so before it hangs up.
        let kind = if report.code.starts_with("57P") { Kind::ConnectionLost } else { Kind::Server };
        let error = Error::new(kind, describe(db)).reported(report.clone());
        Self { error, report, position }
    }
}

/// What the server said, without its DETAIL, which quotes whole rows.
///
/// The message of class 22 is left out too: it quotes the value that did not convert.
pub(super) fn describe(db: &DbError) -> String {
    let code = db.code().code();
    if code.starts_with("22") {
        return format!("the server could not convert a value (SQLSTATE {code})");
    }
    format!("{} (SQLSTATE {code})", db.message())
}

fn report(db: &DbError) -> ServerReport {
    ServerReport {
        code: db.code().code().to_owned(),
        constraint: db.constraint().map(str::to_owned),
        table: db.table().map(str::to_owned),
        column: db.column().map(str::to_owned),
    }
}
