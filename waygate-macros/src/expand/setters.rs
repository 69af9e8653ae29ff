//! Setters, shared by the builders of inserts and updates.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::runtime;
use crate::ir::{DefaultValue, Field, Role};

/// `<String as Stored>::insert(value, &mut self.insert, 2)`, or `self.insert.seal(2, value)` for a sealed column.
/// `builder` is the builder's field, `insert` or `update`.
pub(super) fn store(builder: &Ident, place: usize, field: &Field<'_>) -> TokenStream {
    let p = runtime();
    let ty = given(field);
    let value = quote!(#p::IntoValue::<#ty>::into_value(value));
    if field.is_sealed() {
        quote!(self.#builder.seal(#place, #value))
    } else {
        quote!(<#ty as #p::Stored>::#builder(#value, &mut self.#builder, #place))
    }
}

/// The type whose values a setter takes: the field's, or for a field that is opened on demand the value to seal.
pub(super) fn given(field: &Field<'_>) -> TokenStream {
    let (p, ty) = (runtime(), field.ty);
    match (field.on_demand(), field.optional) {
        (None, _) => quote!(#ty),
        (Some(value), false) => quote!(#p::Encrypted<#value>),
        (Some(value), true) => quote!(::core::option::Option<#p::Encrypted<#value>>),
    }
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
