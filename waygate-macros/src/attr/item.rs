//! Which items the derives take.

use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Field, Fields, Token, Variant};

use crate::diagnostics::Diagnostics;

/// The named fields of a struct; `None` for what is not a struct with named fields.
pub(super) fn named_fields<'a>(
    input: &'a DeriveInput,
    diagnostics: &Diagnostics,
) -> Option<Vec<(&'a Ident, &'a Field)>> {
    let what = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                check_not_generic(
                    input,
                    "a model is one table, so its struct has no generics or lifetimes",
                    diagnostics,
                )?;
                return Some(fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?, field))).collect());
            }
            Fields::Unnamed(_) => "a tuple struct",
            Fields::Unit => "a struct without fields",
        },
        Data::Enum(_) => "an enum",
        Data::Union(_) => "a union",
    };
    let help = if matches!(input.data, Data::Enum(_)) {
        "an enum that columns hold takes `#[derive(PgEnum)]`".to_owned()
    } else {
        format!("write `struct {} {{ #[model(key)] id: Id<{}>, … }}`", input.ident, input.ident)
    };
    let message =
        format!("a model is a struct with named fields, one for each column, and `{}` is {what}", input.ident);
    diagnostics.error(&input.ident, message, help);
    None
}

/// The variants of an enum; `None` for what is not an enum without fields.
pub(super) fn variants<'a>(
    input: &'a DeriveInput,
    diagnostics: &Diagnostics,
) -> Option<&'a Punctuated<Variant, Token![,]>> {
    let Data::Enum(data) = &input.data else {
        diagnostics.error(
            &input.ident,
            format_args!("a PostgreSQL enum is a Rust enum, and `{}` is not one", input.ident),
            "a struct that columns hold is wrapped in `Json<…>`; a struct that is a table takes `#[derive(Model)]`",
        );
        return None;
    };
    check_not_generic(input, "a PostgreSQL enum has no generics or lifetimes", diagnostics)?;
    Some(&data.variants)
}

// One item, one object of the database: a generic one would be many.
fn check_not_generic(input: &DeriveInput, what: &str, diagnostics: &Diagnostics) -> Option<()> {
    if input.generics.params.is_empty() && input.generics.where_clause.is_none() {
        return Some(());
    }
    let help = "name the types in the fields; a column of varying shape is a `Json<…>`";
    if input.generics.params.is_empty() {
        diagnostics.error(&input.generics.where_clause, what, help);
    } else {
        diagnostics.error(&input.generics, what, help);
    }
    None
}
