//! The migration runner against a real server.

mod adopting;
mod database;
mod deploying;
mod files;
mod locking;
mod refusing;
mod steps;
mod transaction_control;
