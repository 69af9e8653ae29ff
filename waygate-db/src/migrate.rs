//! Migrations: files, plan, ledger, lock, apply.
//!
//! A migration is a folder `YYYYMMDDHHMMSS_name` with an `up.sql`. [`deploy`] holds one advisory lock on the connection
//! that runs the SQL, so lock and work end together; it compares the files with the ledger `waygate.migrations`
//! ([`plan`], a pure function) and applies what is pending, step by step (`step`): in one transaction with its row of the
//! ledger inside (`transaction`), outside of any (`alone`), or in batches (`backfill`). A step that failed is rolled back;
//! what was killed goes on where it was, and the schema as a deploy leaves it is kept beside the ledger (`snapshot`).

mod adopt;
mod alone;
mod backfill;
mod compare;
mod deploy;
pub mod draft;
mod embedded;
mod file;
mod folder;
mod forbidden;
mod foreign;
mod history;
mod ledger;
mod lint;
mod lock;
mod managed;
mod plan;
mod position;
mod probe;
pub mod proposal;
mod shadow;
mod snapshot;
mod split;
mod status;
mod step;
mod transaction;
mod watch;
mod write;

pub use adopt::{Adopted, AdoptedMigration, Adoption, Tool, adopt};
pub use compare::{Comparison, Drift, database_to_history, database_to_models, drift, history_to_models};
pub use deploy::{DeployOptions, Deployed, Progress, Report, deploy};
pub use embedded::Embedded;
pub use file::Migration;
#[cfg(feature = "cli")]
pub(crate) use foreign::{OBJECTS, foreign};
pub use history::History;
#[cfg(feature = "cli")]
pub(crate) use ledger::EXISTS;
pub use ledger::{Applied, StepState};
pub use lint::{Exceptions, Finding, Linted, Observed, RULES, Rule, Severity, TableLock, lint};
pub use lock::Holder;
pub use managed::{Managed, managed, refuse_obstacles};
pub use plan::{Plan, plan};
#[cfg(feature = "cli")]
pub(crate) use shadow::settled;
pub use shadow::{Shadow, Shadows};
pub use snapshot::{Snapshot, without_ledger};
pub use status::{MigrationState, MigrationStatus, Status, status};
pub use watch::Blocker;
