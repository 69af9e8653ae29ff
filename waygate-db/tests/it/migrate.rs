//! The migration runner against a real server.

mod database;
mod deploying;
mod files;
mod locking;
mod refusing;
mod steps;
mod transaction_control;
