//! The command-line kit: the commands behind a project's own binary, which adds its models, migrations and seed.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use clap::Parser;
//! use waygate_db::cli::{App, Command};
//!
//! #[derive(Parser)]
//! struct Cli { #[command(subcommand)] command: Command }
//!
//! # static SCHEMA: waygate_db::Schema = waygate_db::schema![];
//! #[tokio::main]
//! async fn main() -> ExitCode {
//!     let app = App { name: "shop", schema: &SCHEMA, migrations: &[], seed: None };
//!     waygate_db::cli::exit(Cli::parse().command.run(&app).await)
//! }
//! ```

mod audit;
mod connect;
mod dev;
mod env_file;
mod migrate;
mod output;
mod schema;
mod seed;
mod setup;
mod signals;

use std::process::ExitCode;

use clap::Subcommand;

use crate::error::Result;
use crate::migrate::Migration;
use crate::schema::{Dialect, Schema};

pub use output::{Progress, Style, error_chain, exit, print, print_json, table};
pub use seed::{Seed, SeedFuture, SeedReport, TableSeed};
pub use signals::stopped;

/// Migrations are pending: the exit code of `migrate status` in a pipeline that waits for a deploy.
pub const PENDING: u8 = 3;

/// A promise is broken: the exit code of `audit` when isolation is not proven.
pub const BROKEN: u8 = 4;

/// What a project gives the kit.
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// The project's name: of its database, and in messages.
    pub name: &'static str,
    /// Its models.
    pub schema: &'static Schema,
    /// Its migrations.
    pub migrations: &'static [Migration],
    /// How it fills a development database, if it does.
    pub seed: Option<Seed>,
}

/// The kit's commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a private PostgreSQL for development: migrated, seeded, until Ctrl-C
    Dev(dev::Dev),
    /// Prepare a server of your own: roles, rights, tables, and an env file with the URLs and a key
    Setup(setup::Setup),
    /// Apply migrations, or see where they stand
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Fill the database
    #[command(subcommand)]
    Db(seed::Db),
    /// Print what the models say the database should be
    #[command(subcommand)]
    Schema(schema::SchemaCommand),
    /// Prove tenant isolation on a live database; exits with 4 unless it is proven
    Audit(audit::Audit),
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever went wrong, in words for the person at the terminal; hand it to [`exit`].
    pub async fn run(self, app: &App) -> Result<ExitCode> {
        match self {
            Self::Dev(command) => command.run(app).await,
            Self::Setup(command) => command.run(app).await,
            Self::Migrate(command) => command.run(app).await,
            Self::Db(command) => command.run(app).await,
            Self::Schema(command) => command.run(app),
            Self::Audit(command) => command.run(app).await,
        }
    }
}

/// Which kind of server a command is about.
#[derive(Debug, Clone, clap::Args)]
pub struct DialectArg {
    /// The kind of server: postgres, sealed, citus, supabase or supabase:<claim>
    #[arg(long, env = "WAYGATE_DIALECT", default_value_t)]
    pub dialect: Dialect,
}

/// Options of every command that reports.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Reporting {
    /// Print JSON for programs instead of text for people
    #[arg(long)]
    pub json: bool,
}
