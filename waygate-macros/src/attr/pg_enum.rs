//! The words on an enum and its variants.

use proc_macro2::Ident;
use syn::DeriveInput;

use super::written::keep;
use super::{Arg, Written, comment, item};
use crate::case::Case;
use crate::diagnostics::Diagnostics;
use crate::suggest;
use crate::symbol;

/// An enum, its words and its variants.
pub(crate) struct PgEnum<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: Option<Written<String>>,
    pub(crate) rename_all: Option<Written<Case>>,
    pub(crate) renamed_from: Option<Written<String>>,
    pub(crate) comment: Option<String>,
    pub(crate) variants: Vec<Variant<'a>>,
}

/// A variant and its words.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) fields: &'a syn::Fields,
    pub(crate) label: Option<Written<String>>,
    pub(crate) renamed_from: Option<Written<String>>,
}

impl<'a> PgEnum<'a> {
    /// Reads an enum; `None`, with an error, for an item that is none.
    pub(crate) fn read(input: &'a DeriveInput, diagnostics: &Diagnostics) -> Option<Self> {
        let variants = item::variants(input, diagnostics)?;
        let (mut name, mut rename_all, mut renamed_from) = (None, None, None);
        for arg in Arg::of(&input.attrs, diagnostics) {
            if arg.name == symbol::TYPE_NAME {
                keep(&mut name, "name", &arg, arg.text(symbol::TYPE_NAME, diagnostics), diagnostics);
            } else if arg.name == symbol::RENAME_ALL {
                keep(&mut rename_all, "rename_all", &arg, case(&arg, diagnostics), diagnostics);
            } else if arg.name == symbol::RENAMED_FROM {
                keep(&mut renamed_from, "renamed_from", &arg, arg.text(symbol::RENAMED_FROM, diagnostics), diagnostics);
            } else {
                arg.unknown("on an enum", symbol::ON_ENUM, &[("on a variant", symbol::ON_VARIANT)], diagnostics);
            }
        }
        let variants = variants.iter().map(|variant| Variant::read(variant, diagnostics)).collect();
        let comment = comment::read(&input.attrs, diagnostics);
        Some(Self { ident: &input.ident, name, rename_all, renamed_from, comment, variants })
    }
}

impl<'a> Variant<'a> {
    fn read(variant: &'a syn::Variant, diagnostics: &Diagnostics) -> Self {
        let (mut label, mut renamed_from) = (None, None);
        for arg in Arg::of(&variant.attrs, diagnostics) {
            if arg.name == symbol::LABEL {
                keep(&mut label, "label", &arg, arg.text(symbol::LABEL, diagnostics), diagnostics);
            } else if arg.name == symbol::RENAMED_FROM {
                keep(&mut renamed_from, "renamed_from", &arg, arg.text(symbol::RENAMED_FROM, diagnostics), diagnostics);
            } else {
                arg.unknown("on a variant", symbol::ON_VARIANT, &[("above the enum", symbol::ON_ENUM)], diagnostics);
            }
        }
        Self { ident: &variant.ident, fields: &variant.fields, label, renamed_from }
    }
}

fn case(arg: &Arg, diagnostics: &Diagnostics) -> Option<Written<Case>> {
    let name = arg.text(symbol::RENAME_ALL, diagnostics)?;
    if let Some((_, case)) = Case::ALL.iter().find(|(known, _)| *known == name.value) {
        return Some(Written::new(*case, name));
    }
    let known = || Case::ALL.iter().map(|(known, _)| *known);
    let suggestion =
        suggest::nearest(&name.value, known()).map_or(String::new(), |near| format!("did you mean `{near}`? "));
    diagnostics.error(
        &name,
        format_args!("`{}` is not a spelling of labels", name.value),
        format_args!("{suggestion}The spellings are {}", suggest::list(known())),
    );
    None
}
