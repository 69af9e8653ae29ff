//! Whose data a model holds.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::diagnostics::Diagnostics;
use crate::field_type::{Family, Shape};
use crate::{attr, ir};

/// The four ways to say whose data a model holds.
const SCOPES: &str = "write one of these:
    `#[model(tenant)]` on the field that holds the row's `TenantId`
    `#[model(key, tenant)]` on the key of the tenant table itself
    `#[model(tenant(through = parent_id))]` above a struct whose rows belong to their parent's tenant
    `#[model(shared)]` above a struct of reference data, which every tenant reads";

// A table without a scope would have no row security, and one with two would have two answers.
pub(super) fn check_one_scope(model: &attr::Model<'_>, diagnostics: &Diagnostics) {
    let on_fields = model.fields.iter().filter_map(|field| field.attrs.tenant.as_ref().map(ToTokens::to_token_stream));
    let through = model.attrs.through.as_ref().map(|through| through.word.to_token_stream());
    let shared = model.attrs.shared.as_ref().map(ToTokens::to_token_stream);
    let mut scopes: Vec<TokenStream> = on_fields.chain(through).chain(shared).collect();
    if scopes.is_empty() && !model.attrs.names_scope {
        let what = format!("`{}` does not say whose data it holds", model.ident);
        let unmarked = model.fields.iter().find(|field| Shape::of(field.ty).family == Family::Tenant);
        match unmarked {
            Some(field) => {
                let help = format!("mark its tenant: `#[model(tenant)] {}: TenantId`. Otherwise {SCOPES}", field.ident);
                diagnostics.error(field.ident, what, help);
            }
            None => diagnostics.error(model.ident, what, SCOPES),
        }
    }
    for second in scopes.drain(scopes.len().min(1)..) {
        diagnostics.error(second, format_args!("`{}` says twice whose data it holds", model.ident), SCOPES);
    }
}

// A row whose tenant is NULL would be nobody's: no tenant could see or delete it.
pub(super) fn check_tenant_is_not_optional(field: &attr::Field<'_>, diagnostics: &Diagnostics) {
    if field.attrs.tenant.is_some() && Shape::of(field.ty).optional {
        let help = format!("write `{}: TenantId`; rows for everyone belong in a `shared` model", field.ident);
        diagnostics.error(field.ty, "a tenant is never NULL", help);
    }
}

// The parent's policy decides who sees the row, so the field must refer to a parent, always; an owner, when it is set,
// is checked against the parent's tenant by a second foreign key.
pub(super) fn check_through(written: &attr::Model<'_>, model: &ir::Model<'_>, diagnostics: &Diagnostics) {
    let (Some(through), ir::Scope::Through { column, owner }) = (&written.attrs.through, model.scope) else { return };
    if let Some(field) = model.fields.get(column) {
        let name = &field.name;
        if field.foreign_key.is_none() {
            let what = format!("`{name}` refers to no parent through which the row could belong to a tenant");
            let help = format!("mark it: `#[model(belongs_to(Parent, on_delete = cascade))] {name}: Id<Parent>`");
            diagnostics.error(&through.column, what, help);
        }
        if field.optional {
            let help = format!("write `{name}: Id<Parent>`");
            diagnostics.error(field.ty, "a row without a parent would be nobody's", help);
        }
    }
    if let (Some(name), Some(field)) = (&through.owner, owner.and_then(|owner| model.fields.get(owner))) {
        let shape = Shape::of(field.ty);
        if !shape.optional || shape.family != Family::Tenant {
            let what = format!("the owner `{name}` is a tenant that may be absent");
            let help = format!("write `{name}: Option<TenantId>`; a tenant that is always there is `#[model(tenant)]`");
            diagnostics.error(field.ty, what, help);
        }
    }
}
