//! The derives behind `waygate-db`: a plain struct becomes a table, typed queries and row-level security.
//!
//! A derive flows through these files: `attr` (as written) → `ir` (resolved) → `check` (rules) → `expand` (tokens).
//! No SQL is written here: the tokens are const metadata, a columns struct, builders and a positional decoder.

use proc_macro::TokenStream;

mod attr;
mod case;
mod check;
mod derive;
mod diagnostics;
mod expand;
mod field_type;
mod ir;
mod suggest;
mod symbol;

#[cfg(test)]
mod tests;

/// Makes a struct a model: one row of a table. The guide's chapter "Models" explains every word of `#[model(…)]`.
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    derive::model(input.into()).into()
}

/// Makes an enum without fields a native PostgreSQL enum type.
#[proc_macro_derive(PgEnum, attributes(model))]
pub fn derive_pg_enum(input: TokenStream) -> TokenStream {
    derive::pg_enum(input.into()).into()
}
