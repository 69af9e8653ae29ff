//! Foreign keys, as `belongs_to`.

use std::collections::BTreeMap;

use super::About;
use super::scope::Scope;
use super::shape::{Part, Shape};
use super::world::World;
use crate::catalog::Constraint;
use crate::sql::ddl::names::derived;
use crate::sql::identifier::ident;

/// What a column refers to, as a model says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BelongsTo<'a> {
    /// The parent's table.
    pub(super) parent: &'a str,
    pub(super) on_delete: OnDelete,
}

/// What happens to a row whose parent is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnDelete {
    Cascade,
    Restrict,
    SetNull,
}

/// The references of a table's columns.
pub(super) type References<'a> = BTreeMap<&'a str, BelongsTo<'a>>;

/// The references that the model can say; the others are noted, and those that it says otherwise.
pub(super) fn of<'a>(world: &mut World<'a>, shape: &Shape<'a>) -> References<'a> {
    let mut found = References::new();
    let mut refused = Vec::new();
    let mut taken = Vec::new();
    for constraint in shape.constraints("f") {
        match said(world, shape, constraint) {
            Ok((column, belongs_to)) if !found.contains_key(column) => {
                found.insert(column, belongs_to);
                taken.push(constraint);
            }
            // The second key of one reference, which carries the tenant; what it should be is seen below.
            Ok((column, belongs_to)) if found.get(column).is_some_and(|first| first.parent == belongs_to.parent) => {
                taken.push(constraint);
            }
            Ok(_) => refused.push((constraint, "its column refers to another table too".to_owned())),
            Err(why) => refused.push((constraint, why)),
        }
    }
    for (constraint, why) in refused {
        world.note(About::Unsaid, constraint.key(), format!("no `belongs_to`: {why}"));
    }
    compare(world, shape, &found, &taken);
    found
}

/// The reference as the model says it, or why it cannot.
fn said<'a>(
    world: &World<'a>,
    shape: &Shape<'a>,
    constraint: Part<'a, Constraint>,
) -> Result<(&'a str, BelongsTo<'a>), String> {
    let to = shape.references().find(|(other, ..)| other.name == constraint.name);
    let Some((_, reference, parent)) = to else {
        return Err("the table that it refers to is in another schema".to_owned());
    };
    let Some(other) = world.shapes.get(parent) else { return Err(format!("{parent} has no model here")) };
    let tenants = world.scope(parent).tenant_column();
    let column = match (constraint.is.columns.as_slice(), reference.columns.as_slice()) {
        ([column], [key]) if key == other.key => column,
        ([own, column], [tenant, key]) if key == other.key && Some(tenant.as_str()) == tenants => {
            match world.scope(shape.name) {
                Scope::Column(tenant) if tenant == own => column,
                Scope::Through { column: through, owner: Some(owner) } if owner == own && through == column => column,
                _ => return Err("it is over more than one column".to_owned()),
            }
        }
        _ => return Err(format!("it does not refer to the key of {parent}")),
    };
    if column == shape.key {
        return Err("its column is the table's key".to_owned());
    }
    if !keeps_apart(world.scope(shape.name), column, world.scope(parent)) {
        return Err("it could lead to another tenant's row, because it cannot carry the tenant".to_owned());
    }
    let nullable = shape.column(column).is_some_and(|column| !column.is.not_null);
    let on_delete = match reference.on_delete.as_str() {
        "c" => OnDelete::Cascade,
        "n" if nullable => OnDelete::SetNull,
        _ => OnDelete::Restrict,
    };
    let belongs_to = BelongsTo { parent: other.name, on_delete };
    Ok((column.as_str(), belongs_to))
}

/// The rule of the derive: a reference that cannot lead to another tenant's row.
fn keeps_apart(child: &Scope, column: &str, parent: &Scope) -> bool {
    match (child, parent) {
        (Scope::Through { column: through, .. }, Scope::Shared) => through != column,
        (_, Scope::Shared) => true,
        (Scope::Through { column: through, .. }, _) => through == column,
        (Scope::Column(tenant), Scope::Key) => tenant == column,
        (Scope::Column(tenant), Scope::Column(_)) => tenant != column,
        _ => false,
    }
}

/// Notes where the keys of the models are not those of the database.
fn compare<'a>(world: &mut World<'a>, shape: &Shape<'a>, found: &References<'a>, taken: &[Part<'a, Constraint>]) {
    let expected: Vec<(String, String)> =
        found.iter().flat_map(|(column, belongs_to)| keys(world, shape, column, belongs_to)).collect();
    let is_there = |constraint: &Part<'a, Constraint>| {
        constraint.is.valid
            && expected.iter().any(|(name, text)| name == constraint.name && *text == constraint.is.definition)
    };
    let different: Vec<Part<'a, Constraint>> =
        taken.iter().filter(|constraint| !is_there(constraint)).copied().collect();
    for constraint in different {
        let column = constraint.is.columns.last().map_or("", String::as_str);
        let keys: Vec<String> = found
            .get(column)
            .map(|belongs_to| keys(world, shape, column, belongs_to))
            .unwrap_or_default()
            .into_iter()
            .map(|(name, text)| format!("{} {text}", ident(&name)))
            .collect();
        let text = format!("the model's key is {}", keys.join(" and "));
        world.note(About::Change, constraint.key(), text);
    }
}

/// The names and texts of the keys that the derive makes of a reference, as the server prints them.
fn keys(world: &World<'_>, shape: &Shape<'_>, column: &str, belongs_to: &BelongsTo<'_>) -> Vec<(String, String)> {
    let Some(parent) = world.shapes.get(belongs_to.parent) else { return Vec::new() };
    let key = |columns: &[&str], parents: &[&str]| {
        let name = derived(shape.name, columns.iter().copied(), "fkey");
        let list = |names: &[&str]| names.iter().map(|name| ident(name).to_string()).collect::<Vec<_>>().join(", ");
        let to = parent.object.path.iter().map(|name| ident(name).to_string()).collect::<Vec<_>>().join(".");
        let action = match (belongs_to.on_delete, columns) {
            (OnDelete::Cascade, _) => "CASCADE".to_owned(),
            (OnDelete::Restrict, _) => "RESTRICT".to_owned(),
            (OnDelete::SetNull, [_, column]) => format!("SET NULL ({})", ident(column)),
            (OnDelete::SetNull, _) => "SET NULL".to_owned(),
        };
        (name, format!("FOREIGN KEY ({}) REFERENCES {to}({}) ON DELETE {action}", list(columns), list(parents)))
    };
    let plain = key(&[column], &[parent.key]);
    match (world.scope(shape.name), world.scope(belongs_to.parent)) {
        (Scope::Column(own), Scope::Column(tenant)) if own != column => {
            vec![key(&[own, column], &[tenant, parent.key])]
        }
        (Scope::Through { column: through, owner: Some(owner) }, Scope::Column(tenant)) if through == column => {
            vec![plain, key(&[owner, column], &[tenant, parent.key])]
        }
        _ => vec![plain],
    }
}

impl OnDelete {
    /// The word of `on_delete = …`.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Cascade => "cascade",
            Self::Restrict => "restrict",
            Self::SetNull => "set_null",
        }
    }
}
