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
mod migrations;
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

/// The migrations of a folder, as a `&'static Embedded` that is part of the program: a slice of `Migration`s.
///
/// The path starts at the root of the crate that writes the macro. Each migration is a folder `YYYYMMDDHHMMSS_name` with
/// an `up.sql` and perhaps a `down.sql`; whatever is wrong with the folder is a compile error.
///
/// Cargo builds again when a text changes. For a migration that was *added* it needs a `build.rs` that prints
/// `cargo:rerun-if-changed=migrations`: a macro cannot make cargo watch a folder. A debug build remembers where the
/// folder was, so that the kit's commands notice when it holds others by now.
#[proc_macro]
pub fn migrations(input: TokenStream) -> TokenStream {
    migrations::expand(input.into()).into()
}
