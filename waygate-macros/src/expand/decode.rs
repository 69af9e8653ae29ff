//! From a row to the struct, by position.

use proc_macro2::TokenStream;
use quote::quote;

use super::runtime;
use crate::ir::Model;

/// ```text
/// fn decode(row: &Row<'_>) -> Result<Self> {
///     Ok(Self { id: row.get(0)?, …, token: row.open(3)? })
/// }
/// ```
pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let fields = model.fields.iter().enumerate().map(|(place, field)| {
        let (name, ty) = (field.ident, field.ty);
        if field.is_sealed() { quote!(#name: row.open::<#ty>(#place)?) } else { quote!(#name: row.get::<#ty>(#place)?) }
    });
    quote! {
        fn decode(row: &#p::Row<'_>) -> #p::Result<Self> {
            ::core::result::Result::Ok(Self { #(#fields),* })
        }
    }
}
