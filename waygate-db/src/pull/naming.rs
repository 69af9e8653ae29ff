//! Rust names for what the database names as it likes.

use std::collections::BTreeSet;

use super::words::{of_one_row, pascal, words};

/// The words that Rust keeps for itself.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// The verbs of the builders, beside which each field has a setter.
const VERBS: &[&str] = &["insert", "insert_if_absent", "exec", "save"];
/// The types that the files name, and those of the prelude.
const TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "DateTime",
    "Debug",
    "Default",
    "Drop",
    "Encrypted",
    "Eq",
    "Err",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Future",
    "Id",
    "Into",
    "Iterator",
    "Json",
    "Model",
    "NaiveDate",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "PgEnum",
    "Result",
    "Schema",
    "Sealed",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "TenantId",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Utc",
    "Uuid",
    "Vec",
];
/// The names of crates that a module would hide.
const CRATES: &[&str] = &["chrono", "core", "std", "uuid", "waygate_db"];
/// What the derive makes beside a model, and the model.
const MADE: [&str; 5] = ["", "Columns", "Create", "Update", "Patch"];

/// The names of types that are taken.
#[derive(Debug, Default)]
pub(super) struct TypeNames {
    taken: BTreeSet<String>,
}

impl TypeNames {
    /// The name of a table's struct: `field_mappings` gives `FieldMapping`.
    pub(super) fn model(&mut self, table: &str) -> String {
        let base = camel(&of_one_row(table), "Table", TYPES, "Row");
        let is_free = |name: &str| MADE.iter().all(|made| !self.taken.contains(&format!("{name}{made}")));
        let name = numbered(&base, "", is_free);
        self.taken.extend(MADE.iter().map(|made| format!("{name}{made}")));
        name
    }

    /// The name of an enum: `auth_type` gives `AuthType`.
    pub(super) fn pg_enum(&mut self, name: &str) -> String {
        let base = camel(&words(name), "Enum", TYPES, "Type");
        let free = |name: &str| !self.taken.contains(name);
        let name = if free(&base) { base } else { numbered(&format!("{base}Type"), "", free) };
        self.taken.insert(name.clone());
        name
    }
}

/// The fields of these columns, in their order. A column that is a field's name already keeps it.
pub(super) fn fields<'a>(columns: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let mut taken: BTreeSet<String> = columns.clone().filter(|name| is_field(name)).map(str::to_owned).collect();
    let mut name = |(place, column): (usize, &str)| {
        if is_field(column) {
            return column.to_owned();
        }
        let name = numbered(&field(column, place + 1), "_", |name| !taken.contains(name) && is_field(name));
        taken.insert(name.clone());
        name
    };
    columns.enumerate().map(&mut name).collect()
}

/// The variants of these labels, in their order.
pub(super) fn variants(labels: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let name = |label: &String| {
        let name = numbered(&camel(&words(label), "Variant", &["Self"], "Variant"), "", |name| !taken.contains(name));
        taken.insert(name.clone());
        name
    };
    labels.iter().map(name).collect()
}

/// The module of a model, beside these.
pub(super) fn module(model: &str, taken: &BTreeSet<String>) -> String {
    let name = super::words::snake(model);
    let is_reserved = KEYWORDS.contains(&name.as_str()) || CRATES.contains(&name.as_str());
    let name = if is_reserved { format!("{name}_") } else { name };
    numbered(&name, "_", |name| !taken.contains(name))
}

/// Whether the column's name can be the field's.
fn is_field(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    let is_simple = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let inside = name.trim_matches('_');
    starts_well
        && is_simple
        && !inside.is_empty()
        && !inside.contains("__")
        && !KEYWORDS.contains(&name)
        && !VERBS.contains(&name)
}

/// A field's name for a column that cannot give its own.
fn field(column: &str, place: usize) -> String {
    let name = words(column).join("_");
    match name.as_str() {
        "" => format!("column_{place}"),
        name if KEYWORDS.contains(&name) => format!("{name}_"),
        name if VERBS.contains(&name) => format!("{name}_value"),
        name if name.starts_with(|first: char| first.is_ascii_digit()) => format!("_{name}"),
        name => name.to_owned(),
    }
}

/// The words as a type's or variant's name; `stand_in` where there are none, or a digit comes first, and `behind` after
/// a name that is reserved.
fn camel(words: &[String], stand_in: &str, reserved: &[&str], behind: &str) -> String {
    let name = pascal(words);
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("{stand_in}{name}")
    } else if reserved.contains(&name.as_str()) {
        format!("{name}{behind}")
    } else {
        name
    }
}

/// The first free one of `name`, `name2`, `name3`, ….
fn numbered(name: &str, before_number: &str, is_free: impl Fn(&str) -> bool) -> String {
    // Two underscores in a row are none of Rust's names.
    let stem = name.trim_end_matches('_');
    let others = (2_u32..).map(|number| format!("{stem}{before_number}{number}"));
    std::iter::once(name.to_owned()).chain(others).find(|name| is_free(name)).unwrap_or_default()
}
