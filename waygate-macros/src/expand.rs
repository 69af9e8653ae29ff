//! The tokens. One file for each generated thing; each shows above its function the code that it writes.
//!
//! Generated code names only `::waygate_db::__private` and `::core`, so that nothing in the user's module can change its
//! meaning.

mod checks;
mod columns;
mod create;
mod decode;
mod fallback;
mod names;
mod pg_enum;
mod setters;
mod table;
mod update;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Model, Scope};

pub(crate) use fallback::{model as fallback, pg_enum as pg_enum_fallback};
pub(crate) use pg_enum::expand as pg_enum;

/// Everything that `#[derive(Model)]` writes.
pub(crate) fn model(model: &Model<'_>) -> TokenStream {
    let parts = [
        model_impl(model),
        columns::expand(model),
        create::expand(model),
        update::expand(model),
        checks::expand(model),
    ];
    quote! { #(#parts)* }
}

/// ```text
/// impl Model for Integration {
///     const TABLE: &'static Table = …;
///     const COLUMNS: IntegrationColumns = …;
///     type Key = Id<Integration>;
///     type Scope = OwnedByTenant;
///     type Columns = IntegrationColumns;
///     fn key(&self) -> Self::Key { self.id }
///     fn decode(row: &Row<'_>) -> Result<Self> { … }
/// }
/// ```
fn model_impl(model: &Model<'_>) -> TokenStream {
    let Some(key) = model.key_field() else { return TokenStream::new() };
    let p = runtime();
    let (ident, key_field, key_type) = (model.ident, key.ident, key.ty);
    let (table, scope, decode) = (table::expand(model), scope(model), decode::expand(model));
    let (columns, column_values) = (columns::ident(model), columns::values(model));
    quote! {
        #[automatically_derived]
        impl #p::Model for #ident {
            const TABLE: &'static #p::Table = #table;
            const COLUMNS: #columns = #column_values;
            type Key = #key_type;
            type Scope = #scope;
            type Columns = #columns;

            fn key(&self) -> Self::Key {
                self.#key_field
            }

            #decode
        }
    }
}

/// The scope as a type: it says what each verb asks of its session.
fn scope(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    match model.scope {
        Scope::Shared => quote!(#p::SharedByAll),
        Scope::Key => quote!(#p::IsTenant),
        Scope::Column(_) | Scope::Through { .. } => quote!(#p::OwnedByTenant),
    }
}

/// Where generated code finds the library.
fn runtime() -> TokenStream {
    quote!(::waygate_db::__private)
}
