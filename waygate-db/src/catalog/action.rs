//! One statement of a plan.

use std::fmt::{self, Display, Formatter};

use super::{Key, Kind};

/// One statement of a plan: what it does to which object, and its text in the plain form.
///
/// The plain form runs in one transaction together with all others; what a busy database needs instead is up to whoever
/// writes a migration from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub verb: Verb,
    /// The object that it does it to, by its name before the plan's renames.
    pub key: Key,
    /// The statement, without a semicolon at its end.
    pub sql: String,
}

/// What a statement does to its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Makes it.
    Create,
    /// Removes it.
    Drop,
    /// Gives it this name.
    Rename(String),
    /// Changes this of it.
    Alter(Aspect),
    /// Gives rights on it.
    Grant,
    /// Takes rights on it.
    Revoke,
    /// Sets or removes its comment.
    Comment,
}

/// What of an object a statement changes, as far as it matters to whoever runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aspect {
    /// A column's, attribute's or domain's type.
    Type,
    /// A column's default.
    Default,
    /// A column refuses NULL from now on.
    NotNull,
    /// A column takes NULL from now on.
    Nullable,
    /// An enum has one more label, this one.
    AddLabel(String),
    /// An enum lost labels, these ones, and was made anew.
    RemoveLabels(Vec<String>),
    /// A constraint is checked on the rows that are there.
    Validate,
    /// Row security is switched on or off, or binds the owner or not.
    RowSecurity,
    /// Its owner.
    Owner,
    /// Anything else.
    Other,
}

impl Action {
    /// Whether rows or values are gone after it.
    #[must_use]
    pub const fn loses_data(&self) -> bool {
        matches!(
            (&self.verb, self.key.kind),
            (Verb::Drop, Kind::Table | Kind::Column | Kind::Sequence) | (Verb::Alter(Aspect::RemoveLabels(_)), _)
        )
    }
}

impl Display for Action {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{};", self.sql)
    }
}
