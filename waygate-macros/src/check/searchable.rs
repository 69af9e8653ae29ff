//! What can be looked for by a blind index, and what such an index may promise.

use crate::attr::{Field, Normalizer, SearchScope, Searchable, Written};
use crate::diagnostics::Diagnostics;
use crate::field_type::{Family, Shape, secret_inner};
use crate::ir::{Model, Scope, Search};
use crate::{attr, ir};

/// The rules about one field.
pub(super) fn check_field(field: &Field<'_>, diagnostics: &Diagnostics) {
    let Some(searchable) = &field.attrs.searchable else { return };
    check_is_encrypted(field, searchable, diagnostics);
    check_bits(searchable, diagnostics);
    check_unique_is_exact(searchable, diagnostics);
    check_type_has_one_form(field, diagnostics);
    check_normalizer_fits(field, searchable, diagnostics);
}

// The words beside a plain column are `index` and `unique`; a digest of a value that can be read hides nothing.
fn check_is_encrypted(field: &Field<'_>, searchable: &Written<Searchable>, diagnostics: &Diagnostics) {
    if field.attrs.encrypted.is_none() {
        let help = "write `#[model(encrypted, searchable)]`, or `index` for a column that is stored as it is";
        diagnostics.error(searchable, "`searchable` is for fields that are `encrypted`", help);
    }
}

// Fewer bits find nearly every row, and more than 128 tell nothing more.
fn check_bits(searchable: &Written<Searchable>, diagnostics: &Diagnostics) {
    let Some(bits) = &searchable.value.bits else { return };
    let (least, most) = (Search::LEAST, Search::EXACT);
    if !(u64::from(least)..=u64::from(most)).contains(&bits.value) {
        let help = format!("write from {least} to {most}; left out, all {most} are kept");
        diagnostics.error(bits, format_args!("a blind index does not keep {} bits", bits.value), help);
    }
}

// Two values may share a shortened digest, and the second would be refused though nobody has it.
fn check_unique_is_exact(searchable: &Written<Searchable>, diagnostics: &Diagnostics) {
    let Searchable { bits, unique, .. } = &searchable.value;
    if let (Some(bits), Some(unique)) = (bits, unique)
        && bits.value < u64::from(Search::EXACT)
    {
        let what = "a digest of fewer than 128 bits may be that of two values, so it cannot be unique";
        diagnostics.error(unique, what, "leave `bits` out, or `unique`");
    }
}

// The index compares the bytes that are sealed: of these types one value may have several forms.
fn check_type_has_one_form(field: &Field<'_>, diagnostics: &Diagnostics) {
    let Some(inner) = secret_inner(Shape::of(field.ty).base) else { return };
    let what = match Shape::of(inner).family {
        Family::Float => "floating-point numbers cannot be searched for: equal ones need not have equal bytes",
        Family::Json => "JSON cannot be searched for: equal documents need not have equal bytes",
        _ => return,
    };
    diagnostics.error(
        inner,
        what,
        "keep what is looked for in a field of its own: a text, a whole number, a UUID or bytes",
    );
}

// Only a text has a case, white space around it, digits and an end.
fn check_normalizer_fits(field: &Field<'_>, searchable: &Written<Searchable>, diagnostics: &Diagnostics) {
    let Some(normalize) = &searchable.value.normalize else { return };
    let inner = secret_inner(Shape::of(field.ty).base).map(|inner| Shape::of(inner).family);
    let may_be_a_text = inner.is_none_or(|family| matches!(family, Family::Text | Family::Unknown));
    if normalize.value != Normalizer::Exact && !may_be_a_text {
        let help = "leave `normalize` out: other values are compared as they are";
        diagnostics.error(normalize, "only texts are normalized", help);
    }
}

// What a unique index refuses tells what is there. Across tenants it would tell what others have; on the tenant table,
// where each row has a key of its own, it would refuse nothing.
pub(super) fn check_unique_keeps_apart(written: &attr::Model<'_>, model: &Model<'_>, diagnostics: &Diagnostics) {
    for (field, written) in model.fields.iter().zip(&written.fields) {
        let (Some(search), Some(searchable)) = (field.search(), &written.attrs.searchable) else { continue };
        let Some(unique) = &searchable.value.unique else { continue };
        match (model.scope, search.scope) {
            (Scope::Column(_) | Scope::Through { .. }, SearchScope::App) => diagnostics.error(
                unique,
                "a value unique across tenants would tell each of them what the others have",
                "leave `scope = app` out for values that are unique within a tenant, or leave `unique` out",
            ),
            (Scope::Key, SearchScope::Tenant) => diagnostics.error(
                unique,
                "each row is a tenant with an index key of its own, so no two rows would ever collide",
                "write `searchable(scope = app, unique)`",
            ),
            _ => {}
        }
    }
}

// The column and index that the field adds have names too.
pub(super) fn check_names(written: &attr::Model<'_>, model: &ir::Model<'_>, diagnostics: &Diagnostics) {
    for blind in &model.blind {
        let Some(field) = written.fields.get(blind.of) else { continue };
        let help = "name the sealed column: `#[model(column = \"…\")]`";
        super::names::check_name("the name of its blind index", &blind.index, field.ident, help, diagnostics);
        if let Some(other) = model.fields.iter().find(|other| other.column == blind.column) {
            let what = format!("the blind index of `{}` is stored in column `{}`", field.ident, blind.column);
            let help = format!("give `{}` a column of another name: `#[model(column = \"…\")]`", other.name);
            diagnostics.error(other.ident, what, help);
        }
        if let Some(other) = model.indexes.iter().find(|other| other.name == blind.index) {
            let what = format!("the blind index of `{}` is named `{}`", field.ident, blind.index);
            diagnostics.error(other.written, what, "give the index another name: `name = \"…\"`");
        }
    }
}
