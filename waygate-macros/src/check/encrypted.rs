//! What sealed values are bound to.

use quote::ToTokens;

use crate::attr::Binding;
use crate::diagnostics::Diagnostics;
use crate::ir::{Model, Storage};
use crate::{attr, ir};

// A value bound to its tenant needs a tenant in its row.
pub(super) fn check_bound_tenant_is_there(written: &attr::Model<'_>, model: &Model<'_>, diagnostics: &Diagnostics) {
    if model.tenant_field().is_some() || matches!(model.scope, ir::Scope::Unknown) {
        return;
    }
    for field in &written.fields {
        let bind = field.attrs.encrypted.as_ref().and_then(|encrypted| encrypted.value.bind.as_ref());
        if let Some(bind) = bind.filter(|bind| bind.value == Binding::Tenant) {
            let what = format!("`{}` names no tenant in its rows that a value could be bound to", model.ident);
            diagnostics.error(bind, what, "leave `bind` out: a value is then bound to its row");
        }
    }
}

// A value that is in the plain column still has no digest, and a search would not find it.
pub(super) fn check_moved_values_are_not_searched(written: &attr::Model<'_>, diagnostics: &Diagnostics) {
    for field in &written.fields {
        let plain = field.attrs.encrypted.as_ref().and_then(|encrypted| encrypted.value.migrate_from.as_ref());
        if let (Some(plain), Some(_)) = (plain, &field.attrs.searchable) {
            let help = "move the values first, then add `searchable` and run `waygate keys reencrypt`";
            diagnostics.error(plain, "values that are not moved yet cannot be searched", help);
        }
    }
}

// Reading falls back to the plain column, row by row: what stays sealed until later has nothing to fall back to.
pub(super) fn check_moved_values_are_opened(model: &Model<'_>, diagnostics: &Diagnostics) {
    for field in &model.fields {
        let Storage::Sealed { on_demand: Some(value), moved_from: Some(_), .. } = &field.storage else { continue };
        let value = value.to_token_stream();
        let help = format!("write `Encrypted<{value}>` until the values are moved");
        diagnostics.error(field.ty, "`migrate_from` needs a field that is opened with its row", help);
    }
}

// The plain column has no field: with one, the program could write secrets into it.
pub(super) fn check_plain_column_has_no_field(written: &attr::Model<'_>, model: &Model<'_>, diagnostics: &Diagnostics) {
    let mut seen: Vec<&str> = Vec::new();
    for field in &written.fields {
        let plain = field.attrs.encrypted.as_ref().and_then(|encrypted| encrypted.value.migrate_from.as_ref());
        let Some(plain) = plain else { continue };
        let name = plain.value.as_str();
        if let Some(field) = model.fields.iter().find(|field| field.column == name) {
            let what = format!("`{name}` is the column of a field, `{}`", field.name);
            diagnostics.error(plain, what, "remove that field: its values are read through this one");
        }
        if seen.contains(&name) {
            let what = format!("the values of `{name}` are moved twice");
            diagnostics.error(plain, what, "move them into one field");
        }
        seen.push(name);
    }
}

// Two columns of one context would open each other's values.
pub(super) fn check_contexts_differ(written: &attr::Model<'_>, model: &Model<'_>, diagnostics: &Diagnostics) {
    let mut seen: Vec<&str> = Vec::new();
    for (field, written) in model.fields.iter().zip(&written.fields) {
        let Storage::Sealed { context, .. } = &field.storage else { continue };
        if seen.contains(&context.as_str()) {
            let what = format!("the context `{context}` stands twice in this model");
            let named = written.attrs.encrypted.as_ref().and_then(|encrypted| encrypted.value.context.as_ref());
            let help = "give each column a context of its own; only a renamed column keeps its earlier one";
            match named {
                Some(named) => diagnostics.error(named, what, help),
                None => diagnostics.error(written.ident, what, help),
            }
        }
        seen.push(context);
    }
}
