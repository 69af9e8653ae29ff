//! Rust models of a database that is there already.
//!
//! Data flows one way: a catalog → the tables that can be models (`shape`) → whose rows they hold (`scope`) → models as
//! data (`model`, and beside it `fields`, `references`, `indexes`, `sealed`) → Rust text (`write`). What no model says is
//! said in notes: nothing is dropped in silence.

mod defaults;
mod enums;
mod fields;
mod indexes;
mod model;
mod naming;
mod note;
mod references;
mod scope;
mod sealed;
mod shape;
mod spelling;
mod types;
mod unsaid;
mod words;
mod world;
mod write;

use serde::Serialize;

use crate::catalog::Catalog;
use crate::error::Result;
use crate::schema::Dialect;

pub use note::{About, Note};
pub use write::{Layout, SourceFile};

use model::Models;
use world::World;

/// What is to be pulled, and how the files are laid out.
#[derive(Debug, Clone)]
pub struct Request {
    /// The schema whose tables are pulled. Default: `public`.
    pub schema: String,
    /// The tables that are pulled; all, where none is named.
    pub tables: Vec<String>,
    /// The table whose rows are the tenants, where the database does not tell.
    pub tenant: Option<String>,
    /// The kind of server.
    pub dialect: Dialect,
    /// One file for each table, or one for all.
    pub layout: Layout,
}

impl Default for Request {
    fn default() -> Self {
        let (tables, tenant, dialect) = (Vec::new(), None, Dialect::default());
        Self { schema: "public".to_owned(), tables, tenant, dialect, layout: Layout::Folder }
    }
}

/// The models of a database, as Rust text, and what they leave out.
#[derive(Debug, Clone, Serialize)]
pub struct Pulled {
    /// The models, parents first.
    pub models: Vec<PulledModel>,
    /// The files, none of them written yet.
    #[serde(skip)]
    pub files: Vec<SourceFile>,
    /// What no model says, what would change, and what somebody has to decide.
    pub notes: Vec<Note>,
}

/// One model that was pulled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PulledModel {
    /// The table.
    pub table: String,
    /// The Rust struct.
    pub model: String,
    /// Whose data it holds, as the model says it.
    pub scope: String,
}

/// The models of the database that this catalog describes.
///
/// # Errors
///
/// [`is_config`](crate::Error::is_config) when the request names a schema or table that is not there.
pub fn pull(catalog: &Catalog, request: &Request) -> Result<Pulled> {
    let mut world = World::of(catalog, request)?;
    let models = Models::of(&mut world);
    unsaid::note(&mut world, &models);
    let mut notes = world.notes;
    notes.sort();
    let files = write::files(&models, &notes, request.layout);
    let summaries = models.models.iter().map(|model| PulledModel {
        table: model.table.clone(),
        model: model.rust.clone(),
        scope: model.scope.to_string(),
    });
    Ok(Pulled { models: summaries.collect(), files, notes })
}
