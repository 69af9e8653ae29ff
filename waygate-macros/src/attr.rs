//! What the user wrote, word by word, before any default is filled in or any rule is checked.
//!
//! [`Arg`] is one argument of `#[model(…)]`; the other files give the arguments of each place their meaning.

mod arg;
mod comment;
mod default;
mod encrypted;
mod field;
mod index;
mod item;
mod model;
mod pg_enum;
mod searchable;
mod written;

pub(crate) use arg::Arg;
pub(crate) use default::{Default, DefaultKind};
pub(crate) use encrypted::{Binding, Encrypted, Padding};
pub(crate) use field::{Field, FieldAttrs, OnDelete};
pub(crate) use index::{Index, IndexColumn, Method};
pub(crate) use model::{HasMany, Model};
pub(crate) use pg_enum::{PgEnum, Variant};
pub(crate) use searchable::{Normalizer, SearchScope, Searchable};
pub(crate) use written::Written;
