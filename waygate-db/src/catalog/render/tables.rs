//! Tables.

use super::constraints;
use super::{
    Action, Aspect, Key, Outcome, Verb, columns, ident, name, other, qualified, set_parameters, unplanned, with,
};
use crate::catalog::{Column, Constraint, Table};
use crate::error::Result;

/// What stands within a table's statement.
pub(in crate::catalog) struct Inline<'a> {
    /// The columns of its own, in order.
    pub(in crate::catalog) columns: Vec<(Key, &'a Column)>,
    /// Keys, checks and exclusions that can stand there.
    pub(in crate::catalog) constraints: Vec<(Key, &'a Constraint)>,
}

/// The statement that makes a table with what stands within it.
pub(in crate::catalog) fn create(key: &Key, it: &Table, inline: &Inline<'_>) -> Result<Action> {
    if it.kind == "f" {
        return Err(unplanned(key, "it is a foreign table"));
    }
    let unlogged = if it.persistence == "u" { "UNLOGGED " } else { "" };
    let place = match (it.bound.as_deref(), it.parents.first()) {
        (Some(bound), Some(parent)) => partition(inline, parent, bound),
        _ => format!("{}{}", body(inline), inherits(it)),
    };
    let by = it.partition_key.as_ref().map(|by| format!(" PARTITION BY {by}")).unwrap_or_default();
    let method = it.access_method.as_deref().filter(|method| *method != "heap");
    let method = method.map(|method| format!(" USING {}", ident(method))).unwrap_or_default();
    let tablespace = it.tablespace.as_ref().map(|space| format!(" TABLESPACE {}", ident(space))).unwrap_or_default();
    let sql = format!("CREATE {unlogged}TABLE {}{place}{by}{method}{}{tablespace}", name(key), with(&it.options));
    Ok(Action { verb: Verb::Create, key: key.clone(), sql })
}

/// A partition has its parent's columns; what it says of its own is its constraints.
fn partition(inline: &Inline<'_>, parent: &[String], bound: &str) -> String {
    let own: Vec<String> = inline.constraints.iter().map(|(key, it)| constraints::inline(key, it)).collect();
    let own = if own.is_empty() { String::new() } else { format!(" (\n    {}\n)", own.join(",\n    ")) };
    format!(" PARTITION OF {}{own} {bound}", qualified(parent))
}

fn inherits(it: &Table) -> String {
    let parents: Vec<String> = it.parents.iter().map(qualified).collect();
    if parents.is_empty() { String::new() } else { format!(" INHERITS ({})", parents.join(", ")) }
}

/// The columns' names, types and constraints one below the other, then the table's constraints.
fn body(inline: &Inline<'_>) -> String {
    let parts: Vec<(String, String, String)> = inline
        .columns
        .iter()
        .map(|(key, it)| {
            let (ty, constraints) = columns::definition(it);
            (ident(key.name()).to_string(), ty, constraints)
        })
        .collect();
    let width = |of: fn(&(String, String, String)) -> &String| {
        parts.iter().map(|part| of(part).chars().count()).max().unwrap_or_default()
    };
    let (names, types) = (width(|part| &part.0), width(|part| &part.1));
    let columns =
        parts.iter().map(|(name, ty, rest)| format!("{name:names$} {ty:types$} {rest}").trim_end().to_owned());
    let own = inline.constraints.iter().map(|(key, it)| constraints::inline(key, it));
    let lines: Vec<String> = columns.chain(own).collect();
    if lines.is_empty() { " ()".to_owned() } else { format!(" (\n    {}\n)", lines.join(",\n    ")) }
}

pub(super) fn alter(key: &Key, from: &Table, to: &Table) -> Result<Outcome> {
    if (&from.kind, &from.partition_key) != (&to.kind, &to.partition_key) {
        return Err(unplanned(key, "a table cannot become a partitioned one, or be split in another way"));
    }
    let table = |change: &str| other(key, format!("ALTER TABLE {} {change}", name(key)));
    let mut actions = heritage(key, from, to);
    if from.access_method != to.access_method
        && let Some(method) = &to.access_method
    {
        actions.push(table(&format!("SET ACCESS METHOD {}", ident(method))));
    }
    if from.tablespace != to.tablespace {
        let space = to.tablespace.as_deref().unwrap_or("pg_default");
        actions.push(table(&format!("SET TABLESPACE {}", ident(space))));
    }
    actions.extend(set_parameters(&from.options, &to.options).iter().map(|change| table(change)));
    if from.replica_identity != to.replica_identity
        && let Some(identity) = replica_identity(&to.replica_identity)
    {
        actions.push(table(&format!("REPLICA IDENTITY {identity}")));
    }
    actions.extend(row_security(key, (from.row_security, from.forced), to));
    Ok(Outcome::Statements(actions))
}

/// What a new table is told beside its own statement.
pub(in crate::catalog) fn finish(key: &Key, it: &Table) -> Vec<Action> {
    let identity = (it.replica_identity != "d").then(|| replica_identity(&it.replica_identity)).flatten();
    let identity =
        identity.map(|identity| other(key, format!("ALTER TABLE {} REPLICA IDENTITY {identity}", name(key))));
    identity.into_iter().chain(row_security(key, (false, false), it)).collect()
}

/// Row security on or off, and whether it binds the owner, in one statement.
fn row_security(key: &Key, (enabled, forced): (bool, bool), to: &Table) -> Option<Action> {
    let enable = (enabled != to.row_security).then_some(if to.row_security {
        "ENABLE ROW LEVEL SECURITY"
    } else {
        "DISABLE ROW LEVEL SECURITY"
    });
    let force = (forced != to.forced).then_some(if to.forced {
        "FORCE ROW LEVEL SECURITY"
    } else {
        "NO FORCE ROW LEVEL SECURITY"
    });
    let changes: Vec<&str> = enable.into_iter().chain(force).collect();
    (!changes.is_empty()).then(|| Action {
        verb: Verb::Alter(Aspect::RowSecurity),
        key: key.clone(),
        sql: format!("ALTER TABLE {} {}", name(key), changes.join(", ")),
    })
}

/// `USING INDEX` is the index's to say.
fn replica_identity(letter: &str) -> Option<&'static str> {
    match letter {
        "d" => Some("DEFAULT"),
        "n" => Some("NOTHING"),
        "f" => Some("FULL"),
        _ => None,
    }
}

/// Whether the table is logged.
pub(in crate::catalog) fn set_logged(key: &Key, logged: bool) -> Action {
    other(key, format!("ALTER TABLE {} SET {}", name(key), if logged { "LOGGED" } else { "UNLOGGED" }))
}

/// Whether a partition holds other rows of the same table than before.
pub(in crate::catalog) fn is_rebound(from: &Table, to: &Table) -> bool {
    from.bound.is_some() && to.bound.is_some() && from.bound != to.bound && from.parents == to.parents
}

/// What makes a partition a table of its own.
pub(in crate::catalog) fn detach(key: &Key, from: &Table) -> Option<Action> {
    let parent = from.parents.first().filter(|_| from.bound.is_some())?;
    Some(other(key, format!("ALTER TABLE {} DETACH PARTITION {}", qualified(parent), name(key))))
}

/// What makes a table a partition.
pub(in crate::catalog) fn attach(key: &Key, to: &Table) -> Option<Action> {
    let (parent, bound) = (to.parents.first()?, to.bound.as_ref()?);
    Some(other(key, format!("ALTER TABLE {} ATTACH PARTITION {} {bound}", qualified(parent), name(key))))
}

/// From one parent to another: partitions are attached and detached, others inherit or do not.
fn heritage(key: &Key, from: &Table, to: &Table) -> Vec<Action> {
    if (&from.parents, &from.bound) == (&to.parents, &to.bound) || is_rebound(from, to) {
        return Vec::new();
    }
    let table = |change: &str, parent: &[String]| {
        other(key, format!("ALTER TABLE {} {change} {}", name(key), qualified(parent)))
    };
    let gone = from
        .parents
        .iter()
        .filter(|parent| from.bound.is_none() && (!to.parents.contains(parent) || to.bound.is_some()));
    let new = to
        .parents
        .iter()
        .filter(|parent| to.bound.is_none() && (!from.parents.contains(parent) || from.bound.is_some()));
    let left = detach(key, from).into_iter().chain(gone.map(|parent| table("NO INHERIT", parent)));
    left.chain(attach(key, to)).chain(new.map(|parent| table("INHERIT", parent))).collect()
}
