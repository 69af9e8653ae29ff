//! The schema as DDL: its text, what it makes of an empty database, and what that database then refuses.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "ddl/catalogue.rs"]
mod catalogue;
#[path = "support/database.rs"]
mod database;
#[path = "ddl/isolation.rs"]
mod isolation;
#[path = "ddl/library.rs"]
mod library;
#[path = "ddl/seed.rs"]
mod seed;
#[path = "ddl/shapes.rs"]
mod shapes;
#[path = "ddl/snapshot.rs"]
mod snapshot;
#[path = "support/waygate_schema.rs"]
mod waygate_schema;
