//! The marks that say, in a builder's type, which required fields it was given, and the futures of its verbs.

use std::pin::Pin;

use crate::error::Result;
use crate::schema::{EnumType, Scope, SqlType, Table};

/// A required field that was given. `create()` has a type parameter for each required field.
#[derive(Debug)]
pub struct Set;

/// A required field that was not given yet.
#[derive(Debug)]
pub struct Missing;

/// What a builder's verb returns: a future with a name.
///
/// It is named because rustc words an error about `impl Future` once at the verb, once at its argument and once at the
/// whole expression. One allocation is nothing beside a round trip.
pub type Pending<'s, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 's>>;

/// Gives a verb's future its name.
pub fn pending<'s, T>(future: impl Future<Output = Result<T>> + Send + 's) -> Pending<'s, T> {
    Box::pin(future)
}

/// The type that the user named for a column of texts.
///
/// # Panics
///
/// At compile time, when the field's own type does not travel as text.
#[must_use]
#[expect(clippy::panic, reason = "evaluated in const metadata only, where it is a compile error")]
pub const fn named(own: SqlType, sql: &'static str) -> SqlType {
    match own {
        SqlType::Text | SqlType::Enum(_) | SqlType::Named(_) => SqlType::Named(sql),
        _ => panic!("`sql = \"…\"` is for columns that travel as text: fields of type `String` or `Option<String>`"),
    }
}

/// The table of a model whose derive failed: code beside it still compiles, and the one error is the derive's.
pub const NO_TABLE: &Table = &Table {
    name: "",
    model: "",
    scope: Scope::Shared,
    columns: &[],
    key: 0,
    indexes: &[],
    foreign_keys: &[],
    has_many: &[],
    append_only: true,
    login: None,
    renamed_from: None,
    comment: None,
    declared_at: ("", 0),
};

/// The type of an enum whose derive failed.
pub const NO_ENUM: EnumType =
    EnumType { name: "", labels: &[], rust: "", renamed: &[], renamed_from: None, comment: None };
