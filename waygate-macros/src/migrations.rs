//! `migrations!("folder")`: the folder's files, as a constant of the program.

mod folder;

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use folder::{Listed, list};

/// Expands to a `&'static Embedded`, or to one error per fault of the folder.
///
/// ```text
/// {
///     const FOLDER: Option<&str> = if cfg!(debug_assertions) { Some("…/migrations") } else { None };
///     const FILES: &[Migration] = &[Migration::embedded("2025…_init", include_str!(…), None)];
///     const MIGRATIONS: &Embedded = &Embedded::new(FOLDER, FILES);
///     MIGRATIONS
/// }
/// ```
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let embedded = syn::parse2::<LitStr>(input)
        .map_err(|e| {
            syn::Error::new(e.span(), "name the folder as a text, from the crate's root: migrations!(\"migrations\")")
        })
        .and_then(|folder| embed(&folder));
    let (errors, folder, migrations) = match embedded {
        Ok((folder, migrations)) => (TokenStream::new(), folder, migrations),
        Err(error) => (error.to_compile_error(), quote!(""), Vec::new()),
    };
    // Where the program runs elsewhere, the folder means nothing, and its path is nobody's business.
    quote! {{
        #errors
        const FOLDER: ::core::option::Option<&str> = if ::core::cfg!(debug_assertions) {
            ::core::option::Option::Some(#folder)
        } else {
            ::core::option::Option::None
        };
        const FILES: &[::waygate_db::__private::Migration] = &[#(#migrations),*];
        const MIGRATIONS: &::waygate_db::__private::Embedded = &::waygate_db::__private::Embedded::new(FOLDER, FILES);
        MIGRATIONS
    }}
}

/// The folder's path, and its migrations.
fn embed(folder: &LitStr) -> syn::Result<(TokenStream, Vec<TokenStream>)> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let written = folder.value();
    let listed = list(&root.join(&written)).map_err(|faults| all_at(folder, faults))?;
    let migrations = listed.iter().map(|migration| include(&written, migration)).collect();
    Ok((place(Path::new(&written)), migrations))
}

/// One migration. `include_str!` also makes cargo build again when a text changes.
fn include(folder: &str, Listed { id, up, has_down }: &Listed) -> TokenStream {
    let text = |file: &str| {
        let path = place(&Path::new(folder).join(id).join(file));
        quote!(::core::include_str!(#path))
    };
    let up = text(up);
    let down = if *has_down {
        let down = text("down.sql");
        quote!(::core::option::Option::Some(#down))
    } else {
        quote!(::core::option::Option::None)
    };
    quote!(::waygate_db::__private::Migration::embedded(#id, #up, #down))
}

/// A path as a constant: an absolute one stands as it is, a relative one starts at the crate's root, wherever that is moved.
fn place(path: &Path) -> TokenStream {
    let text = path.to_string_lossy();
    if path.is_absolute() {
        return quote!(#text);
    }
    let text = format!("/{text}");
    quote!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #text))
}

fn all_at(folder: &LitStr, faults: Vec<String>) -> syn::Error {
    let mut errors = faults.into_iter().map(|fault| syn::Error::new(folder.span(), fault));
    let first = errors.next().unwrap_or_else(|| syn::Error::new(folder.span(), "the migrations folder is malformed"));
    errors.fold(first, |mut all, error| {
        all.combine(error);
        all
    })
}
