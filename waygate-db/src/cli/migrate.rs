//! `migrate`: a command each in a file of its own.

mod adopt;
mod baseline;
mod deploy;
mod dev;
mod diff;
mod lint;
mod new;
mod reset;
mod resolve;
mod squash;
mod status;

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

pub(super) use deploy::{deploy_with_progress, print_report};
pub(super) use diff::history;

use super::{App, DialectArg};
use crate::error::Result;
use crate::migrate::Migration;

/// Apply migrations, or see where they stand.
#[derive(Debug, Subcommand)]
pub enum Migrate {
    Deploy(deploy::Deploy),
    Dev(Box<dev::Dev>),
    Diff(Box<diff::Diff>),
    Lint(lint::Lint),
    New(new::New),
    Reset(reset::Reset),
    Status(status::StatusCommand),
    Resolve(resolve::Resolve),
    Baseline(baseline::Baseline),
    Squash(squash::Squash),
    Adopt(adopt::Adopt),
}

/// Which migrations a command is about.
#[derive(Debug, Args)]
struct Files {
    /// Read the migrations from this folder, instead of those that the program was compiled with
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    dialect: DialectArg,
}

impl Migrate {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        match self {
            Self::Deploy(command) => Box::pin(command.run(app)).await,
            Self::Dev(command) => command.run(app).await,
            Self::Diff(command) => Box::pin(command.run(app)).await,
            Self::Lint(command) => Box::pin(command.run(app)).await,
            Self::New(command) => command.run(app),
            Self::Reset(command) => Box::pin(command.run(app)).await,
            Self::Adopt(command) => Box::pin(command.run(app)).await,
            Self::Status(command) => command.run(app).await,
            Self::Resolve(command) => command.run(app).await,
            Self::Baseline(command) => Box::pin(command.run(app)).await,
            Self::Squash(command) => Box::pin(command.run(app)).await,
        }
    }
}

impl Files {
    /// The migrations, oldest first.
    fn load(&self, app: &App) -> Result<Cow<'static, [Migration]>> {
        if let Some(folder) = &self.dir {
            return Migration::read_dir(folder).map(Cow::Owned);
        }
        let embedded = app.history(&self.dialect.dialect)?;
        embedded.check_fresh()?;
        Ok(Cow::Borrowed(embedded))
    }
}
