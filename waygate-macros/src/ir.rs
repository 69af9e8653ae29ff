//! The model as it will be: names resolved to places, every default decided once.
//!
//! Resolving always gives a model, so that the rules that need one are checked even when another is broken. After an
//! error its tokens are stand-ins, see `expand::fallback`.

mod field;
mod index;
mod model;
mod pg_enum;
mod search;

pub(crate) use field::{DefaultValue, Field, Role, Storage};
pub(crate) use index::Index;
pub(crate) use model::{Login, Model, Scope};
pub(crate) use pg_enum::PgEnum;
pub(crate) use search::{BlindIndex, Search};
