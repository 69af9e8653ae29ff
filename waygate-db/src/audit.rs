//! The audit: isolation proven on a live database.
//!
//! - [`catalogue`] compares what the server has with what the models render;
//! - [`probe`] asks the server whether row security binds the app's login to each table;
//! - [`matrix`] tries every operation on every model in every state a session can be in, as two tenants;
//! - [`escalation`] tries the ways out of a role and a tenant;
//! - [`self_test`] plants holes in a copy of the tables, and each has to be found;
//! - [`report`] holds what all of them say.

mod report;

use crate::schema::{Dialect, Schema};

pub use report::{Finding, NotRun, Part, Report, Severity};

/// What is audited: the models, in which kind of database, and the schema that the tables stand in.
///
/// The models' own tables stand in `public`; the self-test audits a copy of them elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) models: &'a Schema,
    pub(crate) dialect: &'a Dialect,
    pub(crate) namespace: &'a str,
}
