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
mod baseline;
mod compare;
mod deploy;
pub mod draft;
mod embedded;
mod file;
mod folder;
mod forbidden;
mod foreign;
mod history;
pub(crate) mod ledger;
mod lint;
mod lock;
mod managed;
mod plan;
mod position;
mod probe;
pub mod proposal;
mod render;
mod replaced;
mod resolve;
mod shadow;
mod snapshot;
mod split;
mod squash;
mod status;
mod step;
mod transaction;
mod watch;
mod write;

pub use adopt::{Adopted, AdoptedMigration, Adoption, Tool, adopt};
pub use baseline::baseline;
pub use compare::{Comparison, Drift, database_to_history, database_to_models, drift, history_to_models};
pub use deploy::{
    DeployOptions, Deployed, Preview, PreviewedMigration, PreviewedStep, Progress, Report, deploy, preview,
};
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
#[cfg(feature = "cli")]
pub(crate) use managed::is_of_setup;
pub use managed::{Managed, managed, refuse_obstacles};
pub use plan::{Plan, plan};
pub use render::{Rendered, render};
pub use resolve::{Resolution, resolve};
#[cfg(feature = "cli")]
pub(crate) use shadow::settled;
pub use shadow::{Shadow, Shadows};
pub use snapshot::{Snapshot, without_ledger};
pub use squash::{Squashed, squash};
pub use status::{MigrationState, MigrationStatus, Status, status};
#[cfg(feature = "cli")]
pub(crate) use step::duration;
pub use watch::Blocker;
#[cfg(feature = "cli")]
pub(crate) use write::{new_id, write};
