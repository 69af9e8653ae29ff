//! The statements that make, change and drop the objects of a catalog, a file for each kind.
//!
//! What the server printed is used as it is; only names and texts are quoted here. A change that has no statement of its
//! own is told as [`Outcome::Rebuild`]: the object is dropped and made anew.

mod columns;
mod constraints;
mod functions;
mod indexes;
mod policies;
mod publications;
mod sequences;
mod tables;
mod triggers;
mod types;
mod views;

use super::{Action, Aspect, Key, Kind, Object, Properties, Verb};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::sql::identifier::{ident, literal};

pub(super) use columns::{add_identity, default as set_default, drop_identity};
pub(super) use sequences::owned_by;
pub(super) use tables::{
    Inline, attach, create as create_table, detach, finish as finish_table, is_rebound, set_logged,
};

/// What has to be done about a changed object.
pub(super) enum Outcome {
    /// These statements, in this order.
    Statements(Vec<Action>),
    /// It is dropped and made anew.
    Rebuild,
}

impl Outcome {
    /// The statements, if no part of the change is without one.
    fn of(statements: impl IntoIterator<Item = Action>) -> Self {
        Self::Statements(statements.into_iter().collect())
    }
}

/// The statement that makes an object. Tables, whose parts stand in their statement, are made by [`create_table`].
pub(super) fn create(object: &Object) -> Result<Vec<Action>> {
    let key = object.key();
    let sql = match &object.is {
        Properties::Schema {} => vec![format!("CREATE SCHEMA {}", name(&key))],
        Properties::Extension(it) => vec![types::create_extension(&key, it)],
        Properties::Collation(it) => vec![types::create_collation(&key, it)],
        Properties::Enum(it) => vec![types::create_enum(&key, it)],
        Properties::Domain(it) => types::create_domain(&key, it),
        Properties::Composite(it) => vec![types::create_composite(&key, it)],
        Properties::Range(it) => vec![types::create_range(&key, it)],
        Properties::Sequence(it) => vec![sequences::create(&key, it)],
        Properties::Function(it) => vec![functions::create(&key, it)?],
        Properties::Table(_) => return Err(unplanned(&key, "a table is made with its parts")),
        Properties::Column(it) => return Ok(columns::create(&key, it)),
        Properties::Constraint(it) => return Ok(constraints::create(&key, it)),
        Properties::Index(it) => return Ok(indexes::create(&key, it)),
        Properties::View(it) => views::create(&key, it),
        Properties::Trigger(it) => triggers::create(&key, it),
        Properties::Rule(it) => triggers::create_rule(&key, it),
        Properties::Policy(it) => vec![policies::create(&key, it)],
        Properties::Statistics(it) => policies::create_statistics(&key, it),
        Properties::DefaultPrivileges(_) => Vec::new(),
        Properties::Publication(it) => vec![publications::create(&key, it)],
    };
    Ok(sql.into_iter().map(|sql| Action { verb: Verb::Create, key: key.clone(), sql }).collect())
}

/// The statements that change an object into another of its kind.
pub(super) fn alter(from: &Object, to: &Object) -> Result<Outcome> {
    let key = to.key();
    Ok(match (&from.is, &to.is) {
        (Properties::Extension(from), Properties::Extension(to)) => types::alter_extension(&key, from, to),
        (Properties::Enum(from), Properties::Enum(to)) => types::alter_enum(&key, from, to),
        (Properties::Domain(from), Properties::Domain(to)) => types::alter_domain(&key, from, to),
        (Properties::Composite(from), Properties::Composite(to)) => types::alter_composite(&key, from, to),
        (Properties::Sequence(from), Properties::Sequence(to)) => sequences::alter(&key, from, to),
        (Properties::Function(from), Properties::Function(to)) => functions::alter(&key, from, to)?,
        (Properties::Table(from), Properties::Table(to)) => tables::alter(&key, from, to)?,
        (Properties::Column(from), Properties::Column(to)) => columns::alter(&key, from, to),
        (Properties::Constraint(from), Properties::Constraint(to)) => constraints::alter(&key, from, to),
        (Properties::Index(from), Properties::Index(to)) => indexes::alter(&key, from, to),
        (Properties::View(from), Properties::View(to)) => views::alter(&key, from, to),
        (Properties::Trigger(from), Properties::Trigger(to)) => triggers::alter(&key, from, to),
        (Properties::Rule(from), Properties::Rule(to)) => triggers::alter_rule(&key, from, to),
        (Properties::Policy(from), Properties::Policy(to)) => policies::alter(&key, from, to),
        (Properties::Statistics(from), Properties::Statistics(to)) => policies::alter_statistics(&key, from, to),
        (Properties::Publication(from), Properties::Publication(to)) => publications::alter(&key, from, to),
        (Properties::DefaultPrivileges(from), Properties::DefaultPrivileges(to)) if from != to => {
            return Err(unplanned(&key, "what a role keeps of its own rights is no part of a plan"));
        }
        (from, to) if from == to => Outcome::of([]),
        _ => Outcome::Rebuild,
    })
}

/// What a part that stands within its table's statement is told after it.
pub(super) fn after_table(part: &Object) -> Vec<Action> {
    match &part.is {
        Properties::Column(it) => columns::after_table(&part.key(), it),
        _ => Vec::new(),
    }
}

/// The statement that drops an object.
pub(super) fn drop(object: &Object) -> Action {
    let key = object.key();
    let sql = match key.kind {
        Kind::Column | Kind::Constraint => {
            format!("ALTER TABLE {} DROP {} {}", relation(&key), key.kind.as_str().to_uppercase(), ident(key.name()))
        }
        Kind::DefaultPrivileges => String::new(),
        _ => format!("DROP {}", target(object)),
    };
    Action { verb: Verb::Drop, key, sql }
}

/// The statement that gives an object another name.
pub(super) fn rename(object: &Object, new: &str) -> Action {
    let key = object.key();
    let sql = match key.kind {
        Kind::Column | Kind::Constraint => {
            let word = key.kind.as_str().to_uppercase();
            format!("ALTER TABLE {} RENAME {word} {} TO {}", relation(&key), ident(key.name()), ident(new))
        }
        _ => format!("ALTER {} RENAME TO {}", target(object), ident(new)),
    };
    Action { verb: Verb::Rename(new.to_owned()), key, sql }
}

/// The statement that sets or removes an object's comment.
pub(super) fn comment(object: &Object) -> Action {
    let key = object.key();
    let text = object.comment.as_deref().map_or_else(|| "NULL".to_owned(), |text| literal(text).to_string());
    let target = match key.kind {
        Kind::Constraint => format!("CONSTRAINT {} ON {}", ident(key.name()), relation(&key)),
        Kind::Column => format!("COLUMN {}", name(&key)),
        _ => target(object),
    };
    Action { verb: Verb::Comment, sql: format!("COMMENT ON {target} IS {text}"), key }
}

/// The statement that hands an object over.
pub(super) fn owner(object: &Object) -> Option<Action> {
    let owner = object.owner.as_deref()?;
    let sql = format!("ALTER {} OWNER TO {}", target(object), ident(owner));
    Some(Action { verb: Verb::Alter(Aspect::Owner), key: object.key(), sql })
}

/// The kind's word and the name, as ALTER, DROP and COMMENT ON take them.
pub(super) fn target(object: &Object) -> String {
    let key = object.key();
    let on = |word: &str| format!("{word} {} ON {}", ident(key.name()), relation(&key));
    match &object.is {
        Properties::Schema {} => format!("SCHEMA {}", name(&key)),
        Properties::Extension(_) => format!("EXTENSION {}", name(&key)),
        Properties::Collation(_) => format!("COLLATION {}", name(&key)),
        Properties::Enum(_) | Properties::Composite(_) | Properties::Range(_) => format!("TYPE {}", name(&key)),
        Properties::Domain(_) => format!("DOMAIN {}", name(&key)),
        Properties::Sequence(_) => format!("SEQUENCE {}", name(&key)),
        Properties::Function(it) => format!("{} {}", functions::word(it), name(&key)),
        Properties::Table(it) if it.kind == "f" => format!("FOREIGN TABLE {}", name(&key)),
        Properties::Table(_) => format!("TABLE {}", name(&key)),
        Properties::Column(_) => format!("COLUMN {}", name(&key)),
        Properties::Constraint(_) => on("CONSTRAINT"),
        Properties::Index(_) => format!("INDEX {}", name(&key)),
        Properties::View(it) if it.materialized => format!("MATERIALIZED VIEW {}", name(&key)),
        Properties::View(_) => format!("VIEW {}", name(&key)),
        Properties::Trigger(_) => on("TRIGGER"),
        Properties::Rule(_) => on("RULE"),
        Properties::Policy(_) => on("POLICY"),
        Properties::Statistics(_) => format!("STATISTICS {}", name(&key)),
        Properties::DefaultPrivileges(_) => String::new(),
        Properties::Publication(_) => format!("PUBLICATION {}", name(&key)),
    }
}

/// The object's qualified name. An index stands in its table's schema.
pub(super) fn name(key: &Key) -> String {
    match (key.kind, key.path.as_slice()) {
        (Kind::Function, [schema, function, arguments]) => {
            format!("{}.{}({arguments})", ident(schema), ident(function))
        }
        (Kind::Index, [schema, _, index]) => qualified([schema, index]),
        (_, path) => qualified(path),
    }
}

/// The qualified name of the table or view that the object is a part of.
pub(super) fn relation(key: &Key) -> String {
    qualified(key.relation().unwrap_or(&key.path))
}

/// Names with dots between them.
pub(super) fn qualified<N: AsRef<str>>(path: impl IntoIterator<Item = N>) -> String {
    path.into_iter().map(|name| ident(name.as_ref()).to_string()).collect::<Vec<_>>().join(".")
}

/// Names, or other words, in one list.
pub(super) fn list<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    names.into_iter().map(|name| ident(name.as_ref()).to_string()).collect::<Vec<_>>().join(", ")
}

/// ` WITH (…)` of storage parameters, if there are any.
fn with(options: &[String]) -> String {
    if options.is_empty() { String::new() } else { format!(" WITH ({})", parameters(options)) }
}

/// Storage parameters as a statement takes them: the server keeps `name=value` with the bare value.
fn parameters(options: &[String]) -> String {
    let quoted = options.iter().map(|option| match option.split_once('=') {
        Some((name, value)) => format!("{name} = {}", literal(value)),
        None => option.clone(),
    });
    quoted.collect::<Vec<_>>().join(", ")
}

/// `SET (…)` and `RESET (…)` that turn these storage parameters into those.
fn set_parameters(from: &[String], to: &[String]) -> Vec<String> {
    let name = |option: &str| option.split_once('=').map_or(option, |(name, _)| name).to_owned();
    let set: Vec<String> = to.iter().filter(|option| !from.contains(option)).cloned().collect();
    let kept: Vec<String> = to.iter().map(|option| name(option)).collect();
    let gone: Vec<String> = from.iter().map(|option| name(option)).filter(|name| !kept.contains(name)).collect();
    let set = (!set.is_empty()).then(|| format!("SET ({})", parameters(&set)));
    let reset = (!gone.is_empty()).then(|| format!("RESET ({})", gone.join(", ")));
    set.into_iter().chain(reset).collect()
}

/// A change of an aspect that no one has to know of.
fn other(key: &Key, sql: String) -> Action {
    Action { verb: Verb::Alter(Aspect::Other), key: key.clone(), sql }
}

/// The error of what no statement does.
pub(super) fn unplanned(key: &Key, reason: &str) -> Error {
    Error::new(ErrorKind::Plan, format!("{key} cannot be planned: {reason}"))
        .help("write this part of the migration by hand")
}
