//! The types of sealed fields.

use quote::ToTokens;
use syn::Type;

use crate::attr::Field;
use crate::diagnostics::Diagnostics;
use crate::field_type::{self, Family, Shape};

/// The rules about one field.
pub(super) fn check_field(field: &Field<'_>, diagnostics: &Diagnostics) {
    if check_secrets_are_not_listed(field, diagnostics) {
        check_encrypted_matches_its_type(field, diagnostics);
        check_value_can_be_sealed(field, diagnostics);
    }
}

// The type keeps a secret from being printed, the word has it sealed: one without the other is a leak or a mistake.
fn check_encrypted_matches_its_type(field: &Field<'_>, diagnostics: &Diagnostics) {
    let shape = Shape::of(field.ty);
    match (&field.attrs.encrypted, shape.family) {
        // A nested `Option` has its own message.
        (Some(_), family) if !family.is_secret() && field_type::option_inner(shape.base).is_none() => {
            let correct = optional(shape, &format!("Encrypted<{}>", sealable(shape.base)));
            let help = format!("write `{}: {correct}`, which never prints or serialises the secret", field.ident);
            diagnostics.error(field.ty, "an `encrypted` field holds an `Encrypted<…>` or a `Sealed<…>`", help);
        }
        (None, family) if family.is_secret() => {
            let help = format!("write `#[model(encrypted)] {}: {}`", field.ident, written(field.ty));
            let (article, name) = if family == Family::Sealed { ("a", "Sealed") } else { ("an", "Encrypted") };
            diagnostics.error(field.ty, format_args!("{article} `{name}<…>` field is marked `encrypted`"), help);
        }
        _ => {}
    }
}

// A column holds one cell, and a cell one value.
fn check_secrets_are_not_listed(field: &Field<'_>, diagnostics: &Diagnostics) -> bool {
    let Some(value) = field_type::element(Shape::of(field.ty).base).and_then(field_type::secret_inner) else {
        return true;
    };
    let help =
        format!("write `#[model(encrypted)] {}: Encrypted<Json<Vec<{}>>>`", field.ident, written(innermost(value)));
    diagnostics.error(field.ty, "a list of secrets is sealed as one value", help);
    false
}

// What no codec writes. A type of the user's own may be an alias, and is left to the compiler.
fn check_value_can_be_sealed(field: &Field<'_>, diagnostics: &Diagnostics) {
    if let Some((value, what, correct)) = misfit(field) {
        diagnostics.error(value, what, format_args!("write `{}: {correct}`", field.ident));
    }
}

/// Whether the field's type is one that cannot be: every use of its struct would be one more error of the compiler's.
pub(super) fn cannot_be(field: &Field<'_>) -> bool {
    misfit(field).is_some()
}

/// The value of a sealed field that cannot be sealed, why, and the correct type of the field.
fn misfit<'a>(field: &Field<'a>) -> Option<(&'a Type, String, String)> {
    let shape = Shape::of(field.ty);
    let value = field_type::secret_inner(shape.base)?;
    let name = if shape.family == Family::Sealed { "Sealed" } else { "Encrypted" };
    let bare = written(innermost(value));
    if field_type::option_inner(value).is_some() {
        let what = "NULL is not sealed, so the `Option` stands outside".to_owned();
        return Some((value, what, format!("Option<{name}<{bare}>>")));
    }
    if field_type::secret_inner(value).is_some() {
        return Some((value, "a value is sealed once".to_owned(), optional(shape, &format!("{name}<{bare}>"))));
    }
    let correct = sealable(value);
    if correct == written(value) {
        return None;
    }
    let what = format!("`{}` cannot be sealed as it is", written(value));
    Some((value, what, optional(shape, &format!("{name}<{correct}>"))))
}

/// The type by which such a value is sealed.
fn sealable(value: &Type) -> String {
    match Shape::of(value).family {
        Family::Array => format!("Json<{}>", written(value)),
        Family::Tenant => "Uuid".to_owned(),
        Family::Uuid if field_type::is_named(value, "Id") => "Uuid".to_owned(),
        Family::Float if field_type::is_named(value, "f32") => "f64".to_owned(),
        _ => written(value),
    }
}

/// The value's type, without every `Option`, `Encrypted` and `Sealed` around it.
fn innermost(ty: &Type) -> &Type {
    match field_type::option_inner(ty).or_else(|| field_type::secret_inner(ty)) {
        Some(inner) => innermost(inner),
        None => ty,
    }
}

fn optional(shape: Shape<'_>, correct: &str) -> String {
    if shape.optional { format!("Option<{correct}>") } else { correct.to_owned() }
}

fn written(ty: &Type) -> String {
    super::field::tokens(ty.to_token_stream())
}
