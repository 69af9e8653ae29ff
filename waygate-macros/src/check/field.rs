//! Words that ask something of one field's type or name.

use crate::attr::{Field, OnDelete};
use crate::diagnostics::Diagnostics;
use crate::field_type::{self, Family, Shape};

/// The longest `varchar` that PostgreSQL declares.
const LONGEST_VARCHAR: u64 = 10_485_760;

/// The generated builders' verbs.
const VERBS: &[&str] = &["insert", "insert_if_absent", "exec", "save"];

// A column has one NULL.
pub(super) fn check_option_is_not_nested(field: &Field<'_>, diagnostics: &Diagnostics) {
    if let Some(inner) = field_type::option_inner(field.ty)
        && field_type::option_inner(inner).is_some()
    {
        let help = format!("write `{}: {}`", field.ident, tokens(inner));
        diagnostics.error(field.ty, "a column is either NULL or has a value, so one `Option` is all there is", help);
    }
}

// The limit is `varchar(n)`: characters of a text.
pub(super) fn check_max_len(field: &Field<'_>, diagnostics: &Diagnostics) {
    let Some(max_len) = &field.attrs.max_len else { return };
    let family = Shape::of(field.ty).family;
    if !matches!(family, Family::Text | Family::Unknown | Family::Encrypted | Family::Sealed) {
        let help = "it stands on a `String` or `Option<String>`: leave it out";
        diagnostics.error(max_len, format_args!("`max_len` limits texts, and `{}` is none", tokens(field.ty)), help);
    }
    if max_len.value == 0 || max_len.value > LONGEST_VARCHAR {
        let help =
            format!("write a length from 1 to {LONGEST_VARCHAR}, or leave `max_len` out for a text of any length");
        diagnostics.error(max_len, "no column has this length", help);
    }
    if let Some(sql) = &field.attrs.sql {
        let help = "write the limit as part of the type: `sql = \"varchar(40)\"`";
        diagnostics.error(sql, "`max_len` and `sql` both name the column's type", help);
    }
}

// A column of a type that the user names travels as text: other types have a binary form the server would not expect.
pub(super) fn check_sql_is_on_a_text(field: &Field<'_>, diagnostics: &Diagnostics) {
    let Some(sql) = &field.attrs.sql else { return };
    if !matches!(Shape::of(field.ty).family, Family::Text | Family::Unknown | Family::Encrypted | Family::Sealed) {
        let what = format!("a column with `sql = …` travels as text, and `{}` is none", tokens(field.ty));
        diagnostics.error(
            sql,
            what,
            "make the field a `String`, or leave `sql` out: the field's type has its own column type",
        );
    }
}

// The column must take the NULL that the parent's deletion leaves.
pub(super) fn check_set_null_needs_an_option(field: &Field<'_>, diagnostics: &Diagnostics) {
    let Some(on_delete) = field.attrs.belongs_to.as_ref().and_then(|belongs_to| belongs_to.on_delete.as_ref()) else {
        return;
    };
    if on_delete.value == OnDelete::SetNull && !Shape::of(field.ty).optional {
        let correct = tokens(field.ty);
        let help = format!("write `{}: Option<{correct}>`, or `on_delete = cascade`, or `restrict`", field.ident);
        diagnostics.error(on_delete, "`set_null` needs a column that takes NULL", help);
    }
}

// Builders have a setter for each field beside these verbs, and Rust has no overloading.
pub(super) fn check_no_setter_hides_a_verb(field: &Field<'_>, diagnostics: &Diagnostics) {
    let name = field.ident.to_string();
    if VERBS.contains(&name.as_str()) {
        let help =
            format!("name the field otherwise and keep the column: `#[model(column = \"{name}\")] {name}_value: …`");
        diagnostics.error(field.ident, format_args!("the setter of `{name}` would hide the verb `{name}`"), help);
    }
}

/// Tokens as one would write them: `Option<Id<User>>`, not `Option < Id < User > >`.
pub(super) fn tokens(tokens: impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(" < ", "<").replace(" >", ">").replace(" :: ", "::").replace(" ,", ",")
}
