//! The rules: one `check_<rule>` for each, with the rule in a comment and the correct form in its message.
//!
//! A rule that needs only words and types looks at what was written; one about names and places looks at the resolved
//! model. All rules run, whatever the others find.

mod conflicts;
mod default;
mod encrypted;
mod field;
mod index;
mod key;
mod login;
mod names;
mod pg_enum;
mod relations;
mod scope;
mod searchable;
mod secret_type;
mod timestamps;

use crate::diagnostics::Diagnostics;
use crate::{attr, ir};

pub(crate) use pg_enum::check_pg_enum as pg_enum;

/// The rules about what was written.
pub(crate) fn written(model: &attr::Model<'_>, diagnostics: &Diagnostics) {
    names::check_table_is_named(model, diagnostics);
    key::check_one_key(model, diagnostics);
    scope::check_one_scope(model, diagnostics);
    timestamps::check_each_once(model, diagnostics);
    timestamps::check_append_only_has_no_updated_at(model, diagnostics);
    login::check_login(model, diagnostics);
    relations::check_relations(model, diagnostics);
    for field in &model.fields {
        field::check_no_setter_hides_a_verb(field, diagnostics);
        field::check_option_is_not_nested(field, diagnostics);
        // A word that may not stand here need not fit the type as well.
        if !conflicts::check_words_agree(field, diagnostics) {
            continue;
        }
        key::check_key_is_not_optional(field, diagnostics);
        scope::check_tenant_is_not_optional(field, diagnostics);
        timestamps::check_timestamp_is_not_optional(field, diagnostics);
        secret_type::check_field(field, diagnostics);
        searchable::check_field(field, diagnostics);
        field::check_max_len(field, diagnostics);
        field::check_sql_is_on_a_text(field, diagnostics);
        field::check_set_null_needs_an_option(field, diagnostics);
        default::check_default_fits_its_type(field, diagnostics);
    }
}

/// Whether a field is of a type that cannot be, so that no stand-in of the model can be used either.
pub(crate) fn has_impossible_type(model: &attr::Model<'_>) -> bool {
    model.fields.iter().any(secret_type::cannot_be)
}

/// The rules about the resolved model.
pub(crate) fn resolved(written: &attr::Model<'_>, model: &ir::Model<'_>, diagnostics: &Diagnostics) {
    scope::check_through(written, model, diagnostics);
    login::check_previous_key(written, model, diagnostics);
    timestamps::check_updated_at_is_named_so(written, model, diagnostics);
    encrypted::check_bound_tenant_is_there(written, model, diagnostics);
    encrypted::check_moved_values_are_not_searched(written, diagnostics);
    encrypted::check_moved_values_are_opened(model, diagnostics);
    encrypted::check_plain_column_has_no_field(written, model, diagnostics);
    encrypted::check_contexts_differ(written, model, diagnostics);
    searchable::check_unique_keeps_apart(written, model, diagnostics);
    searchable::check_names(written, model, diagnostics);
    names::check_lengths(written, model, diagnostics);
    names::check_renames(written, model, diagnostics);
    names::check_earlier_names(written, model, diagnostics);
    names::check_columns_differ(written, model, diagnostics);
    names::check_columns_are_not_the_servers(written, model, diagnostics);
    for index in &model.indexes {
        index::check_columns_differ(index, diagnostics);
        index::check_nothing_sealed(index, model, diagnostics);
        index::check_gin(index, model, diagnostics);
        index::check_unique_starts_with_the_tenant(index, model, diagnostics);
    }
    index::check_names_differ(model, diagnostics);
}
