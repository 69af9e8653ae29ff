//! The Waygate models on a real PostgreSQL: every model, verb, constraint and refusal, from outside.
//!
//! One server for the whole process, and a database of its own for each test (`support`). Without `DATABASE_URL` the
//! server is a private one; with it, the tests work in databases and roles of their own and drop them at the end.
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::similar_names,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

mod adversary;
mod api_keys;
mod audit;
mod audit_matrix;
mod audit_sealed;
mod bad_input;
mod citus;
mod cli;

mod columns;
mod cut_deploys;
mod document;
mod drafts;
mod isolation;
mod key_cache;
mod keys;
mod killed_server;
mod leaks;
mod limits;
mod middleware;
mod model_sql;
mod models;
mod old_server;
mod pages;
mod pool;
mod pooler;
mod postgrest;
mod queries;
mod raw_sql;
mod round_trips;
mod schema;
mod sealed;
mod sealed_tenant;
mod search;
mod service;
mod supabase;
mod support;
mod transactions;
