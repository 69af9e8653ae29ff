//! What two catalogs disagree in.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use serde::Serialize;
use serde_json::Value;

use super::{Catalog, Grant, Key, Object};

/// One object that two catalogs disagree in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The object.
    #[serde(flatten)]
    pub key: Key,
    /// In what they disagree.
    #[serde(flatten)]
    pub change: Change,
}

/// What would have to happen to an object of the first catalog to be as the second says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The first has no such object.
    Created,
    /// The second has no such object.
    Dropped,
    /// Both have it, with other properties.
    Altered {
        /// These ones.
        properties: Vec<Property>,
    },
}

/// A property that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What the first catalog says; `None` for nothing.
    pub from: Option<String>,
    /// What the second says.
    pub to: Option<String>,
}

/// What two catalogs disagree in, by kind and name. The order of columns is no difference, and neither is what follows
/// from others, as which objects need which.
#[must_use]
pub fn differences(from: &Catalog, to: &Catalog) -> Vec<Difference> {
    let keys: BTreeSet<&Key> = from.objects().chain(to.objects()).map(|(key, _)| key).collect();
    keys.into_iter()
        .filter_map(|key| {
            let change = match (from.object(key), to.object(key)) {
                (None, _) => Change::Created,
                (_, None) => Change::Dropped,
                (Some(from), Some(to)) => Change::Altered { properties: properties(from, to) },
            };
            let differs = !matches!(&change, Change::Altered { properties } if properties.is_empty());
            differs.then(|| Difference { key: key.clone(), change })
        })
        .collect()
}

/// The properties in which two objects of one key differ.
fn properties(from: &Object, to: &Object) -> Vec<Property> {
    let grants = |object: &Object| {
        let words: Vec<String> = object.grants.iter().map(Grant::to_string).collect();
        (!words.is_empty()).then(|| words.join(", "))
    };
    let common = [
        ("owner", from.owner.clone(), to.owner.clone()),
        ("comment", from.comment.clone(), to.comment.clone()),
        ("grants", grants(from), grants(to)),
    ];
    let common = common.into_iter().map(|(name, from, to)| Property { name: name.to_owned(), from, to });
    common.chain(own(from, to)).filter(|property| property.from != property.to).collect()
}

/// The properties of the kind itself, by the names that they have as data.
fn own(from: &Object, to: &Object) -> Vec<Property> {
    let (from, to) = (fields(from), fields(to));
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let text = |fields: &serde_json::Map<String, Value>, name: &str| fields.get(name).and_then(words);
    names
        .into_iter()
        .map(|name| Property { name: name.replace('_', " "), from: text(&from, name), to: text(&to, name) })
        .collect()
}

fn fields(object: &Object) -> serde_json::Map<String, Value> {
    match serde_json::to_value(&object.is) {
        Ok(Value::Object(mut tagged)) => match tagged.remove("is") {
            Some(Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        },
        _ => serde_json::Map::new(),
    }
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl Display for Grant {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let option = if self.grantable { " with grant option" } else { "" };
        write!(out, "{} to {}{option}", self.privilege, self.role)
    }
}

impl Display for Difference {
    /// A line for the object, and one for each property that differs.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.change {
            Change::Created => write!(out, "+ {}", self.key),
            Change::Dropped => write!(out, "- {}", self.key),
            Change::Altered { properties } => {
                write!(out, "~ {}", self.key)?;
                properties.iter().try_for_each(|property| write!(out, "\n    {property}"))
            }
        }
    }
}

impl Display for Property {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        write!(out, "{}: {} → {}", self.name, shown(&self.from), shown(&self.to))
    }
}
