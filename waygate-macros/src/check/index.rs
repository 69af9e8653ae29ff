//! Indexes and unique constraints.

use crate::attr::Method;
use crate::diagnostics::Diagnostics;
use crate::field_type::{Family, Shape};
use crate::ir::{Index, Model, Scope};

// A column that stands twice in an index makes it larger and finds nothing more.
pub(super) fn check_columns_differ(index: &Index<'_>, diagnostics: &Diagnostics) {
    for (place, part) in index.columns.iter().enumerate() {
        if index.columns.iter().take(place).any(|earlier| earlier.column == part.column)
            && let Some(written) = index.written.columns.get(place)
        {
            diagnostics.error(
                &written.field,
                format_args!("`{}` stands twice in this index", written.field),
                "name it once",
            );
        }
    }
}

// Equal secrets are sealed to different bytes. On the field itself the words already conflict.
pub(super) fn check_nothing_sealed(index: &Index<'_>, model: &Model<'_>, diagnostics: &Diagnostics) {
    for (part, written) in index.columns.iter().zip(&index.written.columns) {
        if model.fields.get(part.column).is_some_and(crate::ir::Field::is_sealed) {
            let what = format!("`{}` is sealed, so an index of it finds nothing", written.field);
            diagnostics.error(&written.field, what, "index a field that is not `encrypted`");
        }
    }
}

// GIN finds elements inside values. It has no order, no uniqueness and no entry for a plain value.
pub(super) fn check_gin(index: &Index<'_>, model: &Model<'_>, diagnostics: &Diagnostics) {
    let Some(method) = index.written.method.as_ref().filter(|method| method.value == Method::Gin) else { return };
    if index.unique {
        diagnostics.error(method, "a unique index is a btree", "drop `using = gin`");
        return;
    }
    if index.columns.iter().any(|part| part.descending) {
        diagnostics.error(method, "a gin index has no order", "drop `desc`, or `using = gin`");
    }
    for part in &index.columns {
        let Some(field) = model.fields.get(part.column) else { continue };
        let family = Shape::of(field.ty).family;
        if !matches!(family, Family::Array | Family::Json | Family::Unknown | Family::Encrypted | Family::Sealed) {
            let what = format!("a gin index is for arrays and JSON, and `{}` is neither", field.name);
            diagnostics.error(method, what, "drop `using = gin`");
        }
    }
}

// A unique index across tenants is an oracle: the refusal of a duplicate tells that another tenant has the value.
pub(super) fn check_unique_starts_with_the_tenant(index: &Index<'_>, model: &Model<'_>, diagnostics: &Diagnostics) {
    let Some(owner) = model.scope.owning_column() else { return };
    if !index.unique || !index.is_complete() {
        return;
    }
    if index.columns.first().is_some_and(|first| first.column != owner)
        && let (Some(owner), Some(first)) = (model.fields.get(owner), index.written.columns.first())
    {
        let others = index.written.columns.iter().map(|part| part.field.to_string()).filter(|name| *name != owner.name);
        let correct: Vec<String> = [owner.name.clone()].into_iter().chain(others).collect();
        let whose = if matches!(model.scope, Scope::Column(_)) { "tenant" } else { "parent" };
        let what =
            format!("a unique index starts with the {whose}: across tenants, its refusals would tell what others have");
        diagnostics.error(&first.field, what, format_args!("write `unique({})`", correct.join(", ")));
    }
}

// An index's name is unique in its schema, and the primary key and the composite tenant key have theirs.
pub(super) fn check_names_differ(model: &Model<'_>, diagnostics: &Diagnostics) {
    let primary = format!("{}_pkey", model.table);
    let tenant_key = match (model.scope, model.key_field()) {
        (Scope::Column(tenant), Some(key)) => {
            model.fields.get(tenant).map(|tenant| format!("{}_{}_{}_key", model.table, tenant.column, key.column))
        }
        _ => None,
    };
    for (place, index) in model.indexes.iter().enumerate().filter(|(_, index)| index.is_complete()) {
        let name = &index.name;
        if *name == primary || Some(name) == tenant_key.as_ref() {
            let what = format!("every table of this scope has `{name}` already");
            diagnostics.error(index.written, what, "leave it out, or give the index another name");
        }
        if model.indexes.iter().take(place).any(|earlier| earlier.name == *name) {
            let help = if index.on_field {
                "drop one, or name it: `index(name = \"…\")`"
            } else {
                "drop one, or add `name = \"…\"`"
            };
            diagnostics.error(index.written, format_args!("two indexes are named `{name}`"), help);
        }
    }
}
