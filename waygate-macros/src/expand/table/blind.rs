//! The columns and indexes of blind indexes, and what a sealed column says of its own.

use proc_macro2::TokenStream;
use quote::quote;

use super::{option, runtime};
use crate::attr::{Normalizer, SearchScope};
use crate::ir::{BlindIndex, Model};

/// ```text
/// Search { column: 7, bits: 128, normalizer: Normalizer::Lower, scope: SearchScope::Tenant, unique: false }
/// ```
pub(super) fn search(model: &Model<'_>, field: usize) -> Option<TokenStream> {
    let p = runtime();
    let blind = model.blind.iter().find(|blind| blind.of == field)?;
    let search = model.fields.get(field)?.search()?;
    let (place, bits, unique) = (blind.place, search.bits, search.unique);
    let normalizer = match search.normalizer {
        Normalizer::Exact => quote!(Exact),
        Normalizer::Lower => quote!(Lower),
        Normalizer::Trim => quote!(Trim),
        Normalizer::TrimLower => quote!(TrimLower),
        Normalizer::Digits => quote!(Digits),
        Normalizer::Last(characters) => quote!(Last(#characters)),
    };
    let scope = match search.scope {
        SearchScope::Tenant => quote!(Tenant),
        SearchScope::App => quote!(App),
    };
    Some(quote! {
        #p::Search {
            column: #place,
            bits: #bits,
            normalizer: #p::Normalizer::#normalizer,
            scope: #p::SearchScope::#scope,
            unique: #unique,
        }
    })
}

/// The column of the digests: NULL where the value is.
pub(super) fn column(model: &Model<'_>, blind: &BlindIndex) -> Option<TokenStream> {
    let p = runtime();
    let field = model.fields.get(blind.of)?;
    let (name, rust, ty, of) = (&blind.column, &field.name, field.ty, blind.of);
    let renamed_from = option(blind.renamed_from.as_ref().map(|name| quote!(#name)));
    let (default, encryption) = (quote!(#p::DefaultValue::None), option(None));
    Some(quote! {
        #p::Column {
            name: #name,
            field: #rust,
            ty: #p::SqlType::Bytea,
            nullable: <#ty as #p::Secret>::NULLABLE,
            default: #default,
            role: #p::ColumnRole::BlindIndex(#of),
            encryption: #encryption,
            renamed_from: #renamed_from,
        }
    })
}

/// The index over the digests.
pub(super) fn index(blind: &BlindIndex) -> TokenStream {
    let p = runtime();
    let (name, unique, predicate) = (&blind.index, blind.unique, option(None));
    let places = blind.leads.into_iter().chain([blind.place]);
    let columns = places.map(|place| quote!(#p::IndexColumn { column: #place, descending: false }));
    quote! {
        #p::Index {
            name: #name,
            columns: &[#(#columns),*],
            method: #p::IndexMethod::Btree,
            unique: #unique,
            predicate: #predicate,
        }
    }
}
