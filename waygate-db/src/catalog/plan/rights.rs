//! Rights.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Action, Catalog, Grant, Key, Kind, Object, Properties, Verb, render};
use super::Plan;
use crate::sql::identifier::ident;
use crate::sql::wrapped;

/// The widest list of privileges that stands on the line of its word.
const SHORT: usize = 60;

/// Rights, each with the columns that it is limited to; none for the whole object.
type Rights = BTreeMap<Grant, BTreeSet<String>>;
/// A privilege, and its columns.
type Right<'a> = (&'a str, &'a BTreeSet<String>);

/// The statements for the rights on an object, and on a table's columns, that are others than before.
pub(super) fn actions(plan: &Plan<'_>, key: &Key, object: &Object) -> Vec<Action> {
    let is_new = plan.is_bare(key);
    let before = match plan.from.object(key).filter(|_| !is_new) {
        Some(before) => before.grants.iter().cloned().collect(),
        None => initial(plan.from, key),
    };
    let after: BTreeSet<Grant> = object.grants.iter().cloned().collect();
    let revoked: Vec<Grant> = before.iter().filter(|grant| !holds(&after, grant)).cloned().collect();
    let weakened = before.iter().filter(|grant| grant.grantable && holds(&after, grant) && !after.contains(*grant));
    let weakened: Vec<Grant> = weakened.cloned().collect();
    let mut granted: Rights = after
        .difference(&before)
        .filter(|grant| grant.grantable || !holds(&before, grant))
        .cloned()
        .map(whole)
        .collect();
    let mut lost: Rights = revoked.iter().cloned().map(whole).collect();
    for column in plan.to.parts(Kind::Column, &key.path).filter(|_| key.kind == Kind::Table) {
        columns(plan, column, &revoked, &mut lost, &mut granted);
    }
    let target = target(object);
    let revoke =
        lines(&lost).map(|(role, rights, _)| (Verb::Revoke, format!("REVOKE {rights} ON {target} FROM {role}")));
    let weaken = lines(&weakened.into_iter().map(whole).collect())
        .map(|(role, rights, _)| (Verb::Revoke, format!("REVOKE GRANT OPTION FOR {rights} ON {target} FROM {role}")))
        .collect::<Vec<_>>();
    let grant = lines(&granted).map(|(role, rights, option)| {
        let line = if rights.contains('\n') { "\n    " } else { " " };
        (Verb::Grant, format!("GRANT {rights}{line}ON {target} TO {role}{option}"))
    });
    let revoke: Vec<_> = revoke.collect();
    revoke.into_iter().chain(weaken).chain(grant).map(|(verb, sql)| Action { verb, key: key.clone(), sql }).collect()
}

/// The rights on a column. One that was taken from the whole table is taken from its columns with it.
fn columns(plan: &Plan<'_>, column: &Object, revoked: &[Grant], lost: &mut Rights, granted: &mut Rights) {
    let key = column.key();
    let name = key.name().to_owned();
    let taken =
        |grant: &&Grant| revoked.iter().any(|other| (&other.role, &other.privilege) == (&grant.role, &grant.privilege));
    let before: BTreeSet<Grant> = match plan.from.object(&key).filter(|_| !plan.is_made(&key)) {
        Some(before) => before.grants.iter().filter(|grant| !taken(grant)).cloned().collect(),
        None => BTreeSet::new(),
    };
    let after: BTreeSet<Grant> = column.grants.iter().cloned().collect();
    for grant in before.difference(&after) {
        lost.entry(grant.clone()).or_default().insert(name.clone());
    }
    for grant in after.difference(&before) {
        granted.entry(grant.clone()).or_default().insert(name.clone());
    }
}

/// The statements for the rights that new objects start with.
pub(super) fn defaults(plan: &Plan<'_>) -> Vec<Action> {
    let keys: BTreeSet<&Key> = plan.from.objects().chain(plan.to.objects()).map(|(key, _)| key).collect();
    let mut actions = Vec::new();
    for key in keys.into_iter().filter(|key| key.kind == Kind::DefaultPrivileges) {
        let [schema, role, letter] = key.path.as_slice() else { continue };
        let base = || if schema.is_empty() { builtin(letter) } else { BTreeSet::new() };
        let of = |catalog: &Catalog| match catalog.object(key) {
            Some(object) => object.grants.iter().cloned().collect(),
            None => base(),
        };
        let (before, after): (BTreeSet<Grant>, BTreeSet<Grant>) = (of(plan.from), of(plan.to));
        let place = if schema.is_empty() { String::new() } else { format!(" IN SCHEMA {}", ident(schema)) };
        let head = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {}{place}", ident(role));
        let things = match letter.as_str() {
            "S" => "SEQUENCES",
            "f" => "FUNCTIONS",
            "T" => "TYPES",
            "n" => "SCHEMAS",
            _ => "TABLES",
        };
        for (role, rights, _) in lines(&before.difference(&after).cloned().map(whole).collect()) {
            let sql = format!("{head} REVOKE {rights} ON {things} FROM {role}");
            actions.push(Action { verb: Verb::Revoke, key: key.clone(), sql });
        }
        for (role, rights, option) in lines(&after.difference(&before).cloned().map(whole).collect()) {
            let sql = format!("{head} GRANT {rights} ON {things} TO {role}{option}");
            actions.push(Action { verb: Verb::Grant, key: key.clone(), sql });
        }
    }
    actions
}

/// The rights that an object has as soon as it is made: the server's own, or what its maker's defaults say.
fn initial(catalog: &Catalog, key: &Key) -> BTreeSet<Grant> {
    let letter = match key.kind {
        Kind::Schema => "n",
        Kind::Table | Kind::View => "r",
        Kind::Sequence => "S",
        Kind::Function => "f",
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => "T",
        _ => return BTreeSet::new(),
    };
    let defaults = |schema: &str| {
        let key = Key::new(Kind::DefaultPrivileges, [schema, &catalog.role, letter]);
        catalog.object(&key).map(|object| object.grants.clone())
    };
    let everywhere = defaults("").map_or_else(|| builtin(letter), |grants| grants.into_iter().collect());
    let here = key.schema().filter(|_| key.kind != Kind::Schema).and_then(defaults).unwrap_or_default();
    everywhere.into_iter().chain(here).collect()
}

/// What everyone may do with a new function or type.
fn builtin(letter: &str) -> BTreeSet<Grant> {
    let privilege = match letter {
        "f" => "EXECUTE",
        "T" => "USAGE",
        _ => return BTreeSet::new(),
    };
    [Grant { role: "public".to_owned(), privilege: privilege.to_owned(), grantable: false }].into()
}

/// Whether the role has the privilege, grantable or not.
fn holds(grants: &BTreeSet<Grant>, wanted: &Grant) -> bool {
    grants.iter().any(|grant| (&grant.role, &grant.privilege) == (&wanted.role, &wanted.privilege))
}

fn whole(grant: Grant) -> (Grant, BTreeSet<String>) {
    (grant, BTreeSet::new())
}

/// For each role, and apart for what it may pass on: the role, its privileges, and the words that let it.
fn lines(rights: &Rights) -> std::vec::IntoIter<(String, String, &'static str)> {
    let mut by_role: BTreeMap<(&str, bool), Vec<Right<'_>>> = BTreeMap::new();
    for (grant, columns) in rights {
        by_role.entry((&grant.role, grant.grantable)).or_default().push((&grant.privilege, columns));
    }
    let lines = by_role.into_iter().map(|((role, grantable), mut privileges)| {
        privileges.sort_by_key(|(privilege, columns)| (!columns.is_empty(), rank(privilege)));
        let role = if role == "public" { "PUBLIC".to_owned() } else { ident(role).to_string() };
        (role, listed(&privileges), if grantable { " WITH GRANT OPTION" } else { "" })
    });
    lines.collect::<Vec<_>>().into_iter()
}

/// The privileges in one list, those on columns on lines of their own when they are long.
fn listed(privileges: &[Right<'_>]) -> String {
    let words: Vec<String> = privileges
        .iter()
        .map(|(privilege, columns)| {
            if columns.is_empty() {
                (*privilege).to_owned()
            } else {
                wrapped(privilege, columns.iter().map(String::as_str), 4)
            }
        })
        .collect();
    let is_short = words.iter().map(String::len).sum::<usize>() < SHORT;
    let mut text = String::new();
    for (place, (word, (_, columns))) in words.iter().zip(privileges).enumerate() {
        if place > 0 {
            text.push_str(if columns.is_empty() || is_short { ", " } else { ",\n    " });
        }
        text.push_str(word);
    }
    text
}

fn rank(privilege: &str) -> usize {
    ["SELECT", "DELETE", "INSERT", "UPDATE"].iter().position(|known| *known == privilege).unwrap_or(9)
}

/// What the rights are on, as GRANT names it.
fn target(object: &Object) -> String {
    let key = object.key();
    match object.is {
        Properties::Table(_) | Properties::View(_) => render::name(&key),
        Properties::Enum(_) | Properties::Domain(_) | Properties::Composite(_) | Properties::Range(_) => {
            format!("TYPE {}", render::name(&key))
        }
        _ => render::target(object),
    }
}
