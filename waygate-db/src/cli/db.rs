//! `db`: what fills, reads and changes a database by hand.

use std::process::ExitCode;

use clap::Subcommand;

use super::{App, execute, pull, push, seed};
use crate::error::Result;

/// Fill the database, read models from one, push models to one, or run SQL.
#[derive(Debug, Subcommand)]
pub enum Db {
    /// Insert development data that is missing; refuses on a server elsewhere and beside other data
    Seed(seed::Fill),
    /// Write Rust models of a database that is there, and list what no model says
    Pull(Box<pull::Pull>),
    /// Make a development database as the models say, in one transaction, without a migration
    Push(push::Push),
    /// Run SQL in one transaction, as the schema's owner or confined to a tenant; prints the last statement's rows
    Execute(execute::Execute),
}

impl Db {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        match self {
            Self::Seed(command) => command.run(app).await,
            Self::Pull(command) => command.run().await,
            Self::Push(command) => Box::pin(command.run(app)).await,
            Self::Execute(command) => command.run().await,
        }
    }
}
