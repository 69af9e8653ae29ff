//! The setters behind `update(key)` and `patch()`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{names, runtime, setters};
use crate::ir::Model;

/// ```text
/// impl Mutable for Integration { type Update = IntegrationUpdate; type Patch = IntegrationPatch; }
/// pub struct IntegrationUpdate { update: Update<Integration> }   // setters, and `exec`
/// pub struct IntegrationPatch { update: Update<Integration> }    // the same setters, and `save`
/// ```
///
/// Nothing for an append-only model.
pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    if model.append_only {
        return TokenStream::new();
    }
    let p = runtime();
    let ident = model.ident;
    let (update, patch) = (format_ident!("{ident}Update"), format_ident!("{ident}Patch"));
    let tenant = if model.tenant_field().is_some() { " It stays with its tenant." } else { "" };
    let exec = builder(
        model,
        &update,
        &format!("Changes to a row of `{}`, by its key.{tenant}", model.table),
        &quote! {
            /// Changes the row.
            ///
            /// # Errors
            ///
            /// `is_not_found` when the session's tenant has no row with this key, and what `insert` may answer.
        },
        &quote!(exec),
        &quote!(()),
    );
    let save = builder(
        model,
        &patch,
        &format!("Changes to a row of `{}` that was read before.{tenant}", model.table),
        &quote! {
            /// Changes the row and returns it anew.
            ///
            /// # Errors
            ///
            /// `is_not_found` when the session's tenant no longer has the row, and what `insert` may answer.
        },
        &quote!(save),
        &quote!(#ident),
    );
    quote! {
        #[automatically_derived]
        impl #p::Mutable for #ident {
            type Update = #update;
            type Patch = #patch;
        }

        #exec
        #save
    }
}

/// One of the two builders: they differ in their verb and its answer.
fn builder(
    model: &Model<'_>,
    builder: &Ident,
    doc: &str,
    verb_doc: &TokenStream,
    verb: &TokenStream,
    answer: &TokenStream,
) -> TokenStream {
    let p = runtime();
    let (ident, vis, lints) = (model.ident, model.vis, names::lints());
    let setters = model.fields.iter().enumerate().filter(|(_, field)| field.is_updatable()).map(|(place, field)| {
        let (name, ty) = (field.ident, setters::given(field));
        let doc = format!("Changes `{}`.", field.name);
        let store = setters::store(&format_ident!("update"), place, field);
        quote! {
            #[doc = #doc]
            #vis fn #name(mut self, value: impl #p::IntoValue<#ty>) -> Self {
                #store;
                self
            }
        }
    });
    let must_use = format!("nothing is changed until `{verb}(&session)` is awaited");
    quote! {
        #[doc = #doc]
        #[must_use = #must_use]
        #lints
        #vis struct #builder {
            update: #p::Update<#ident>,
        }

        #[automatically_derived]
        impl ::core::convert::From<#p::Update<#ident>> for #builder {
            fn from(update: #p::Update<#ident>) -> Self {
                Self { update }
            }
        }

        #[automatically_derived]
        #lints
        impl #builder {
            #(#setters)*

            #verb_doc
            #vis fn #verb<'s, S>(self, session: &'s S) -> #p::Pending<'s, #answer>
            where
                S: #p::Executor,
                #p::UpdateBy<#ident>: #p::CarriedBy<S>,
            {
                #p::pending(self.update.#verb(session))
            }
        }
    }
}
