//! `migrate reset`: a development database from its beginning.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::super::{App, DialectArg, Reporting, connect, print_json, seed};
use super::{deploy_with_progress, print_report};
use crate::catalog::{Catalog, Key, Kind, Object, plan};
use crate::environment::Environment;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::migrate::{OBJECTS, is_of_setup};
use crate::session::Maintenance;

/// Drop everything in the development database and apply all migrations anew
#[derive(Debug, Args)]
pub struct Reset {
    /// Do not ask; also on a server elsewhere
    #[arg(long)]
    force: bool,
    /// Fill it afterwards
    #[arg(long)]
    seed: bool,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

const NAME: &str = "SELECT current_database()";

impl Reset {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let migrations = app.history(&self.dialect.dialect)?;
        migrations.check_fresh()?;
        let environment = Environment::load()?;
        let url = connect::migrator_url(&environment)?;
        let mut session = Maintenance::connect(&url.to_config()).await?;
        let name = text(&session, NAME).await?;
        if !self.force {
            if !url.is_local() {
                return Err(Error::new(
                    ErrorKind::Config,
                    format!("{} is neither loopback nor a socket: what is there may be somebody's", url.host()),
                )
                .help("reset it with --force if this is meant"));
            }
            confirm(&name)?;
        }
        clear(&session).await?;
        let report = deploy_with_progress(&mut session, migrations, Duration::from_secs(300)).await?;
        session.close().await;
        if self.reporting.json {
            print_json(&report)?;
        } else {
            print_report(&report);
        }
        match app.seed.filter(|_| self.seed) {
            Some(seed) => {
                let db = connect::service(&environment).await?;
                let report = seed::seed_with_progress(seed, &db).await?;
                if !self.reporting.json {
                    seed::print_seed(&report);
                }
                Ok(ExitCode::SUCCESS)
            }
            None => Ok(ExitCode::SUCCESS),
        }
    }
}

/// Drops what the owner owns, in one transaction.
async fn clear(session: &Maintenance) -> Result<()> {
    let found = Catalog::read(session).await?;
    let kept = kept(&found);
    session.run("BEGIN; SET LOCAL lock_timeout = '5s'").await?;
    for action in plan(&found, &kept)? {
        if let Err(refusal) = session.run(&action.sql).await {
            session.run("ROLLBACK").await.ok();
            let message =
                format!("{} could not be dropped: {}. Nothing was changed", action.key, refusal.error.message());
            return Err(Error::new(ErrorKind::MigrationFailed, message)
                .help("end the sessions that use it, and run the command again")
                .reported(refusal.into_report()));
        }
    }
    let left = session.rows(OBJECTS, &[]).await?;
    if let Some(first) = left.first() {
        let what: String = first.read(0)?;
        session.run("ROLLBACK").await?;
        return Err(Error::new(
            ErrorKind::ForeignSchema,
            format!("{what} belongs to another role than the owner, so nothing was dropped"),
        )
        .help("drop it as its owner, and run the command again"));
    }
    session.run("COMMIT").await?;
    Ok(())
}

/// Other roles' objects, what `setup` made, and the schemas that they stand in.
fn kept(found: &Catalog) -> Catalog {
    let owner = |key: &Key| found.object(key).and_then(|object| object.owner.clone());
    let is_owners = |key: &Key, object: &Object| {
        let of_object = object.owner.clone().or_else(|| owner(&key.table()?));
        of_object.as_deref() == Some(found.role.as_str()) || key.schema() == Some("waygate")
    };
    let stays = |key: &Key, object: &Object| is_of_setup(key) || !is_owners(key, object);
    let places: BTreeSet<String> = found
        .objects()
        .filter(|(key, object)| key.kind != Kind::Schema && stays(key, object))
        .filter_map(|(key, _)| key.schema().map(str::to_owned))
        .collect();
    found.clone().retain(|key, object| match key.kind {
        Kind::Schema => key.name() == "public" || places.contains(key.name()) || stays(key, object),
        _ => stays(key, object),
    })
}

async fn text(session: &Maintenance, sql: &str) -> Result<String> {
    session.rows(sql, &[]).await?.first().map_or(Ok(String::new()), |row| row.read(0))
}

fn confirm(name: &str) -> Result<()> {
    let refused = |why: &str| {
        Err(Error::new(ErrorKind::Config, format!("everything in database {name} would be dropped, and {why}"))
            .help("run the command with --force if this is meant"))
    };
    if !std::io::stdin().is_terminal() {
        return refused("nobody is here to be asked");
    }
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "Drop everything in database {name}? Write its name: ");
    let _ = err.flush();
    let mut answer = String::new();
    match std::io::stdin().lock().read_line(&mut answer) {
        Ok(_) if answer.trim() == name => Ok(()),
        _ => refused("its name was not written"),
    }
}
