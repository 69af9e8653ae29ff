//! A program that was compiled before its migrations changed.

use clap::Parser;
use waygate::models::SCHEMA;
use waygate_db::cli::{App, Command};
use waygate_db::migrate::{Embedded, Migration};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[tokio::test]
async fn nothing_is_deployed_from_a_stale_program() {
    static COMPILED: [Migration; 1] = [Migration::embedded("20250101000000_first", "SELECT 1;", None)];
    let folder = tempfile::tempdir().unwrap();
    let path: &'static str = folder.path().to_str().unwrap().to_owned().leak();
    let migrations: &'static Embedded = Box::leak(Box::new(Embedded::new(Some(path), &COMPILED)));
    let app = App { name: "shop", schema: &SCHEMA, migrations, dialects: &[], seed: None, tenants: None };
    for command in [&["migrate", "deploy"][..], &["migrate", "status"], &["setup"], &["dev"]] {
        let words = ["shop"].iter().chain(command).copied();
        let error = Box::pin(Cli::parse_from(words).command.run(&app)).await.unwrap_err();
        assert!(error.is_migration_file(), "{command:?}: {error}");
        assert!(error.to_string().contains("20250101000000_first is gone"), "{command:?}: {error}");
    }
}
