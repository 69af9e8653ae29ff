//! A value together with the tokens that gave it, so that an error can point at them.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::diagnostics::Diagnostics;

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(crate) struct Written<T> {
    pub(crate) value: T,
    at: TokenStream,
}

impl<T> Written<T> {
    pub(crate) fn new(value: T, at: impl ToTokens) -> Self {
        Self { value, at: at.into_token_stream() }
    }
}

impl<T> ToTokens for Written<T> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.at.to_tokens(tokens);
    }
}

/// Keeps a word's value. A word stands once: the second of two would silently win or lose.
pub(crate) fn keep<T>(
    slot: &mut Option<T>,
    word: &str,
    at: impl ToTokens,
    value: Option<T>,
    diagnostics: &Diagnostics,
) {
    if slot.is_some() {
        diagnostics.error(at, format_args!("`{word}` is written twice"), "keep one of them");
    } else {
        *slot = value;
    }
}
