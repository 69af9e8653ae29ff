//! `default` and the type it is a value of.

use crate::attr::{DefaultKind, Field};
use crate::diagnostics::Diagnostics;
use crate::field_type::{Family, Shape};

// The database would refuse a default that is no value of the column, but only when the migration runs.
pub(super) fn check_default_fits_its_type(field: &Field<'_>, diagnostics: &Diagnostics) {
    let Some(default) = &field.attrs.default else { return };
    let family = Shape::of(field.ty).family;
    if fits(&default.value, family) {
        return;
    }
    let what = match &default.value {
        DefaultKind::Empty => "this type has no empty value",
        DefaultKind::Integer(_) if matches!(family, Family::Integer(_)) => "the number does not fit the field's type",
        _ => "the default is no value of the field's type",
    };
    diagnostics.error(default, what, correct_form(family));
}

fn fits(default: &DefaultKind, family: Family) -> bool {
    match (default, family) {
        // The sealed field's own rule refuses it, and SQL is the user's.
        (_, Family::Encrypted | Family::Sealed) | (DefaultKind::Sql(_), _) => true,
        (DefaultKind::Empty, family) => !matches!(family, Family::Uuid | Family::Tenant | Family::Date | Family::Time),
        // An enum is unknown here too, and its default is a variant: a label in quotes would escape the compiler.
        (DefaultKind::Text(_), family) => family == Family::Text,
        (DefaultKind::Bool(_), family) => matches!(family, Family::Bool | Family::Unknown),
        (DefaultKind::Integer(value), Family::Integer(bits)) => {
            let limit = 1_i128 << (bits - 1);
            (-limit..limit).contains(&i128::from(*value))
        }
        (DefaultKind::Integer(_), family) => matches!(family, Family::Float | Family::Unknown),
        (DefaultKind::Variant(_), family) => family == Family::Unknown,
    }
}

fn correct_form(family: Family) -> &'static str {
    match family {
        Family::Bool => "write `default = true` or `default = false`",
        Family::Integer(_) => "write a whole number in its range: `default = 0`",
        Family::Float => "write a whole number, or `default(sql = \"0.5\")`",
        Family::Text => "write a text: `default = \"UTC\"`",
        Family::Array | Family::Bytes | Family::Json => {
            "write `default` for the empty value, or `default(sql = \"…\")`"
        }
        Family::Uuid | Family::Tenant | Family::Date | Family::Time | Family::Encrypted | Family::Sealed => {
            "leave it out and give the value in `create()`, or write `default(sql = \"…\")`"
        }
        Family::Unknown => "write a variant of the field's enum: `default = Status::Draft`",
    }
}
