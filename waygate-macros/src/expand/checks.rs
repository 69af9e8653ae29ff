//! What only the compiler can check, asked at the span of the field's type.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::runtime;
use crate::attr::Normalizer;
use crate::ir::{DefaultValue, Field, Model, Role, Scope};

/// ```text
/// const _: () = {
///     assert_key::<Integration, Id<Integration>>();
///     assert_refers_to::<TenantId, Tenant>();
///     assert_belongs_to::<Action, Integration>();
/// };
/// ```
pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let ident = model.ident;
    let fields = model.fields.iter().enumerate().flat_map(|(index, field)| field_checks(model, index, field));
    let children = model.has_many.iter().map(|relation| {
        let child = &relation.child;
        quote!(#p::assert_belongs_to::<#child, #ident>();)
    });
    quote! {
        const _: () = {
            #(#fields)*
            #(#children)*
        };
    }
}

/// ```text
/// impl BelongsTo<Tenant> for Integration {}
/// ```
///
/// It answers the parent's `has_many`.
pub(super) fn answers(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let (ident, parents) = (model.ident, parents(model));
    quote! {
        #(
            #[automatically_derived]
            impl #p::BelongsTo<#parents> for #ident {}
        )*
    }
}

fn field_checks(model: &Model<'_>, index: usize, field: &Field<'_>) -> Vec<TokenStream> {
    let p = runtime();
    let (ident, ty) = (model.ident, field.ty);
    let mut checks = Vec::new();
    match (field.role, model.scope) {
        (Role::Key, Scope::Key) | (Role::Tenant, _) => checks.push(quote!(#p::assert_tenant::<#ty>();)),
        (Role::Key, _) => checks.push(quote!(#p::assert_key::<#ident, #ty>();)),
        (Role::CreatedAt | Role::UpdatedAt, _) => checks.push(quote!(#p::assert_time::<#ty>();)),
        (Role::Data, _) => {}
    }
    if let Some(key) = &field.foreign_key {
        let parent = key.parent;
        checks.push(quote!(#p::assert_refers_to::<#ty, #parent>();));
        // A panic while compiling is shown where the call stands: at the type.
        let call = quote_spanned!(ty.span()=> ::waygate_db::__private::assert_keeps_apart);
        checks.push(quote_spanned!(ty.span()=> #call::<#ident, #parent>(#index);));
    }
    if let Some(search) = field.search() {
        checks.push(quote!(#p::assert_searched::<#ty>();));
        if search.normalizer != Normalizer::Exact {
            let call = quote_spanned!(ty.span()=> ::waygate_db::__private::assert_text);
            checks.push(quote_spanned!(ty.span()=> #call::<#ty>();));
        }
    }
    match &field.default {
        DefaultValue::Empty => {
            // A panic while compiling is shown where the call stands: at the type.
            let call = quote_spanned!(ty.span()=> ::waygate_db::__private::assert_has_empty);
            checks.push(quote_spanned!(ty.span()=> #call(<#ty as #p::Stored>::SQL_TYPE);));
        }
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
