//! The `waygate` command: the kit's commands over the Waygate models, and the demonstration.

mod demo;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use waygate::models::SCHEMA;
use waygate::seed::SEED;
use waygate::tenants::TENANTS;
use waygate::{DIALECTS, MIGRATIONS};
use waygate_db::cli::{self, App};

/// The data layer of Waygate, an integration gateway on PostgreSQL.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 migrations pending, 4 a promise broken, 5 stopped by a signal.
#[derive(Debug, Parser)]
#[command(name = "waygate", version, after_help = cli::VARIABLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Walk through the promises on real rows of a throw-away database, and measure
    Demo(demo::Demo),
    #[command(flatten)]
    Kit(cli::Command),
}

#[tokio::main]
async fn main() -> ExitCode {
    let app = App {
        name: "waygate",
        schema: &SCHEMA,
        migrations: MIGRATIONS,
        dialects: DIALECTS,
        seed: Some(SEED),
        tenants: Some(TENANTS),
    };
    cli::exit(match Cli::parse().command {
        Command::Demo(demo) => Box::pin(demo.run(&app)).await,
        Command::Kit(command) => command.run(&app).await,
    })
}
