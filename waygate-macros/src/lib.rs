//! The derives behind `waygate-db`.

mod migrations;

/// The migrations of a folder, as a `&'static [Migration]` that is part of the program.
///
/// The path starts at the root of the crate that writes the macro. Each migration is a folder `YYYYMMDDHHMMSS_name` with
/// an `up.sql` and perhaps a `down.sql`; whatever is wrong with the folder is a compile error.
///
/// Cargo builds again when a text changes. For a migration that was *added* it needs a `build.rs` that prints
/// `cargo:rerun-if-changed=migrations`: a macro cannot make cargo watch a folder.
#[proc_macro]
pub fn migrations(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    migrations::expand(input.into()).into()
}
