//! Names of generated things that must not be taken for names of the user's.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::case;
use crate::ir::{Field, Model};

/// The type parameter that stands for each required field: `slug` gives `Slug`.
///
/// A type parameter hides a type of the same name. `auth_type: AuthType` must not make the setter's `AuthType` mean the
/// parameter, so a name that some field's type uses gets `Field` behind it.
pub(super) fn parameters<'a>(model: &'a Model<'a>) -> Vec<(&'a Field<'a>, Ident)> {
    let mut taken = HashSet::from([model.ident.to_string(), "S".to_owned(), "Self".to_owned()]);
    for field in &model.fields {
        mentioned(field.ty.to_token_stream(), &mut taken);
    }
    let required = model.fields.iter().enumerate().filter(|(_, field)| field.is_required());
    required.map(|(place, field)| (field, fresh(&field.name, place, &mut taken))).collect()
}

fn fresh(field: &str, place: usize, taken: &mut HashSet<String>) -> Ident {
    let camel = case::pascal(field);
    let candidates = [camel.clone(), format!("{camel}Field"), format!("Field{place}"), format!("RequiredField{place}")];
    let free = candidates.into_iter().find(|name| is_ident(name) && !taken.contains(name));
    let name = free.unwrap_or_else(|| format!("RequiredFieldOfThisModel{place}"));
    let ident = Ident::new(&name, Span::call_site());
    taken.insert(name);
    ident
}

/// Whether the name is an identifier and no keyword: a field `_1` gives `1`.
fn is_ident(name: &str) -> bool {
    syn::parse_str::<Ident>(name).is_ok()
}

/// Every identifier in these tokens.
fn mentioned(tokens: TokenStream, names: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                names.insert(ident.to_string());
            }
            TokenTree::Group(group) => mentioned(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The lints that generated items may break through no fault of the user's: a struct may be private, or its fields'
/// types more private than it, and not every column, setter or verb is used.
pub(super) fn lints() -> TokenStream {
    quote!(#[allow(dead_code, private_interfaces, unreachable_pub, non_camel_case_types, clippy::all, clippy::pedantic)])
}
