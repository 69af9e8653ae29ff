//! Columns.

use super::{Action, Aspect, Key, Outcome, Verb, ident, other, relation, sequences, set_parameters};
use crate::catalog::{Column, Sequence};

/// The column, unless it comes from a parent.
pub(super) fn create(key: &Key, it: &Column) -> Vec<Action> {
    if it.inherited && !it.local {
        return Vec::new();
    }
    let first = Column { default: it.default_of_rows().map(str::to_owned), ..it.clone() };
    let (ty, constraints) = definition(&first);
    let words = [ident(key.name()).to_string(), ty, constraints];
    let definition = words.join(" ");
    let sql = format!("ALTER TABLE {} ADD COLUMN {}", relation(key), definition.trim_end());
    let made = Action { verb: Verb::Create, key: key.clone(), sql };
    let late = it.default.as_deref().filter(|_| first.default.is_none());
    let defaulted = late.map(|late| default(key, Some(late)));
    [made].into_iter().chain(defaulted).chain(storage(key, &plain(it), it)).collect()
}

/// What a column that stands within its table's statement is told after it.
pub(super) fn after_table(key: &Key, it: &Column) -> Vec<Action> {
    storage(key, &plain(it), it)
}

/// Its type, and what follows: collation, NOT NULL, default or expression. An identity comes with its sequence.
pub(in crate::catalog) fn definition(it: &Column) -> (String, String) {
    let kept = if it.is_virtual { "VIRTUAL" } else { "STORED" };
    let parts = [
        it.collation.as_ref().map(|collation| format!("COLLATE {collation}")),
        it.not_null.then(|| "NOT NULL".to_owned()),
        it.default.as_ref().map(|default| format!("DEFAULT {default}")),
        it.generated.as_ref().map(|expression| format!("GENERATED ALWAYS AS ({expression}) {kept}")),
    ];
    (it.ty.clone(), parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// What makes a column an identity that counts by this sequence.
pub(in crate::catalog) fn add_identity(key: &Key, it: &Column, sequence: &Key, numbers: &Sequence) -> Option<Action> {
    let kind = identity(it)?;
    let (name, options) = (super::name(sequence), sequences::options(numbers));
    let change = format!("ADD GENERATED {kind} AS IDENTITY (SEQUENCE NAME {name} {options})");
    Some(other(key, column(key, &change)))
}

/// What makes a column an identity no longer; its sequence goes with that.
pub(in crate::catalog) fn drop_identity(key: &Key) -> Action {
    other(key, column(key, "DROP IDENTITY"))
}

/// What sets a column's default, or takes it away.
pub(in crate::catalog) fn default(key: &Key, default: Option<&str>) -> Action {
    let change = default.map_or_else(|| "DROP DEFAULT".to_owned(), |default| format!("SET DEFAULT {default}"));
    Action { verb: Verb::Alter(Aspect::Default), key: key.clone(), sql: column(key, &change) }
}

pub(super) fn alter(key: &Key, from: &Column, to: &Column) -> Outcome {
    let loses_expression = from.generated.is_some() && to.generated.is_none() && !from.is_virtual;
    if (from.generated != to.generated || from.is_virtual != to.is_virtual) && !loses_expression {
        return Outcome::Rebuild;
    }
    let mut actions = Vec::new();
    let mut push = |aspect, change: &str| {
        actions.push(Action { verb: Verb::Alter(aspect), key: key.clone(), sql: column(key, change) });
    };
    if loses_expression {
        push(Aspect::Other, "DROP EXPRESSION");
    }
    let retyped = (&from.ty, &from.collation) != (&to.ty, &to.collation);
    // A default that cannot become one of the new type would be in its way.
    if from.default.is_some() && (to.default.is_none() || retyped) {
        push(Aspect::Default, "DROP DEFAULT");
    }
    if retyped {
        let collation = to.collation.as_ref().map(|collation| format!(" COLLATE {collation}")).unwrap_or_default();
        push(Aspect::Type, &format!("TYPE {}{collation}{}", to.ty, using(key, from, to)));
    }
    if let Some(default) = to.default.as_ref().filter(|_| from.default != to.default || retyped) {
        push(Aspect::Default, &format!("SET DEFAULT {default}"));
    }
    match (from.not_null, to.not_null) {
        (false, true) => push(Aspect::NotNull, "SET NOT NULL"),
        (true, false) => push(Aspect::Nullable, "DROP NOT NULL"),
        _ => {}
    }
    if let (Some(_), Some(kind)) = (&from.identity, identity(to).filter(|_| from.identity != to.identity)) {
        push(Aspect::Other, &format!("SET GENERATED {kind}"));
    }
    actions.extend(storage(key, from, to));
    Outcome::Statements(actions)
}

/// What turns the one type into the other where the server does not by itself: its text form, unless one of them is
/// `boolean` and the other a number.
fn using(key: &Key, from: &Column, to: &Column) -> String {
    let (old, new) = (Family::of(&from.ty), Family::of(&to.ty));
    if new == Family::Texts || (old == new && (old != Family::Others || base(&from.ty) == base(&to.ty))) {
        return String::new();
    }
    let column = ident(key.name());
    match (old, new) {
        (Family::Numbers, Family::Truth) => format!(" USING {column} <> 0"),
        (Family::Truth, Family::Numbers) => format!(" USING {column}::integer"),
        (Family::Texts, _) => format!(" USING {column}::{}", to.ty),
        _ => format!(" USING {column}::text::{}", to.ty),
    }
}

/// Types between which the server finds a cast when a value is assigned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Texts,
    Numbers,
    Times,
    Json,
    Truth,
    Others,
}

impl Family {
    fn of(ty: &str) -> Self {
        match base(ty).as_str() {
            "text" | "character varying" | "character" | "name" => Self::Texts,
            "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Self::Numbers,
            "date" | "timestamp without time zone" | "timestamp with time zone" => Self::Times,
            "json" | "jsonb" => Self::Json,
            "boolean" => Self::Truth,
            _ => Self::Others,
        }
    }
}

/// The type without what stands in parentheses: `timestamp(3) with time zone` is `timestamp with time zone`.
fn base(ty: &str) -> String {
    match (ty.find('('), ty.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let (before, after) = (ty.get(..open).unwrap_or_default(), ty.get(close..).unwrap_or_default());
            format!("{}{}", before.trim_end(), after.trim_start_matches(')'))
        }
        _ => ty.to_owned(),
    }
}

/// How and where its values are kept, and what the planner knows of them.
fn storage(key: &Key, from: &Column, to: &Column) -> Vec<Action> {
    let word = |letter: &str| match letter {
        "p" => "PLAIN",
        "e" => "EXTERNAL",
        "m" => "MAIN",
        _ => "EXTENDED",
    };
    let mut changes = Vec::new();
    if from.storage != to.storage {
        // The type's own way, for which 15 has no word, is that of long values for all types that are kept apart.
        changes.push(format!("SET STORAGE {}", word(to.storage.as_deref().unwrap_or_default())));
    }
    if from.compression != to.compression {
        let method = match to.compression.as_deref() {
            Some("p") => "pglz",
            Some("l") => "lz4",
            _ => "default",
        };
        changes.push(format!("SET COMPRESSION {method}"));
    }
    if from.statistics != to.statistics {
        changes.push(format!("SET STATISTICS {}", to.statistics.unwrap_or(-1)));
    }
    changes.extend(set_parameters(&from.options, &to.options));
    changes.iter().map(|change| other(key, column(key, change))).collect()
}

/// The column as a new one begins: kept as its type says.
fn plain(it: &Column) -> Column {
    Column { storage: None, compression: None, statistics: None, options: Vec::new(), ..it.clone() }
}

fn identity(it: &Column) -> Option<&'static str> {
    it.identity.as_deref().map(|letter| if letter == "a" { "ALWAYS" } else { "BY DEFAULT" })
}

fn column(key: &Key, change: &str) -> String {
    format!("ALTER TABLE {} ALTER COLUMN {} {change}", relation(key), ident(key.name()))
}
