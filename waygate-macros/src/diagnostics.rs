//! The errors of one derive, collected so that all of them are reported at once.

use std::cell::RefCell;
use std::fmt::Display;

use quote::ToTokens;

/// The errors found so far. Whoever makes one consumes it with [`finish`](Self::finish).
#[must_use = "errors are reported by `finish`"]
pub(crate) struct Diagnostics {
    errors: RefCell<Option<syn::Error>>,
}

impl Diagnostics {
    pub(crate) fn new() -> Self {
        Self { errors: RefCell::new(None) }
    }

    /// Reports what is wrong at these tokens, and the correct form.
    pub(crate) fn error(&self, at: impl ToTokens, what: impl Display, help: impl Display) {
        self.push(syn::Error::new_spanned(at, format_args!("{what}\n  help: {help}")));
    }

    /// Adds an error that is already worded.
    pub(crate) fn push(&self, error: syn::Error) {
        match &mut *self.errors.borrow_mut() {
            Some(errors) => errors.combine(error),
            none => *none = Some(error),
        }
    }

    /// All errors as one, if there is any.
    pub(crate) fn finish(self) -> syn::Result<()> {
        self.errors.into_inner().map_or(Ok(()), Err)
    }
}
