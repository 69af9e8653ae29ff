//! Everything that the models of one database are made from.

use std::collections::BTreeMap;

use super::enums::Enums;
use super::naming::TypeNames;
use super::scope::{self, Scope};
use super::shape::Shape;
use super::{About, Note, Request};
use crate::catalog::{Catalog, Key, Kind, Object, Properties};
use crate::error::{Error, Kind as ErrorKind, Result};

/// The tables that become models, whose rows they hold, their names in Rust, and the notes so far.
pub(super) struct World<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) request: &'a Request,
    /// By name.
    pub(super) shapes: BTreeMap<&'a str, Shape<'a>>,
    /// Of each of them.
    pub(super) scopes: BTreeMap<&'a str, Scope>,
    /// The struct of each of them.
    pub(super) structs: BTreeMap<&'a str, String>,
    pub(super) enums: Enums<'a>,
    pub(super) notes: Vec<Note>,
}

impl<'a> World<'a> {
    pub(super) fn of(catalog: &'a Catalog, request: &'a Request) -> Result<Self> {
        let mut notes = Vec::new();
        let mut shapes = BTreeMap::new();
        for (key, object) in tables(catalog, request)? {
            let Properties::Table(table) = &object.is else { continue };
            match Shape::of(catalog, object, table) {
                Ok(shape) => drop(shapes.insert(shape.name, shape)),
                Err(text) => notes.push(Note { about: About::NoModel, key: key.clone(), text }),
            }
        }
        let scopes = scope::scopes(&mut shapes, request, &mut notes)?;
        let mut names = TypeNames::default();
        let structs = shapes.keys().map(|table| (*table, names.model(table))).collect();
        let enums = Enums::of(catalog, &request.schema, &mut names);
        Ok(Self { catalog, request, shapes, scopes, structs, enums, notes })
    }

    /// Notes something about an object.
    pub(super) fn note(&mut self, about: About, key: Key, text: impl Into<String>) {
        self.notes.push(Note { about, key, text: text.into() });
    }

    /// Whose rows a table holds.
    pub(super) fn scope(&self, table: &str) -> &Scope {
        self.scopes.get(table).unwrap_or(&Scope::Shared)
    }

    /// The struct of a table.
    pub(super) fn rust(&self, table: &str) -> &str {
        self.structs.get(table).map_or("", String::as_str)
    }
}

/// The tables that are asked for.
fn tables<'a>(catalog: &'a Catalog, request: &'a Request) -> Result<Vec<(&'a Key, &'a Object)>> {
    let schema = Key::new(Kind::Schema, [&request.schema]);
    if !catalog.contains(&schema) {
        let names = catalog.objects().filter(|(key, _)| key.kind == Kind::Schema).map(|(key, _)| key.name().to_owned());
        return Err(Error::new(ErrorKind::Config, format!("the database has no {schema}"))
            .help(format!("it has {}", names.collect::<Vec<_>>().join(", "))));
    }
    let is_there = |name: &str| catalog.contains(&Key::new(Kind::Table, [request.schema.as_str(), name]));
    if let Some(missing) = request.tables.iter().chain(&request.tenant).find(|name| !is_there(name)) {
        let missing = Key::new(Kind::Table, [&request.schema, missing]);
        return Err(Error::new(ErrorKind::Config, format!("the database has no {missing}"))
            .help("name the table as it is in the database, without quotes and without its schema"));
    }
    let is_asked_for = |name: &str| request.tables.is_empty() || request.tables.iter().any(|table| table == name);
    let found = catalog.objects().filter(|(key, _)| {
        key.kind == Kind::Table && key.schema() == Some(request.schema.as_str()) && is_asked_for(key.name())
    });
    Ok(found.collect())
}
