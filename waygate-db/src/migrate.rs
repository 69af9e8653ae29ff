//! Migrations: files, plan, ledger, lock, apply.
//!
//! A migration is a folder `YYYYMMDDHHMMSS_name` with an `up.sql`. [`deploy`] holds one advisory lock on the connection
//! that runs the SQL, so lock and work end together; it compares the files with the ledger `waygate.migrations`
//! ([`plan`], a pure function) and applies what is pending, each migration in one transaction with its row of the
//! ledger inside. What failed is rolled back and leaves nothing to resolve.

mod deploy;
pub mod draft;
mod file;
mod folder;
mod forbidden;
mod foreign;
mod history;
mod ledger;
mod lock;
mod plan;
mod position;
pub mod proposal;
mod split;
mod status;
mod step;
mod transaction;
mod write;

pub use deploy::{DeployOptions, Deployed, Progress, Report, deploy};
pub use file::Migration;
#[cfg(feature = "cli")]
pub(crate) use foreign::{OBJECTS, foreign};
pub use history::History;
pub use ledger::Applied;
#[cfg(feature = "cli")]
pub(crate) use ledger::EXISTS;
pub use lock::Holder;
pub use plan::{Plan, plan};
pub use status::{MigrationState, MigrationStatus, Status, status};
