//! What several tests share.

pub(crate) mod database;
pub(crate) mod waygate_schema;
