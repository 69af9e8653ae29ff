//! Extensions, collations and types.

use super::{Action, Aspect, Key, Outcome, Verb, ident, literal, name, other};
use crate::catalog::{Attribute, Collation, Composite, Domain, Enum, Extension, Range};

pub(super) fn create_extension(key: &Key, it: &Extension) -> String {
    let (schema, version) = (ident(&it.schema), literal(&it.version));
    format!("CREATE EXTENSION {} WITH SCHEMA {schema} VERSION {version}", name(key))
}

pub(super) fn alter_extension(key: &Key, from: &Extension, to: &Extension) -> Outcome {
    let schema = (from.schema != to.schema)
        .then(|| other(key, format!("ALTER EXTENSION {} SET SCHEMA {}", name(key), ident(&to.schema))));
    let version = (from.version != to.version)
        .then(|| other(key, format!("ALTER EXTENSION {} UPDATE TO {}", name(key), literal(&to.version))));
    Outcome::of(schema.into_iter().chain(version))
}

pub(super) fn create_collation(key: &Key, it: &Collation) -> String {
    let provider = match it.provider.as_str() {
        "i" => "icu",
        "b" => "builtin",
        _ => "libc",
    };
    let text = |word: &str, value: &Option<String>| value.as_ref().map(|value| format!("{word} = {}", literal(value)));
    let place = match (provider, &it.locale, &it.ctype) {
        ("libc", Some(order), Some(ctype)) if order != ctype => {
            format!("lc_collate = {}, lc_ctype = {}", literal(order), literal(ctype))
        }
        (_, locale, _) => text("locale", locale).unwrap_or_default(),
    };
    let rules = text("rules", &it.rules);
    let parts = [Some(format!("provider = {provider}")), Some(place), rules];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let deterministic = if it.deterministic { "" } else { ", deterministic = false" };
    format!("CREATE COLLATION {} ({}{deterministic})", name(key), parts.join(", "))
}

pub(super) fn create_enum(key: &Key, it: &Enum) -> String {
    let labels: Vec<String> = it.labels.iter().map(|label| literal(label).to_string()).collect();
    format!("CREATE TYPE {} AS ENUM ({})", name(key), labels.join(", "))
}

/// New labels at their places. Labels that went, or changed places, need the type to be made anew.
pub(super) fn alter_enum(key: &Key, from: &Enum, to: &Enum) -> Outcome {
    let kept: Vec<&String> = to.labels.iter().filter(|label| from.labels.contains(label)).collect();
    if kept != from.labels.iter().collect::<Vec<_>>() {
        return Outcome::Rebuild;
    }
    let mut actions = Vec::new();
    let mut before: Option<&String> = None;
    for label in &to.labels {
        if !from.labels.contains(label) {
            let place = match (before, from.labels.first()) {
                (Some(before), _) => format!(" AFTER {}", literal(before)),
                (None, Some(first)) => format!(" BEFORE {}", literal(first)),
                (None, None) => String::new(),
            };
            let sql = format!("ALTER TYPE {} ADD VALUE {}{place}", name(key), literal(label));
            actions.push(Action { verb: Verb::Alter(Aspect::AddLabel(label.clone())), key: key.clone(), sql });
        }
        before = Some(label);
    }
    Outcome::Statements(actions)
}

pub(super) fn create_domain(key: &Key, it: &Domain) -> Vec<String> {
    let (unchecked, checked): (Vec<_>, Vec<_>) =
        it.checks.iter().partition(|(_, definition)| definition.ends_with("NOT VALID"));
    let mut sql = format!("CREATE DOMAIN {} AS {}", name(key), it.base);
    for part in [
        it.collation.as_ref().map(|collation| format!(" COLLATE {collation}")),
        it.default.as_ref().map(|default| format!(" DEFAULT {default}")),
        it.not_null.then(|| " NOT NULL".to_owned()),
    ] {
        sql.push_str(&part.unwrap_or_default());
    }
    let checks =
        checked.into_iter().map(|(check, definition)| format!("\n    CONSTRAINT {} {definition}", ident(check)));
    sql.extend(checks);
    let late = unchecked.into_iter().map(|(check, definition)| add_check(key, check, definition));
    [sql].into_iter().chain(late).collect()
}

pub(super) fn alter_domain(key: &Key, from: &Domain, to: &Domain) -> Outcome {
    if (&from.base, &from.collation) != (&to.base, &to.collation) {
        return Outcome::Rebuild;
    }
    let alter = |change: &str| other(key, format!("ALTER DOMAIN {} {change}", name(key)));
    let mut actions = Vec::new();
    if from.default != to.default {
        let change = to.default.as_ref().map_or("DROP DEFAULT".to_owned(), |default| format!("SET DEFAULT {default}"));
        actions.push(alter(&change));
    }
    if from.not_null != to.not_null {
        actions.push(alter(if to.not_null { "SET NOT NULL" } else { "DROP NOT NULL" }));
    }
    for (check, definition) in &from.checks {
        match to.checks.get(check) {
            Some(wanted) if wanted == definition => {}
            Some(wanted) if definition.strip_suffix(" NOT VALID") == Some(wanted) => {
                actions.push(alter(&format!("VALIDATE CONSTRAINT {}", ident(check))));
            }
            _ => actions.push(alter(&format!("DROP CONSTRAINT {}", ident(check)))),
        }
    }
    for (check, definition) in &to.checks {
        let kept = from
            .checks
            .get(check)
            .is_some_and(|old| old == definition || old.strip_suffix(" NOT VALID") == Some(definition));
        if !kept {
            actions.push(other(key, add_check(key, check, definition)));
        }
    }
    Outcome::Statements(actions)
}

fn add_check(key: &Key, check: &str, definition: &str) -> String {
    format!("ALTER DOMAIN {} ADD CONSTRAINT {} {definition}", name(key), ident(check))
}

pub(super) fn create_composite(key: &Key, it: &Composite) -> String {
    let attributes: Vec<String> = it.attributes.iter().map(attribute).collect();
    format!("CREATE TYPE {} AS ({})", name(key), attributes.join(", "))
}

/// Attributes that went, changed or came at the end. One that came in between needs the type to be made anew.
pub(super) fn alter_composite(key: &Key, from: &Composite, to: &Composite) -> Outcome {
    let has = |list: &[Attribute], name: &str| list.iter().any(|attribute| attribute.name == name);
    let kept = from.attributes.iter().filter(|attribute| has(&to.attributes, &attribute.name));
    let added = to.attributes.iter().filter(|attribute| !has(&from.attributes, &attribute.name));
    let reached = kept.chain(added).map(|attribute| &attribute.name);
    if !reached.eq(to.attributes.iter().map(|attribute| &attribute.name)) {
        return Outcome::Rebuild;
    }
    let alter = |aspect, change: String| Action {
        verb: Verb::Alter(aspect),
        key: key.clone(),
        sql: format!("ALTER TYPE {} {change}", name(key)),
    };
    let mut actions = Vec::new();
    for old in &from.attributes {
        match to.attributes.iter().find(|new| new.name == old.name) {
            None => actions.push(alter(Aspect::Other, format!("DROP ATTRIBUTE {}", ident(&old.name)))),
            Some(new) if new != old => {
                actions.push(alter(Aspect::Type, format!("ALTER ATTRIBUTE {} TYPE {}", ident(&new.name), typed(new))));
            }
            Some(_) => {}
        }
    }
    for new in to.attributes.iter().filter(|new| !has(&from.attributes, &new.name)) {
        actions.push(alter(Aspect::Other, format!("ADD ATTRIBUTE {}", attribute(new))));
    }
    Outcome::Statements(actions)
}

fn attribute(it: &Attribute) -> String {
    format!("{} {}", ident(&it.name), typed(it))
}

fn typed(it: &Attribute) -> String {
    let collation = it.collation.as_ref().map(|collation| format!(" COLLATE {collation}"));
    format!("{}{}", it.ty, collation.unwrap_or_default())
}

pub(super) fn create_range(key: &Key, it: &Range) -> String {
    let parts = [
        Some(format!("subtype = {}", it.subtype)),
        it.operator_class.as_ref().map(|class| format!("subtype_opclass = {class}")),
        it.collation.as_ref().map(|collation| format!("collation = {collation}")),
        it.canonical.as_ref().map(|function| format!("canonical = {function}")),
        it.difference.as_ref().map(|function| format!("subtype_diff = {function}")),
        it.multirange.as_ref().map(|ty| format!("multirange_type_name = {ty}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("CREATE TYPE {} AS RANGE ({})", name(key), parts.join(", "))
}
