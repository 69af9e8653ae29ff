//! The primary key.

use crate::attr::{Field, Model};
use crate::diagnostics::Diagnostics;
use crate::field_type::Shape;

// A row is found, changed and deleted by its one key, and sealed values are bound to it.
pub(super) fn check_one_key(model: &Model<'_>, diagnostics: &Diagnostics) {
    let mut keys = model.fields.iter().filter_map(|field| field.attrs.key.as_ref());
    if keys.next().is_none() {
        let name = model.ident;
        let help = format!("mark one field: `#[model(key)] id: Id<{name}>`");
        diagnostics.error(name, format_args!("`{name}` has no key"), help);
    }
    for second in keys {
        let help = "mark one field; for a pair that must be unique, write `unique(a, b)` above the struct";
        diagnostics.error(second, "a model has one key", help);
    }
}

// Every row has a key.
pub(super) fn check_key_is_not_optional(field: &Field<'_>, diagnostics: &Diagnostics) {
    if field.attrs.key.is_some() && Shape::of(field.ty).optional {
        let help = format!("write `{}: Id<…>`: the library makes the key when the row is inserted", field.ident);
        diagnostics.error(field.ty, "a key is never NULL", help);
    }
}
