//! From a row to the struct, by position.

use proc_macro2::TokenStream;
use quote::quote;

use super::runtime;
use crate::ir::Model;

/// ```text
/// fn decode(row: &Row<'_>) -> Result<Self> {
///     Ok(Self { id: <Id<Note> as Stored>::read(row, 0)?, …, token: row.open::<Encrypted<String>>(3)? })
/// }
/// ```
///
/// Every use of a field's type is written as `<T as Stored>`: rustc then words a type that no column can hold once, where
/// it would word each bound of each function that takes it.
pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let fields = model.fields.iter().enumerate().map(|(place, field)| {
        let (name, ty) = (field.ident, field.ty);
        if let Some(plain) = model.plain_column_of(place) {
            quote!(#name: row.open_or_plain::<#ty>(#place, #plain)?)
        } else if field.is_sealed() {
            quote!(#name: row.open::<#ty>(#place)?)
        } else {
            quote!(#name: <#ty as #p::Stored>::read(row, #place)?)
        }
    });
    quote! {
        fn decode(row: &#p::Row<'_>) -> #p::Result<Self> {
            ::core::result::Result::Ok(Self { #(#fields),* })
        }
    }
}
