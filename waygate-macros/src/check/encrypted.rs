//! What sealed values are bound to.

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
