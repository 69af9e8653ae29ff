//! What the server said when it refused a script.

use tokio_postgres::error::ErrorPosition;

use crate::error::{Error, ServerReport};

/// A refused script: the error, and where in the script the server saw it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) error: Error,
    /// The character at which the server points, counted from one.
    pub(crate) position: Option<usize>,
}

impl Refusal {
    /// The SQLSTATE; empty when the connection broke.
    pub(crate) fn code(&self) -> &str {
        self.error.code().unwrap_or_default()
    }

    /// What the server said, to go with an error that says more.
    pub(crate) fn into_report(self) -> ServerReport {
        self.error.into_report()
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

impl From<tokio_postgres::Error> for Refusal {
    fn from(error: tokio_postgres::Error) -> Self {
        let position = match error.as_db_error().and_then(|report| report.position()) {
            Some(ErrorPosition::Original(position)) => usize::try_from(*position).ok(),
            Some(ErrorPosition::Internal { .. }) | None => None,
        };
        Self { error: error.into(), position }
    }
}
