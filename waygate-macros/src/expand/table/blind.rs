//! The columns and indexes of blind indexes, and what a sealed column says of its own.

use proc_macro2::TokenStream;
use quote::quote;

use super::{option, runtime, text};
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
    let (renamed_from, none) = (text(blind.renamed_from.as_deref()), option(None));
    let comment = format!("Keyed digests of {}, by which its sealed values are found: a blind index.", field.column);
    Some(quote! {
        #p::Column {
            name: #name,
            field: #rust,
            ty: #p::SqlType::Bytea,
            nullable: <#ty as #p::Secret>::NULLABLE,
            default: #p::DefaultValue::None,
            role: #p::ColumnRole::BlindIndex(#of),
            encryption: #none,
            renamed_from: #renamed_from,
            backfill: #none,
            using: #none,
            comment: ::core::option::Option::Some(#comment),
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
