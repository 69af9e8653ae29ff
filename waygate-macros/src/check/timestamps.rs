//! `created_at` and `updated_at`.

use crate::diagnostics::Diagnostics;
use crate::field_type::Shape;
use crate::{attr, ir};

// Two columns of one meaning would drift apart.
pub(super) fn check_each_once(model: &attr::Model<'_>, diagnostics: &Diagnostics) {
    let created = model.fields.iter().filter_map(|field| field.attrs.created_at.as_ref());
    for second in created.skip(1) {
        diagnostics.error(
            second,
            "a model has one `created_at`",
            "a time of your own is a plain `DateTime<Utc>` field",
        );
    }
    let updated = model.fields.iter().filter_map(|field| field.attrs.updated_at.as_ref());
    for second in updated.skip(1) {
        diagnostics.error(
            second,
            "a model has one `updated_at`",
            "a time of your own is a plain `DateTime<Utc>` field",
        );
    }
}

// The database fills the time in for every row.
pub(super) fn check_timestamp_is_not_optional(field: &attr::Field<'_>, diagnostics: &Diagnostics) {
    let marked = field.attrs.created_at.is_some() || field.attrs.updated_at.is_some();
    if marked && Shape::of(field.ty).optional {
        let help = format!("write `{}: DateTime<Utc>`", field.ident);
        diagnostics.error(field.ty, "a row always has the times of its creation and last update", help);
    }
}

// The rows of an append-only table are never updated.
pub(super) fn check_append_only_has_no_updated_at(model: &attr::Model<'_>, diagnostics: &Diagnostics) {
    if model.attrs.append_only.is_none() {
        return;
    }
    for word in model.fields.iter().filter_map(|field| field.attrs.updated_at.as_ref()) {
        let help = "drop this field, or `append_only` if rows may change";
        diagnostics.error(word, "the rows of an `append_only` model are never updated", help);
    }
}

// One trigger function serves all tables, so it knows the column by its name.
pub(super) fn check_updated_at_is_named_so(
    written: &attr::Model<'_>,
    model: &ir::Model<'_>,
    diagnostics: &Diagnostics,
) {
    for (written, field) in written.fields.iter().zip(&model.fields) {
        if written.attrs.updated_at.is_some() && field.column != "updated_at" {
            let what = format!("the column is `{}`, and the trigger that keeps it writes `updated_at`", field.column);
            let help = format!("write `#[model(updated_at, column = \"updated_at\")] {}: DateTime<Utc>`", field.ident);
            diagnostics.error(field.ident, what, help);
        }
    }
}
