//! `migrations!("folder")`: the folder's files, as a constant of the program.

mod folder;

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use folder::{Listed, list};

/// Expands to a `&'static [Migration]`, or to one error per fault of the folder.
///
/// ```text
/// { const MIGRATIONS: &[Migration] = &[Migration::embedded("2025…_init", include_str!(…), None)]; MIGRATIONS }
/// ```
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let embedded = syn::parse2::<LitStr>(input)
        .map_err(|e| {
            syn::Error::new(e.span(), "name the folder as a text, from the crate's root: migrations!(\"migrations\")")
        })
        .and_then(|folder| embed(&folder));
    let (errors, migrations) = match embedded {
        Ok(migrations) => (TokenStream::new(), migrations),
        Err(error) => (error.to_compile_error(), Vec::new()),
    };
    quote! {{
        #errors
        const MIGRATIONS: &[::waygate_db::__private::Migration] = &[#(#migrations),*];
        MIGRATIONS
    }}
}

fn embed(folder: &LitStr) -> syn::Result<Vec<TokenStream>> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let written = folder.value();
    let listed = list(&root.join(&written)).map_err(|faults| all_at(folder, faults))?;
    Ok(listed.iter().map(|migration| include(&written, migration)).collect())
}

/// One migration. `include_str!` also makes cargo build again when a text changes.
fn include(folder: &str, Listed { id, has_down }: &Listed) -> TokenStream {
    let text = |file: &str| {
        // An absolute folder stands as it is; a relative one starts at the crate's root, wherever that is moved.
        let path = Path::new(folder).join(id).join(file);
        let path = path.to_string_lossy();
        if Path::new(folder).is_absolute() {
            quote!(::core::include_str!(#path))
        } else {
            let path = format!("/{path}");
            quote!(::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path)))
        }
    };
    let up = text("up.sql");
    let down = if *has_down {
        let down = text("down.sql");
        quote!(::core::option::Option::Some(#down))
    } else {
        quote!(::core::option::Option::None)
    };
    quote!(::waygate_db::__private::Migration::embedded(#id, #up, #down))
}

fn all_at(folder: &LitStr, faults: Vec<String>) -> syn::Error {
    let mut errors = faults.into_iter().map(|fault| syn::Error::new(folder.span(), fault));
    let first = errors.next().unwrap_or_else(|| syn::Error::new(folder.span(), "the migrations folder is malformed"));
    errors.fold(first, |mut all, error| {
        all.combine(error);
        all
    })
}
