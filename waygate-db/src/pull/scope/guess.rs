//! The scopes that names and references suggest, where no policy of the library's says them.

use std::collections::BTreeMap;

use super::super::shape::{Part, Shape};
use super::super::words::{of_one_row, words};
use super::super::{About, Note, Request};
use super::Scope;
use crate::catalog::{Column, Key, Kind};
use crate::error::{Error, Kind as ErrorKind, Result};

/// What a table of tenants is called, the likeliest first.
const TENANTS: &[&str] =
    &["tenant", "organization", "organisation", "org", "workspace", "account", "company", "team", "customer"];

/// Gives the tables that have none a scope, each with a note.
pub(super) fn complete<'a>(
    scopes: &mut BTreeMap<&'a str, Scope>,
    shapes: &BTreeMap<&'a str, Shape<'a>>,
    request: &Request,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let open: Vec<&'a str> = shapes.keys().copied().filter(|name| !scopes.contains_key(name)).collect();
    let tenants = tenant_table(scopes, shapes, request)?;
    let mut guessed = |scopes: &mut BTreeMap<&'a str, Scope>, name: &'a str, scope: Scope, text: String| {
        let key = Key::new(Kind::Table, [request.schema.as_str(), name]);
        notes.push(Note { about: About::Guess, key, text });
        scopes.insert(name, scope);
    };
    for name in &open {
        let Some(shape) = shapes.get(name) else { continue };
        if Some(*name) == tenants {
            guessed(scopes, name, Scope::Key, "each row is taken for a tenant".to_owned());
        } else if let Some(column) = tenant_column(shape, tenants) {
            let text = format!("{} is taken for the tenant of its rows", column.name);
            guessed(scopes, name, Scope::Column(column.name.to_owned()), text);
        }
    }
    // A parent's scope may itself be one through a parent.
    while let Some((name, column, parent)) = open
        .iter()
        .filter(|name| !scopes.contains_key(*name))
        .find_map(|name| owning_reference(shapes.get(name)?, scopes).map(|(column, parent)| (*name, column, parent)))
    {
        let text = format!("its rows are taken to belong to the tenant of their {parent} ({column})");
        guessed(scopes, name, Scope::Through { column, owner: None }, text);
    }
    for name in open {
        if !scopes.contains_key(name) {
            let text = "nothing says whose its rows are: the model is `shared`, so every tenant reads them";
            guessed(scopes, name, Scope::Shared, text.to_owned());
        }
    }
    Ok(())
}

/// The table whose rows are the tenants.
fn tenant_table<'a>(
    scopes: &BTreeMap<&'a str, Scope>,
    shapes: &BTreeMap<&'a str, Shape<'a>>,
    request: &Request,
) -> Result<Option<&'a str>> {
    if let Some(wanted) = &request.tenant {
        let found = shapes.keys().copied().find(|name| name == wanted);
        return found.map(Some).ok_or_else(|| {
            Error::new(ErrorKind::Config, format!("{wanted} cannot be the table of the tenants: it cannot be a model"))
                .help("a table of tenants is a plain table with one uuid as its primary key")
        });
    }
    if let Some((name, _)) = scopes.iter().find(|(_, scope)| **scope == Scope::Key) {
        return Ok(Some(name));
    }
    let named = |name: &&str| shapes.keys().copied().find(|table| of_one_row(table).join("_") == **name);
    Ok(referred_to_as_tenant(shapes).or_else(|| TENANTS.iter().find_map(named)))
}

/// The table that most columns `tenant_id` refer to.
fn referred_to_as_tenant<'a>(shapes: &BTreeMap<&'a str, Shape<'a>>) -> Option<&'a str> {
    let mut counts: BTreeMap<&'a str, usize> = BTreeMap::new();
    for shape in shapes.values() {
        for (column, parent) in references(shape) {
            if words(column) == ["tenant", "id"]
                && let Some((name, _)) = shapes.get_key_value(parent)
            {
                *counts.entry(name).or_default() += 1;
            }
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)
}

/// The column that names the tenant of a row.
fn tenant_column<'a>(shape: &Shape<'a>, tenants: Option<&str>) -> Option<Part<'a, Column>> {
    let usual: Vec<Vec<String>> = [Some(vec!["tenant".to_owned()]), tenants.map(of_one_row)]
        .into_iter()
        .flatten()
        .map(|mut name| {
            name.push("id".to_owned());
            name
        })
        .collect();
    let can = |column: &Part<'a, Column>| column.is.ty == "uuid" && column.is.not_null && column.name != shape.key;
    let refers = |column: &Part<'a, Column>| {
        references(shape).any(|(own, parent)| own == column.name && Some(parent) == tenants)
    };
    let is_usual = |column: &&Part<'a, Column>| can(column) && usual.contains(&words(column.name));
    let mut referring = shape.columns.iter().filter(|column| can(column) && refers(column));
    let by_name = shape.columns.iter().filter(is_usual);
    let by_both = by_name.clone().find(|column| refers(column));
    let alone = match (referring.next(), referring.next()) {
        (Some(column), None) => Some(column),
        _ => None,
    };
    by_both.or(alone).or_else(|| by_name.clone().next()).copied()
}

/// The column and the parent of the reference through which a row can belong to a tenant.
fn owning_reference(shape: &Shape<'_>, scopes: &BTreeMap<&str, Scope>) -> Option<(String, String)> {
    let can_own = |parent: &str| matches!(scopes.get(parent), Some(Scope::Column(_) | Scope::Through { .. }));
    let always = |column: &str| shape.column(column).is_some_and(|column| column.is.not_null);
    let mut found: Vec<(bool, &str, &str)> = shape
        .references()
        .filter_map(|(reference, to, parent)| match reference.is.columns.as_slice() {
            [column] if can_own(parent) && always(column) && parent != shape.name => {
                Some((to.on_delete != "c", column.as_str(), parent))
            }
            _ => None,
        })
        .collect();
    // Rows that go with their parent first.
    found.sort_by_key(|(stays, ..)| *stays);
    found.first().map(|(_, column, parent)| ((*column).to_owned(), (*parent).to_owned()))
}

/// The references by one column: the column and the table.
fn references<'a>(shape: &Shape<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    shape.references().filter_map(|(reference, _, parent)| match reference.is.columns.as_slice() {
        [column] => Some((column.as_str(), parent)),
        _ => None,
    })
}
