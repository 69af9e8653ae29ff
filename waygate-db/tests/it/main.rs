//! The runtime crate from outside, on a real PostgreSQL.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests: a panic is how they fail, and what they print is for people"
)]

mod adopt;
mod api_key;
mod audit;
mod audit_matrix;
mod catalog;
#[cfg(feature = "supabase")]
mod claims;
mod config;
mod ddl;
mod document;
mod drafting;
mod lint;
mod local;
mod migrate;
mod support;
