//! Setters, shared by the builders of inserts and updates.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::runtime;
use crate::ir::{DefaultValue, Field, Role};

/// `self.insert.set(2, value)`, or `seal` for a sealed column. `builder` is the builder's field.
pub(super) fn store(builder: &Ident, place: usize, field: &Field<'_>) -> TokenStream {
    let p = runtime();
    let ty = field.ty;
    let verb = if field.is_sealed() { quote!(seal) } else { quote!(set) };
    quote!(self.#builder.#verb(#place, #p::IntoValue::<#ty>::into_value(value)))
}

/// The doc comment of a setter on `create()`: what it sets, and the default.
pub(super) fn doc(field: &Field<'_>) -> String {
    let name = &field.name;
    match (field.role, &field.default) {
        (Role::CreatedAt | Role::UpdatedAt, _) => {
            format!("Sets `{name}`, for an import by the service alone. Default: the time of the insert.")
        }
        (_, DefaultValue::None) if field.optional => format!("Sets `{name}`. Default: NULL."),
        (_, DefaultValue::None) => format!("Sets `{name}`, which every row needs."),
        (_, DefaultValue::Empty) => format!("Sets `{name}`. Default: empty."),
        (_, DefaultValue::Bool(value)) => format!("Sets `{name}`. Default: `{value}`."),
        (_, DefaultValue::Integer(value)) => format!("Sets `{name}`. Default: `{value}`."),
        (_, DefaultValue::Text(value)) => format!("Sets `{name}`. Default: `{value:?}`."),
        (_, DefaultValue::Variant(path)) => {
            let variant = path.path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string());
            format!("Sets `{name}`. Default: `{variant}`.")
        }
        (_, DefaultValue::Sql(sql)) => format!("Sets `{name}`. Default: SQL `{sql}`."),
        (_, DefaultValue::Now | DefaultValue::RandomUuid | DefaultValue::Tenant) => format!("Sets `{name}`."),
    }
}
