//! `db`: its commands, `db seed`, and what a project's seed reports.

use std::pin::Pin;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::{App, Progress, Reporting, connect, print, print_json, table};
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::session;

/// What a seed's functions return.
pub type SeedFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// How a project fills a development database.
#[derive(Debug, Clone, Copy)]
pub struct Seed {
    /// Whether the database holds data that is not the seed's.
    pub is_foreign: fn(&session::Db) -> SeedFuture<'_, bool>,
    /// Inserts what is missing.
    pub run: fn(&session::Db) -> SeedFuture<'_, SeedReport>,
}

/// How many rows of each table a seed inserted, and how many were there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SeedReport {
    /// Table by table, in the order of the seed.
    pub tables: Vec<TableSeed>,
}

/// One table of a [`SeedReport`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableSeed {
    /// The table.
    pub table: &'static str,
    /// Rows that this run inserted.
    pub inserted: usize,
    /// Rows that were there.
    pub present: usize,
}

impl SeedReport {
    /// Counts one row: inserted, or there before.
    pub fn count<M: crate::Model>(&mut self, inserted: Option<&M>) {
        let table = M::TABLE.name;
        let place = self.tables.iter().position(|known| known.table == table).unwrap_or_else(|| {
            self.tables.push(TableSeed { table, inserted: 0, present: 0 });
            self.tables.len() - 1
        });
        if let Some(report) = self.tables.get_mut(place) {
            match inserted {
                Some(_) => report.inserted += 1,
                None => report.present += 1,
            }
        }
    }

    /// Rows that this run inserted, in all.
    #[must_use]
    pub fn inserted(&self) -> usize {
        self.tables.iter().map(|table| table.inserted).sum()
    }
}

/// Insert development data that is missing; refuses on a server elsewhere and beside other data
#[derive(Debug, Args)]
pub struct Fill {
    /// Seed all the same
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    reporting: Reporting,
}

impl Fill {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let Self { force, reporting } = self;
        let Some(seed) = app.seed else {
            return Err(Error::new(Kind::Config, format!("{} has no seed", app.name)).help("give its `App` one"));
        };
        let environment = Environment::load()?;
        let refuse = |why: String| Err(Error::new(Kind::SeedRefused, why).help("seed with --force if this is meant"));
        // Before anything is opened there.
        let elsewhere = connect::logins(&environment)?.into_iter().find(|url| !url.is_local());
        if let (false, Some(url)) = (force, elsewhere) {
            let host = url.host();
            return refuse(format!("{host} is neither loopback nor a socket: development data does not belong there"));
        }
        let db = connect::service(&environment).await?;
        if !force && (seed.is_foreign)(&db).await? {
            return refuse("the database holds data that is not the seed's".to_owned());
        }
        let report = seed_with_progress(seed, &db).await?;
        if reporting.json {
            print_json(&report)?;
        } else {
            print_seed(&report);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Seeds, with a spinner.
pub(super) async fn seed_with_progress(seed: Seed, db: &session::Db) -> Result<SeedReport> {
    let progress = Progress::spinner("seeding");
    let report = (seed.run)(db).await;
    progress.finish();
    report
}

/// Says what a seed did.
pub(super) fn print_seed(report: &SeedReport) {
    if report.inserted() == 0 {
        print("nothing to seed: every row was there before");
        return;
    }
    let mut out = table(&["table", "inserted", "there before"]);
    for one in &report.tables {
        out.add_row([one.table.to_owned(), one.inserted.to_string(), one.present.to_string()]);
    }
    print(out);
}
