//! Enum types.

use super::super::identifier::{literal, public};
use super::layout::joined;
use crate::schema::{EnumType, Schema};

/// The enum types of a schema, under one heading, if it has any.
pub(super) fn create(schema: &Schema) -> Option<String> {
    let enums: Vec<String> = schema.enums().into_iter().map(create_one).collect();
    (!enums.is_empty()).then(|| format!("-- Enum types.\n{}", enums.join("\n")))
}

fn create_one(ty: &EnumType) -> String {
    let labels = joined(ty.labels.iter().map(|label| literal(label)));
    format!("CREATE TYPE {} AS ENUM ({labels});", public(ty.name))
}
