//! The schema as DDL: its text, what it makes of an empty database, and what that database then refuses.

mod catalogue;
mod citus;
mod isolation;
mod library;
mod seed;
mod shapes;
mod snapshot;
