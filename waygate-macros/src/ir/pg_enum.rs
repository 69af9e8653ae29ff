//! One enum type.

use proc_macro2::Ident;
use syn::ext::IdentExt;

use crate::attr;
use crate::case::{self, Case};

/// An enum, resolved.
pub(crate) struct PgEnum<'a> {
    /// The Rust enum.
    pub(crate) ident: &'a Ident,
    /// The type's name in the database.
    pub(crate) name: String,
    /// The type's earlier name.
    pub(crate) renamed_from: Option<&'a str>,
    /// What the enum's doc comment says.
    pub(crate) comment: Option<&'a str>,
    /// The variants, in order.
    pub(crate) variants: Vec<Variant<'a>>,
}

/// A variant, resolved.
pub(crate) struct Variant<'a> {
    /// The Rust variant.
    pub(crate) ident: &'a Ident,
    /// The label in the database.
    pub(crate) label: String,
    /// The label's earlier spelling.
    pub(crate) renamed_from: Option<&'a str>,
}

impl<'a> PgEnum<'a> {
    pub(crate) fn resolve(written: &'a attr::PgEnum<'a>) -> Self {
        let spelling = written.rename_all.as_ref().map_or(Case::Snake, |case| case.value);
        let rust_name = written.ident.unraw().to_string();
        let name = written.name.as_ref().map_or_else(|| case::snake(&rust_name), |name| name.value.clone());
        let variant = |variant: &'a attr::Variant<'a>| Variant {
            ident: variant.ident,
            label: variant
                .label
                .as_ref()
                .map_or_else(|| spelling.apply(&variant.ident.unraw().to_string()), |label| label.value.clone()),
            renamed_from: variant.renamed_from.as_ref().map(|label| label.value.as_str()),
        };
        Self {
            ident: written.ident,
            name,
            renamed_from: written.renamed_from.as_ref().map(|name| name.value.as_str()),
            comment: written.comment.as_deref(),
            variants: written.variants.iter().map(variant).collect(),
        }
    }
}
