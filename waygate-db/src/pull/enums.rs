//! The enum types of the database, as Rust enums.

use super::naming::{TypeNames, variants};
use super::spelling::Spelling;
use super::words::snake;
use crate::catalog::{Catalog, Object, Properties};

/// The enum types of the schema that is pulled.
#[derive(Debug, Default)]
pub(super) struct Enums<'a>(Vec<PgEnum<'a>>);

/// An enum type and its Rust enum.
#[derive(Debug, Clone)]
pub(super) struct PgEnum<'a> {
    pub(super) object: &'a Object,
    /// Its name in the database.
    pub(super) name: &'a str,
    /// The Rust enum.
    pub(super) rust: String,
    /// The spelling of its labels.
    pub(super) spelling: Spelling,
    pub(super) variants: Vec<Variant>,
}

/// A label and its variant.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    pub(super) rust: String,
    pub(super) label: String,
}

impl<'a> Enums<'a> {
    pub(super) fn of(catalog: &'a Catalog, schema: &str, names: &mut TypeNames) -> Self {
        let found = catalog.objects().filter_map(|(key, object)| match &object.is {
            Properties::Enum(is) if key.schema() == Some(schema) && can_be_said(&is.labels) => Some((object, is)),
            _ => None,
        });
        let pg_enum = |(object, is): (&'a Object, &'a crate::catalog::Enum)| {
            let name = object.path.last().map_or("", String::as_str);
            let rust = names.pg_enum(name);
            let names = variants(&is.labels);
            let pairs: Vec<(&str, &str)> =
                names.iter().map(String::as_str).zip(is.labels.iter().map(String::as_str)).collect();
            let spelling = Spelling::of(&pairs);
            let variants = names.into_iter().zip(&is.labels);
            let variants = variants.map(|(rust, label)| Variant { rust, label: label.clone() }).collect();
            PgEnum { object, name, rust, spelling, variants }
        };
        Self(found.map(pg_enum).collect())
    }

    /// All of them.
    pub(super) fn all(&self) -> &[PgEnum<'a>] {
        &self.0
    }

    /// The place of the enum with this path.
    pub(super) fn place(&self, path: &[String]) -> Option<usize> {
        self.0.iter().position(|pg_enum| pg_enum.object.path == path)
    }

    /// The enum at this place.
    pub(super) fn at(&self, place: usize) -> Option<&PgEnum<'a>> {
        self.0.get(place)
    }
}

/// Whether a Rust enum can have these labels: there is one, and none is blank.
pub(super) fn can_be_said(labels: &[String]) -> bool {
    !labels.is_empty() && labels.iter().all(|label| !label.trim().is_empty())
}

impl PgEnum<'_> {
    /// Whether the derive finds the type's name by itself.
    pub(super) fn is_named_as_derived(&self) -> bool {
        snake(&self.rust) == self.name
    }
}
