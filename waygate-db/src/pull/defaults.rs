//! A column's default, in the words of `#[model(default …)]`.
//!
//! A word is used only where the derive's DDL gives the very expression that the server printed: anything else stands as
//! SQL, which says the same again.

use super::enums::Enums;
use super::types::{Family, Type};
use super::write::Word;

/// The word for this expression.
pub(super) fn word(expression: &str, sql_type: &str, ty: &Type, enums: &Enums<'_>) -> Word {
    let text = literal(expression);
    let is_cast_to = |cast: &str| text.as_ref().is_some_and(|(_, to)| to == cast);
    let value = text.as_ref().map(|(value, _)| value.as_str());
    let plain = match (ty.family, value) {
        (Family::Bool, _) if matches!(expression, "true" | "false") => Some(expression.to_owned()),
        (Family::Integer(bits), _) => integer(expression, bits),
        (Family::Float, _) if is_digits(expression) => Some(expression.to_owned()),
        (Family::Text, Some(value)) if is_cast_to(text_type(ty)) => Some(format!("{value:?}")),
        (Family::Bytes, Some("\\x")) if is_cast_to("bytea") => return empty(),
        (Family::Json | Family::Array, Some("{}")) if is_cast_to(sql_type) => return empty(),
        (Family::Enum(place), Some(label)) if is_cast_to(sql_type) => variant(label, place, enums),
        _ => None,
    };
    match plain {
        Some(plain) => Word::plain(format!("default = {plain}")),
        None => Word::list("default", [Word::plain(format!("sql = {expression:?}"))]),
    }
}

fn empty() -> Word {
    Word::plain("default")
}

/// How the server names the type of a text with or without a limit in a cast.
fn text_type(ty: &Type) -> &'static str {
    if ty.max_len.is_some() { "character varying" } else { "text" }
}

/// A whole number as the server prints it: a negative one as a cast text.
fn integer(expression: &str, bits: u32) -> Option<String> {
    let number = match literal(expression) {
        Some((value, cast)) if cast == "integer" && value.strip_prefix('-').is_some_and(is_digits) => value,
        _ => is_digits(expression).then(|| expression.to_owned())?,
    };
    let limit = 1_i128 << (bits - 1);
    let fits = number.parse::<i128>().is_ok_and(|value| (-limit..limit).contains(&value));
    fits.then_some(number)
}

fn variant(label: &str, place: usize, enums: &Enums<'_>) -> Option<String> {
    let pg_enum = enums.at(place)?;
    let variant = pg_enum.variants.iter().find(|variant| variant.label == label)?;
    Some(format!("{}::{}", pg_enum.rust, variant.rust))
}

/// One to nine digits and no zero before them: a constant of type `integer`.
fn is_digits(text: &str) -> bool {
    let is_canonical = text == "0" || !text.starts_with('0');
    !text.is_empty() && text.len() < 10 && is_canonical && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text and the type of `'text'::type`.
fn literal(expression: &str) -> Option<(String, String)> {
    let mut rest = expression.strip_prefix('\'')?;
    let mut value = String::new();
    loop {
        let (part, after) = rest.split_once('\'')?;
        value.push_str(part);
        match after.strip_prefix('\'') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => return Some((value, after.strip_prefix("::")?.to_owned())),
        }
    }
}
