//! The schema for people: drawn, and described.
//!
//! Everything is read from the models' metadata, without a server: a [diagram](schema_diagram) as [`mermaid`] or
//! [`svg`], and a [`dictionary`] of the data in Markdown. [`relation`] says how tables refer to one another, [`words`]
//! what all of them say of a table, and [`escape`] keeps users' texts from being taken for markup.

mod dictionary;
mod escape;
mod mermaid;
mod relation;
mod svg;
mod words;

pub use dictionary::schema_docs;

use std::fmt::{self, Display, Formatter};

use crate::schema::Schema;

/// The form of a diagram. Default: `Mermaid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum DiagramFormat {
    /// Text that Mermaid draws, as in a README on GitHub.
    #[default]
    Mermaid,
    /// A picture.
    Svg,
}

impl Display for DiagramFormat {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Mermaid => "mermaid",
            Self::Svg => "svg",
        })
    }
}

/// The tables of a schema with their columns and references, drawn. The same schema gives the same text.
///
/// ```
/// use waygate_db::{DiagramFormat, Id, Model, Schema, TenantId, schema_diagram};
/// # #[derive(Model)] #[model(table = "tenants")] struct Tenant { #[model(key, tenant)] id: TenantId, name: String }
///
/// static SCHEMA: Schema = waygate_db::schema![Tenant];
/// assert!(schema_diagram(&SCHEMA, DiagramFormat::Mermaid).contains("uuid id PK"));
/// assert!(schema_diagram(&SCHEMA, DiagramFormat::Svg).starts_with("<svg "));
/// ```
#[must_use]
pub fn schema_diagram(schema: &Schema, format: DiagramFormat) -> String {
    match format {
        DiagramFormat::Mermaid => mermaid::draw(schema),
        DiagramFormat::Svg => svg::draw(schema),
    }
}
