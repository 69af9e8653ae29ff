//! What the models of a database do not say.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::catalog::Key;

/// One thing about one object that whoever pulls has to know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// What the note is about.
    pub about: About,
    /// The object.
    #[serde(flatten)]
    pub key: Key,
    /// What there is to say.
    pub text: String,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A table that cannot be a model, and why.
    NoModel,
    /// A guess that somebody has to confirm or correct.
    Guess,
    /// The model says it otherwise, so that a migration from the models changes it.
    Change,
    /// It is in the database and in no model.
    Unsaid,
}

impl About {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::NoModel, Self::Guess, Self::Change, Self::Unsaid];

    /// The heading over the notes of this sort.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::NoModel => "Tables without a model",
            Self::Guess => "Guessed: confirm or correct in the models",
            Self::Change => "Said otherwise by the models, so a migration from them changes it",
            Self::Unsaid => "In the database and in no model: keep it in migrations of your own",
        }
    }
}

impl Display for Note {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.key, self.text)
    }
}

impl Note {
    /// The note in one line and in visible characters, whatever the database names its objects.
    #[must_use]
    pub fn shown(&self) -> String {
        super::write::shown(&self.to_string())
    }
}
