//! Column types by name, and the casts of those that travel as another type.
//!
//! Enums and the user's own types travel as text, sealed values as `bytea`: their numbers differ from database to
//! database, and looking one up would be a round trip outside the flight.

#[cfg(test)]
mod tests;

use std::fmt::{self, Display, Formatter};

use super::identifier::{ident, public};
use crate::schema::{Column, SqlType};

impl Display for SqlType {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => out.write_str("boolean"),
            Self::Int2 => out.write_str("smallint"),
            Self::Int4 => out.write_str("integer"),
            Self::Int8 => out.write_str("bigint"),
            Self::Float4 => out.write_str("real"),
            Self::Float8 => out.write_str("double precision"),
            Self::Text => out.write_str("text"),
            Self::Varchar(length) => write!(out, "varchar({length})"),
            Self::Bytea => out.write_str("bytea"),
            Self::Uuid => out.write_str("uuid"),
            Self::Date => out.write_str("date"),
            Self::Timestamptz => out.write_str("timestamptz"),
            Self::Jsonb => out.write_str("jsonb"),
            Self::Enum(ty) => public(ty.name).fmt(out),
            Self::Encrypted => out.write_str("waygate.encrypted"),
            Self::Array(element) => write!(out, "{element}[]"),
            Self::Named(name) => out.write_str(name),
        }
    }
}

/// The parameter `$n` of this column type, cast from the type it travels as.
pub(crate) fn placeholder(n: usize, ty: &SqlType) -> String {
    match carrier(ty) {
        Some("bytea") => format!("${n}::bytea"),
        Some(carrier) => format!("${n}::{carrier}::{ty}"),
        None => format!("${n}"),
    }
}

/// The column in a SELECT or RETURNING list, cast to the type it travels as.
pub(crate) fn output(column: &Column) -> String {
    let name = ident(column.name);
    match carrier(&column.ty) {
        // A domain's values are sent as its base type already.
        Some("bytea") | None => name.to_string(),
        Some(carrier) => format!("{name}::{carrier}"),
    }
}

/// The built-in type that values of this type travel as, where it is another than the column's.
fn carrier(ty: &SqlType) -> Option<&'static str> {
    match ty {
        SqlType::Enum(_) | SqlType::Named(_) => Some("text"),
        SqlType::Array(SqlType::Enum(_) | SqlType::Named(_)) => Some("text[]"),
        SqlType::Encrypted => Some("bytea"),
        _ => None,
    }
}
