//! The columns as fields of one value, so that a typo in a filter gets rustc's "a field with a similar name exists".

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{names, runtime};
use crate::ir::Model;

/// `IntegrationColumns`
pub(super) fn ident(model: &Model<'_>) -> Ident {
    format_ident!("{}Columns", model.ident)
}

/// ```text
/// pub struct IntegrationColumns { pub id: Col<Integration, Id<Integration>>, … }
/// ```
pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let (ident, vis, columns) = (model.ident, model.vis, ident(model));
    let fields = model.fields.iter().map(|field| {
        let (name, ty) = (field.ident, field.ty);
        let doc = format!("Column `{}`.", field.column);
        let ty = if field.search().is_some() { quote!(#p::Searched<#ty>) } else { quote!(#ty) };
        quote!(#[doc = #doc] #vis #name: #p::Col<#ident, #ty>)
    });
    let doc = format!("The columns of `{}`, for filters and orders.", model.table);
    let lints = names::lints();
    quote! {
        #[doc = #doc]
        #lints
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #vis struct #columns {
            #(#fields),*
        }
    }
}

/// ```text
/// IntegrationColumns { id: Col::new(0), … }
/// ```
pub(super) fn values(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let columns = ident(model);
    let fields = model.fields.iter().enumerate().map(|(place, field)| {
        let name = field.ident;
        quote!(#name: #p::Col::new(#place))
    });
    quote!(#columns { #(#fields),* })
}
