//! Enum types.

use super::super::identifier::{literal, public};
use super::comments;
use super::layout::joined;
use crate::schema::{EnumType, Schema};

/// The enum types of a schema, under one heading, if it has any.
pub(super) fn create(schema: &Schema) -> Option<String> {
    let enums = schema.enums();
    let types: Vec<String> = enums.iter().map(|ty| create_one(ty)).collect();
    let comments: Vec<String> = enums.iter().filter_map(|ty| comments::of_enum(ty)).collect();
    let groups: Vec<String> =
        [types, comments].into_iter().filter(|group| !group.is_empty()).map(|group| group.join("\n")).collect();
    (!groups.is_empty()).then(|| format!("-- Enum types.\n{}", groups.join("\n\n")))
}

fn create_one(ty: &EnumType) -> String {
    let labels = joined(ty.labels.iter().map(|label| literal(label)));
    format!("CREATE TYPE {} AS ENUM ({labels});", public(ty.name))
}
