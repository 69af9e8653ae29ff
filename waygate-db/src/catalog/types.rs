//! Extensions, collations, types and sequences.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The schema that its objects stand in.
    pub schema: String,
    /// Its version.
    pub version: String,
}

/// A collation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collation {
    /// Who compares: `i` for ICU, `c` for the C library, `b` for the server itself.
    pub provider: String,
    /// Whether only equal bytes are equal.
    pub deterministic: bool,
    /// The locale, of the C library that of the order.
    pub locale: Option<String>,
    /// The C library's locale of characters.
    pub ctype: Option<String>,
    /// The ICU rules on top of the locale's.
    pub rules: Option<String>,
}

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// Its labels, in their order.
    pub labels: Vec<String>,
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The type below it, with its modifier.
    pub base: String,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// The expression of its default.
    pub default: Option<String>,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
    /// Its checks by name, each as `CHECK (…)`, with `NOT VALID` where existing values were not looked at.
    pub checks: BTreeMap<String, String>,
}

/// A composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    /// Its attributes, in their order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type, with its modifier.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
}

/// A range type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The type of its bounds.
    pub subtype: String,
    /// The operator class that orders them, where it is not the type's own.
    pub operator_class: Option<String>,
    /// The collation that orders them.
    pub collation: Option<String>,
    /// The function that gives the canonical form.
    pub canonical: Option<String>,
    /// The function that gives the difference of two bounds.
    pub difference: Option<String>,
    /// The multirange type that comes with it.
    pub multirange: Option<String>,
}

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// The type of its numbers.
    #[serde(rename = "type")]
    pub ty: String,
    /// The first number.
    pub start: i64,
    /// From one number to the next.
    pub increment: i64,
    /// The lowest number.
    pub min: i64,
    /// The highest number.
    pub max: i64,
    /// How many a session takes at once.
    pub cache: i64,
    /// Whether it begins anew at its end.
    pub cycle: bool,
    /// The column that it belongs to.
    pub owned_by: Option<OwnedBy>,
}

/// The column that a sequence belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedBy {
    /// Schema, table and column.
    pub column: Vec<String>,
    /// Whether it is the column's identity, and so comes and goes with it; else it is dropped with the column.
    pub identity: bool,
}
