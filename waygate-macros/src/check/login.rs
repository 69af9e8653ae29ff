//! The column by which a login finds its tenant.

use crate::diagnostics::Diagnostics;
use crate::field_type::{Family, Shape};
use crate::{attr, ir};

// One column of the tenant table says, without a tenant being known yet, which tenant an API key belongs to: one row at
// most, always.
pub(super) fn check_login(model: &attr::Model<'_>, diagnostics: &Diagnostics) {
    let mut logins = model.fields.iter().filter_map(|field| Some((field, field.attrs.login.as_ref()?)));
    let Some((field, login)) = logins.next() else { return };
    let correct = format!("`#[model(login, unique, max_len = 64)] {}: String`", field.ident);
    let is_tenant_table = model.fields.iter().any(|field| field.attrs.key.is_some() && field.attrs.tenant.is_some());
    if !is_tenant_table {
        let help = "it stands on the model whose key is marked `#[model(key, tenant)]`";
        diagnostics.error(login, "only the tenant table has a `login`", help);
    }
    if field.attrs.unique.is_none() {
        diagnostics.error(login, "a `login` is unique, so that it finds one tenant", format_args!("write {correct}"));
    }
    let shape = Shape::of(field.ty);
    if shape.optional || !matches!(shape.family, Family::Text | Family::Unknown | Family::Encrypted | Family::Sealed) {
        let what = "a `login` is a text that every tenant has: the hash of its API key";
        diagnostics.error(field.ty, what, format_args!("write {correct}"));
    }
    for (_, second) in logins {
        diagnostics.error(second, "a tenant table has one `login`", "keep one of them");
    }
}

// The key before finds its tenant as the live one does, where there is one and until its time is over.
pub(super) fn check_previous_key(written: &attr::Model<'_>, model: &ir::Model<'_>, diagnostics: &Diagnostics) {
    let Some(login) = model.login else { return };
    let Some((hash, expires_at)) = login.previous else { return };
    if let Some(field) = written.fields.get(hash) {
        if hash == login.hash {
            let what = format_args!("`{}` holds the hash of the present key", field.ident);
            diagnostics.error(field.ident, what, "name a field of its own for the hash of the key before");
            return;
        }
        let correct = format_args!("write `#[model(unique, max_len = 64)] {}: Option<String>`", field.ident);
        let shape = Shape::of(field.ty);
        if !shape.optional || !matches!(shape.family, Family::Text | Family::Unknown) {
            diagnostics.error(field.ty, "the hash of the key before is a text that may be absent", correct);
        }
        if field.attrs.unique.is_none() {
            diagnostics.error(
                field.ident,
                "the hash of the key before is unique, so that it finds one tenant",
                correct,
            );
        }
    }
    if let Some(field) = written.fields.get(expires_at) {
        let shape = Shape::of(field.ty);
        if !shape.optional || !matches!(shape.family, Family::Time | Family::Unknown) {
            let help = format_args!("write `{}: Option<DateTime<Utc>>`", field.ident);
            diagnostics.error(field.ty, "the end of the key before is a time that may be absent", help);
        }
    }
}
