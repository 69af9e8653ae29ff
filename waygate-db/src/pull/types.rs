//! The Rust type of a column.

use super::enums::Enums;

/// The Rust type that a column of some SQL type has, without its `Option`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Type {
    /// As it is written in a field.
    pub(super) rust: String,
    /// What kind of value it holds.
    pub(super) family: Family,
    /// The limit of a `varchar`.
    pub(super) max_len: Option<u32>,
    /// The SQL type, where no Rust type stands for it and its values travel as text.
    pub(super) sql: Option<String>,
}

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Bool,
    /// An integer of this many bits.
    Integer(u32),
    Float,
    Text,
    Bytes,
    Array,
    Uuid,
    Date,
    Time,
    Json,
    /// The enum at this place.
    Enum(usize),
    Encrypted,
    /// Known to the database alone.
    Other,
}

impl Type {
    /// The type that the server prints so.
    pub(super) fn of(sql: &str, enums: &Enums<'_>) -> Self {
        if let Some(element) = sql.strip_suffix("[]")
            && let Some(rust) = element_of(element, enums)
        {
            return Self::plain(format!("Vec<{rust}>"), Family::Array);
        }
        if sql == "waygate.encrypted" {
            return Self::plain("Encrypted<String>".to_owned(), Family::Encrypted);
        }
        if sql == "jsonb" {
            return Self::plain("Json".to_owned(), Family::Json);
        }
        if let Some(max_len) = limit(sql) {
            return Self { max_len: Some(max_len), ..Self::plain("String".to_owned(), Family::Text) };
        }
        match simple(sql, enums) {
            Some((rust, family)) => Self::plain(rust, family),
            None => Self { sql: Some(sql.to_owned()), ..Self::plain("String".to_owned(), Family::Other) },
        }
    }

    fn plain(rust: String, family: Family) -> Self {
        Self { rust, family, max_len: None, sql: None }
    }
}

/// The types that stand alone and in arrays.
fn simple(sql: &str, enums: &Enums<'_>) -> Option<(String, Family)> {
    let (rust, family) = match sql {
        "boolean" => ("bool", Family::Bool),
        "smallint" => ("i16", Family::Integer(16)),
        "integer" => ("i32", Family::Integer(32)),
        "bigint" => ("i64", Family::Integer(64)),
        "real" => ("f32", Family::Float),
        "double precision" => ("f64", Family::Float),
        "text" => ("String", Family::Text),
        "bytea" => ("Vec<u8>", Family::Bytes),
        "uuid" => ("Uuid", Family::Uuid),
        "date" => ("NaiveDate", Family::Date),
        "timestamp with time zone" => ("DateTime<Utc>", Family::Time),
        _ => {
            let place = enums.place(&qualified(sql)?)?;
            return Some((enums.at(place)?.rust.clone(), Family::Enum(place)));
        }
    };
    Some((rust.to_owned(), family))
}

fn element_of(sql: &str, enums: &Enums<'_>) -> Option<String> {
    simple(sql, enums).map(|(rust, _)| rust)
}

/// The n of `character varying(n)`.
fn limit(sql: &str) -> Option<u32> {
    sql.strip_prefix("character varying(")?.strip_suffix(')')?.parse().ok()
}

/// The names of a type that stands in a schema, as the server quotes them.
pub(super) fn qualified(sql: &str) -> Option<[String; 2]> {
    let (schema, rest) = name(sql)?;
    let (name, rest) = name(rest.strip_prefix('.')?)?;
    rest.is_empty().then_some([schema, name])
}

/// A name at the start of a text, without its quotes, and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|char: char| !(char.is_alphanumeric() || char == '_' || char == '$')).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end)?;
        return (!name.is_empty()).then(|| (name.to_owned(), rest));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"')?;
        name.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, after)),
        }
    }
}
