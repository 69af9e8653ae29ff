//! Enums and their labels.

use quote::ToTokens;
use syn::Fields;

use super::names::check_name;
use crate::diagnostics::Diagnostics;
use crate::{attr, ir};

/// The rules about an enum.
pub(crate) fn check_pg_enum(written: &attr::PgEnum<'_>, resolved: &ir::PgEnum<'_>, diagnostics: &Diagnostics) {
    check_has_variants(written, diagnostics);
    check_variants_have_no_fields(written, diagnostics);
    check_lengths(written, resolved, diagnostics);
    check_labels_differ(written, resolved, diagnostics);
    check_renames(written, resolved, diagnostics);
}

// A type without a label has no value: no row could hold one.
fn check_has_variants(written: &attr::PgEnum<'_>, diagnostics: &Diagnostics) {
    if written.variants.is_empty() {
        let help = format!("write `enum {} {{ Draft, Active }}`", written.ident);
        diagnostics.error(written.ident, "a PostgreSQL enum has at least one label", help);
    }
}

// A label is only a name.
fn check_variants_have_no_fields(written: &attr::PgEnum<'_>, diagnostics: &Diagnostics) {
    for variant in &written.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let what = format!("a label is only a name, and `{}` has fields", variant.ident);
            let help = "store an enum with data as JSON: derive serde's traits and make the column `Json<…>`";
            diagnostics.error(variant.fields, what, help);
        }
    }
}

// PostgreSQL refuses a longer label, and cuts a longer type name.
fn check_lengths(written: &attr::PgEnum<'_>, resolved: &ir::PgEnum<'_>, diagnostics: &Diagnostics) {
    match &written.name {
        Some(name) => check_name("the type's name", &resolved.name, name, "choose a shorter one", diagnostics),
        None => check_name(
            "the type's name",
            &resolved.name,
            written.ident,
            "name it: `#[model(name = \"…\")]`",
            diagnostics,
        ),
    }
    for (written, variant) in written.variants.iter().zip(&resolved.variants) {
        check_name("the label", &variant.label, place(written), "shorten it: `#[model(label = \"…\")]`", diagnostics);
    }
}

// One label, one variant.
fn check_labels_differ(written: &attr::PgEnum<'_>, resolved: &ir::PgEnum<'_>, diagnostics: &Diagnostics) {
    for (at, (written, variant)) in written.variants.iter().zip(&resolved.variants).enumerate() {
        if let Some(earlier) = resolved.variants.iter().take(at).find(|earlier| earlier.label == variant.label) {
            let what = format!("`{}` and `{}` have the same label, `{}`", earlier.ident, variant.ident, variant.label);
            diagnostics.error(place(written), what, "give one of them another: `#[model(label = \"…\")]`");
        }
    }
}

// A rename to itself is a mistake, and a rename's old label is gone from the enum.
fn check_renames(written: &attr::PgEnum<'_>, resolved: &ir::PgEnum<'_>, diagnostics: &Diagnostics) {
    if let Some(old) = written.renamed_from.as_ref().filter(|old| old.value == resolved.name) {
        let what = format!("`{}` is the name already", old.value);
        diagnostics.error(old, what, "write the earlier name, or drop `renamed_from`");
    }
    for (place, old) in
        written.variants.iter().enumerate().filter_map(|(at, variant)| Some((at, variant.renamed_from.as_ref()?)))
    {
        if let Some(current) = resolved.variants.iter().find(|variant| variant.label == old.value) {
            let what = format!("`{}` is the label of `{}`", old.value, current.ident);
            diagnostics.error(old, what, "write the label's earlier spelling, or drop `renamed_from`");
        }
        let earlier = resolved.variants.iter().take(place);
        if earlier.filter_map(|variant| variant.renamed_from).any(|earlier| earlier == old.value) {
            let what = format!("two labels were renamed from `{}`", old.value);
            diagnostics.error(old, what, "drop one of them");
        }
    }
}

/// Where a variant's label comes from.
fn place<'a>(variant: &'a attr::Variant<'_>) -> &'a dyn ToTokens {
    match &variant.label {
        Some(label) => label,
        None => variant.ident,
    }
}
