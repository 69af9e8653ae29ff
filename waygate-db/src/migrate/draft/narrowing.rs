//! Which changes of a column's type can lose part of a value.

/// How much a type holds, where types of its family can be compared.
#[derive(Debug, PartialEq, Eq)]
enum Family {
    Integer(u8),
    /// Digits in all, and behind the point; none where it is boundless.
    Numeric(Option<(u32, u32)>),
    Float(u8),
    /// Characters; none where it is boundless.
    Text(Option<u32>),
    Timestamp,
    TimestampTz,
    Date,
    Other,
}

/// Whether a value of the old type may be no value of the new one, or another.
pub(super) fn narrows(old: &str, new: &str) -> bool {
    use Family::{Date, Float, Integer, Numeric, Other, Text, Timestamp, TimestampTz};
    if old == new {
        return false;
    }
    match (family(old), family(new)) {
        (_, Text(None))
        | (Integer(_) | Numeric(_), Numeric(None))
        | (Date | TimestampTz, Timestamp)
        | (Date | Timestamp, TimestampTz) => false,
        (Text(Some(old)), Text(Some(new))) => old > new,
        (Integer(old), Integer(new)) | (Float(old), Float(new)) => old > new,
        (Integer(size), Numeric(Some((digits, scale)))) => digits.saturating_sub(scale) < digits_of(size),
        (Numeric(Some((digits, scale))), Numeric(Some((new, new_scale)))) => {
            scale > new_scale || digits.saturating_sub(scale) > new.saturating_sub(new_scale)
        }
        (Integer(size), Float(precision)) => size > precision / 2,
        (Other, Other) => !(new == "jsonb" && old == "json"),
        _ => true,
    }
}

/// The condition of a value that fits its new type, where there is one to write down.
pub(super) fn fit(column: &str, old: &str, new: &str) -> Option<String> {
    if !narrows(old, new) {
        return None;
    }
    let condition = match (family(old), family(new)) {
        (_, Family::Text(Some(length))) => format!("char_length({column}::text) <= {length}"),
        (Family::Integer(_) | Family::Numeric(_), Family::Integer(size)) => {
            let (low, high) = bounds(size);
            format!("{column} BETWEEN {low} AND {high}")
        }
        (Family::Integer(_) | Family::Numeric(_), Family::Numeric(Some((digits, scale)))) => {
            format!("abs({column}) < 1e{}", digits.saturating_sub(scale))
        }
        _ => return None,
    };
    Some(format!("{column} IS NULL OR {condition}"))
}

fn family(ty: &str) -> Family {
    let (name, modifier) = match ty.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.split(')').next()),
        None => (ty, None),
    };
    let numbers: Vec<u32> = modifier
        .map(|text| text.split(',').filter_map(|number| number.trim().parse().ok()).collect())
        .unwrap_or_default();
    // A modifier in the middle, as of `timestamp(3) with time zone`, stands before the rest of the name.
    let rest = ty.split_once(')').map_or("", |(_, rest)| rest);
    match (format!("{name}{rest}").as_str(), numbers.as_slice()) {
        ("smallint", _) => Family::Integer(2),
        ("integer", _) => Family::Integer(4),
        ("bigint", _) => Family::Integer(8),
        ("numeric", [digits, scale]) => Family::Numeric(Some((*digits, *scale))),
        ("numeric", [digits]) => Family::Numeric(Some((*digits, 0))),
        ("numeric", _) => Family::Numeric(None),
        ("real", _) => Family::Float(4),
        ("double precision", _) => Family::Float(8),
        ("text" | "character varying" | "citext", []) => Family::Text(None),
        ("character varying" | "character", [length]) => Family::Text(Some(*length)),
        ("date", _) => Family::Date,
        ("timestamp without time zone", []) => Family::Timestamp,
        ("timestamp with time zone", []) => Family::TimestampTz,
        _ => Family::Other,
    }
}

/// The most digits that an integer of so many bytes has.
const fn digits_of(size: u8) -> u32 {
    match size {
        2 => 5,
        4 => 10,
        _ => 19,
    }
}

/// The least and the greatest integer of so many bytes.
const fn bounds(size: u8) -> (i64, i64) {
    match size {
        2 => (i16::MIN as i64, i16::MAX as i64),
        4 => (i32::MIN as i64, i32::MAX as i64),
        _ => (i64::MIN, i64::MAX),
    }
}
