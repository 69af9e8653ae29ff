//! The command-line kit: the commands behind a project's own binary, which adds its models, migrations and seed.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use clap::Parser;
//! use waygate_db::cli::{App, Command};
//! use waygate_db::migrate::Embedded;
//!
//! #[derive(Parser)]
//! #[command(after_help = waygate_db::cli::VARIABLES)]
//! struct Cli { #[command(subcommand)] command: Command }
//!
//! # static SCHEMA: waygate_db::Schema = waygate_db::schema![];
//! #[tokio::main]
//! async fn main() -> ExitCode {
//!     let (schema, migrations) = (&SCHEMA, Embedded::NONE);
//!     let app = App { name: "shop", schema, migrations, dialects: &[], seed: None, tenants: None };
//!     waygate_db::cli::exit(Cli::parse().command.run(&app).await)
//! }
//! ```

mod audit;
mod connect;
mod db;
mod dev;
mod env_file;
mod execute;
mod keys;
mod migrate;
mod output;
mod pull;
mod push;
mod schema;
mod seal;
mod seed;
mod setup;
mod signals;
mod tenant;
mod truth;

use std::process::ExitCode;

use clap::Subcommand;

use crate::environment::{Environment, WAYGATE_DIALECT};
use crate::error::{Error, Kind, Result};
use crate::migrate::{Embedded, History};
use crate::schema::{Dialect, Schema};

pub use output::{Progress, Style, error_chain, exit, print, print_json, table};
pub use seed::{Seed, SeedFuture, SeedReport, TableSeed};
pub use signals::stopped;
pub use tenant::{KeyRotation, NewTenant, TenantFuture, TenantSummary, Tenants};

use output::{table_of_words, warn};

/// Migrations are pending: the exit code of `migrate status` in a pipeline that waits for a deploy.
pub const PENDING: u8 = 3;
/// A promise is broken: the exit code of `audit` when isolation is not proven, of `keys` when a cell does not open.
pub const BROKEN: u8 = 4;
/// A job was stopped before it was done: the exit code of `keys reencrypt` after a signal.
pub const STOPPED: u8 = 5;

/// A migration breaks a rule: the exit code of `migrate lint`.
pub const LINT: u8 = 7;

/// The variables that the commands read, for the end of a binary's `--help`: `#[command(after_help = cli::VARIABLES)]`.
pub const VARIABLES: &str = "\
Environment, else .env.local, else .env:
  DATABASE_URL         an administrator's URL; `setup` needs it, the others fall back to it
  WAYGATE_APP_URL      the tenants' login
  WAYGATE_SERVICE_URL  the service's own login
  WAYGATE_MIGRATOR_URL the login that deploys
  WAYGATE_KEK_CURRENT  the id of the key-encryption key in use
  WAYGATE_KEK_<id>     each key-encryption key
  WAYGATE_KEY_PROVIDER who keeps the keys: `env`, which is these variables, `file` or `vault`
  WAYGATE_KEY_DIR      for `file`: the folder of the keys' files
  WAYGATE_VAULT_ADDR   for `vault`: where Vault or OpenBao, or its agent, listens on this machine
  WAYGATE_VAULT_KEY    the name of its key
  WAYGATE_VAULT_TOKEN  the token to show it
  WAYGATE_VAULT_TOKEN_FILE
                       the file with that token
  WAYGATE_VAULT_MOUNT  where its transit engine is mounted
  WAYGATE_VAULT_NAMESPACE
                       the namespace that it is in
  WAYGATE_PG_BIN       the folder of PostgreSQL's binaries, for a private server
  WAYGATE_DIALECT      the kind of server that the database is on
  WAYGATE_TENANT_SEAL_KEY
                       the key that seals tenants, in the dialect `sealed`
  WAYGATE_SHADOW_URL   an administrator's URL of the server to compare schemas on, in throw-away databases
  WAYGATE_SHADOW_INIT  a file of SQL that is run first in each of them
  NO_COLOR             no colours, whatever its value (environment alone)";

/// What a project gives the kit.
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// The project's name: of its database, and in messages.
    pub name: &'static str,
    /// Its models.
    pub schema: &'static Schema,
    /// Its migrations for plain PostgreSQL.
    pub migrations: &'static Embedded,
    /// Its migrations for other kinds of server, if it has any.
    pub dialects: &'static [History],
    /// How it fills a development database, if it does.
    pub seed: Option<Seed>,
    /// How it keeps its tenants, if it has some.
    pub tenants: Option<Tenants>,
}

impl App {
    /// The migrations for this kind of server.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when the project has none; the text names those it has.
    pub fn history(&self, dialect: &Dialect) -> Result<&'static Embedded> {
        if *dialect == Dialect::Postgres {
            return Ok(self.migrations);
        }
        let wanted = dialect.to_string();
        let found = self.dialects.iter().find(|history| history.dialect == wanted);
        found.map(|history| history.migrations).ok_or_else(|| {
            let known: Vec<_> = ["postgres"].into_iter().chain(self.dialects.iter().map(|one| one.dialect)).collect();
            Error::new(Kind::Config, format!("{} has no migrations for the dialect {wanted}", self.name)).help(format!(
                "it has those for {}; `schema sql --dialect {wanted}` prints a first one",
                known.join(", ")
            ))
        })
    }
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
    /// Fill the database, read models from one, push models to one, or run SQL
    #[command(subcommand)]
    Db(db::Db),
    /// Manage the keys that seal tenants, where the policies ask for seals
    #[command(subcommand)]
    Seal(seal::Seal),
    /// Manage the data keys of sealed columns: make, rotate, retire and destroy them, seal cells anew, look for damage
    Keys(keys::Keys),
    /// Make tenants, list them, replace their API keys
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    /// Print what the models say the database should be
    #[command(subcommand)]
    Schema(schema::SchemaCommand),
    /// Check that models, migrations and database agree; exits with 4 unless they do
    Validate(truth::Validate),
    /// Print what has changed in the database since the last deploy; exits with 4 on drift
    Verify(truth::Verify),
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
            Self::Seal(command) => command.run().await,
            Self::Keys(command) => Box::pin(command.run(app)).await,
            Self::Tenant(command) => command.run(app).await,
            Self::Schema(command) => command.run(app),
            Self::Validate(command) => Box::pin(command.run(app)).await,
            Self::Verify(command) => command.run().await,
            Self::Audit(command) => command.run(app).await,
        }
    }
}

/// Which kind of server a command is about.
#[derive(Debug, Clone, clap::Args)]
pub struct DialectArg {
    /// The kind of server: postgres, sealed, citus, supabase or `supabase:<claim>`
    #[arg(long, env = "WAYGATE_DIALECT", default_value_t = of_env_file())]
    pub dialect: Dialect,
}

/// The dialect that `.env.local` names, as `setup` writes it there, else plain PostgreSQL.
fn of_env_file() -> Dialect {
    let environment = Environment::load().ok();
    let named = environment.as_ref().and_then(|environment| environment.get(WAYGATE_DIALECT));
    named.and_then(|dialect| dialect.parse().ok()).unwrap_or_default()
}

/// Options of every command that reports.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Reporting {
    /// Print JSON for programs instead of text for people
    #[arg(long)]
    pub json: bool,
}
