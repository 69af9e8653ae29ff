//! The migration runner against a real server.

mod comparing;
mod database;
mod deploying;
mod files;
mod locking;
mod refusing;
mod resolving;
mod rights;
mod squashing;
mod steps;
mod tenants;
mod transaction_control;
