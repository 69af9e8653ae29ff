//! What an error says, everywhere it can be read, and what it must not say.

use std::error::Error as StdError;
use std::fmt::{Debug, Write};

use waygate_db::{Error, Result};

/// A value that stands in rows, and so must stand in no error.
pub(crate) const MARKER: &str = "zebra-4711";

/// An outcome that has to be a refusal.
pub(crate) trait Outcome<T> {
    /// The error, after a look at its words: they say something, and no row's value.
    fn refused(self) -> Error;
}

impl<T: Debug> Outcome<T> for Result<T> {
    #[track_caller]
    fn refused(self) -> Error {
        refusal(self)
    }
}

/// As [`Outcome::refused`], for results without `Debug`.
#[track_caller]
pub(crate) fn refusal<T>(result: Result<T>) -> Error {
    let Err(error) = result else { panic!("this succeeded and should not have") };
    assert!(!error.message().is_empty());
    let words = words(&error);
    assert!(!words.contains(MARKER), "an error shows a row's value: {words}");
    error
}

/// Everything that can be printed of an error: itself and all its causes, for people and for programmers.
pub(crate) fn words(error: &Error) -> String {
    let mut words = format!("{error}\n{error:?}\n{error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(words, "\n{error}\n{error:?}").unwrap();
        cause = error.source();
    }
    words
}

/// A text's bytes, as PostgreSQL prints a `bytea`.
pub(crate) fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
