//! The two derives, as the stages that their input goes through.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::diagnostics::Diagnostics;
use crate::{attr, check, expand, ir};

/// `#[derive(Model)]`
pub(crate) fn model(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let diagnostics = Diagnostics::new();
    let Some(written) = attr::Model::read(&input, &diagnostics) else {
        return diagnostics.finish().map_or_else(syn::Error::into_compile_error, |()| TokenStream::new());
    };
    check::written(&written, &diagnostics);
    let model = ir::Model::resolve(&written, &diagnostics);
    check::resolved(&written, &model, &diagnostics);
    match diagnostics.finish() {
        Ok(()) => expand::model(&model),
        Err(error) if check::has_impossible_type(&written) => error.into_compile_error(),
        Err(error) => with_errors(&error, expand::fallback(&model)),
    }
}

/// `#[derive(PgEnum)]`
pub(crate) fn pg_enum(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let diagnostics = Diagnostics::new();
    let Some(written) = attr::PgEnum::read(&input, &diagnostics) else {
        return diagnostics.finish().map_or_else(syn::Error::into_compile_error, |()| TokenStream::new());
    };
    let pg_enum = ir::PgEnum::resolve(&written);
    check::pg_enum(&written, &pg_enum, &diagnostics);
    match diagnostics.finish() {
        Ok(()) => expand::pg_enum(&pg_enum),
        Err(error) => with_errors(&error, expand::pg_enum_fallback(&pg_enum)),
    }
}

/// The worded errors beside stand-ins for what is not generated: code that uses the item then adds no errors of its own.
fn with_errors(error: &syn::Error, fallback: TokenStream) -> TokenStream {
    let mut tokens = error.to_compile_error();
    tokens.extend(fallback);
    tokens
}
