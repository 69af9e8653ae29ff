//! What only the compiler can check, asked at the span of the field's type.

use proc_macro2::TokenStream;
use quote::quote;

use super::runtime;
use crate::ir::{DefaultValue, Field, Model, Role, Scope};

/// ```text
/// const _: () = {
///     assert_value::<String>();
///     assert_key::<Integration, Id<Integration>>();
///     assert_refers_to::<TenantId, Tenant>();
///     assert_belongs_to::<Action, Integration>();
/// };
/// impl BelongsTo<Tenant> for Integration {}
/// ```
pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let ident = model.ident;
    let fields = model.fields.iter().flat_map(|field| field_checks(model, field));
    let children = model.has_many.iter().map(|relation| {
        let child = &relation.child;
        quote!(#p::assert_belongs_to::<#child, #ident>();)
    });
    let parents = parents(model);
    quote! {
        const _: () = {
            #(#fields)*
            #(#children)*
        };
        #(
            #[automatically_derived]
            impl #p::BelongsTo<#parents> for #ident {}
        )*
    }
}

fn field_checks(model: &Model<'_>, field: &Field<'_>) -> Vec<TokenStream> {
    let p = runtime();
    let (ident, ty) = (model.ident, field.ty);
    let mut checks = vec![match (field.role, model.scope) {
        (Role::Key, Scope::Key) | (Role::Tenant, _) => quote!(#p::assert_tenant::<#ty>();),
        (Role::Key, _) => quote!(#p::assert_key::<#ident, #ty>();),
        (Role::CreatedAt | Role::UpdatedAt, _) => quote!(#p::assert_time::<#ty>();),
        (Role::Data, _) if field.is_sealed() => quote!(#p::assert_secret::<#ty>();),
        (Role::Data, _) => quote!(#p::assert_value::<#ty>();),
    }];
    if let Some(key) = &field.foreign_key {
        let parent = key.parent;
        checks.push(quote!(#p::assert_refers_to::<#ty, #parent>();));
    }
    match &field.default {
        DefaultValue::Empty => checks.push(quote!(#p::assert_has_empty(<#ty as #p::Value>::TYPE);)),
        // The variant is one of the field's enum.
        DefaultValue::Variant(path) => checks.push(quote!(let _: <#ty as #p::Value>::Base = #path;)),
        _ => {}
    }
    checks
}

/// The parents, each once: a model may refer to one parent by several fields.
fn parents<'a>(model: &Model<'a>) -> Vec<&'a syn::Path> {
    let mut parents: Vec<&syn::Path> = Vec::new();
    for key in model.fields.iter().filter_map(|field| field.foreign_key.as_ref()) {
        if !parents.contains(&key.parent) {
            parents.push(key.parent);
        }
    }
    parents
}
