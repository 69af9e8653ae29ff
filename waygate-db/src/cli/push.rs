//! `db push`: the models to a development database, without a file.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::{App, DialectArg, PENDING, Progress, Reporting, connect, print, print_json, warn};
use crate::catalog::{Action, Catalog, plan};
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::migrate::draft::{Loss, Outline, losses};
use crate::migrate::{Managed, Shadows, managed, refuse_obstacles, settled, status, without_ledger};
use crate::session::Maintenance;

/// Make a development database as the models say, in one transaction, without a migration
#[derive(Debug, Args)]
pub struct Push {
    /// What may be lost with its rows or values: `table`, `table.column`, `type.label`
    #[arg(long, value_name = "NAME")]
    accept_data_loss: Vec<String>,
    /// Push also onto a database that migrations were applied to
    #[arg(long)]
    force: bool,
    /// Print the statements, and run none
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

/// What the command did.
#[derive(Debug, Serialize)]
struct Pushed {
    /// The statements, in order.
    statements: Vec<String>,
    /// What went with them.
    lost: Vec<Loss>,
    /// What nobody consented to: nothing was run.
    undecided: Vec<Loss>,
    unmanaged: Vec<String>,
    ran: bool,
}

impl Push {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let environment = Environment::load()?;
        let dialect = &self.dialect.dialect;
        let database = connect::migrator(&environment).await?;
        if !self.force && !status(&database, &[]).await?.migrations.is_empty() {
            return Err(Error::new(
                Kind::Config,
                "migrations were applied to this database, which a push would lead away from",
            )
            .help("write a migration with `migrate dev --name …`, or push with --force and reset the database later"));
        }
        let progress = Progress::spinner("comparing the database with the models");
        let shadows = Shadows::open(&environment, dialect).await?;
        let models = shadows.models(app.schema).await?;
        let found = without_ledger(Catalog::read(&database).await?);
        let (found, wanted) = settled((&database, found), (models.session(), models.catalog().await?)).await?;
        models.drop().await?;
        progress.finish();
        let Managed { found: from, models: to, unmanaged } = managed(app.schema, dialect, &found, &wanted);
        let actions = plan(&from, &to)?;
        refuse_obstacles(&found, &unmanaged, &actions)?;
        let lost = counted(&database, &from, &to, &actions).await?;
        let (lost, undecided): (Vec<Loss>, Vec<Loss>) =
            lost.into_iter().partition(|loss| self.accept_data_loss.contains(&loss.name));
        let ran = undecided.is_empty() && !self.dry_run && !actions.is_empty();
        if ran {
            run(&database, &actions).await?;
        }
        database.close().await;
        let pushed = Pushed {
            statements: actions.iter().map(ToString::to_string).collect(),
            lost,
            undecided,
            unmanaged: unmanaged.iter().map(ToString::to_string).collect(),
            ran,
        };
        if self.reporting.json {
            print_json(&pushed)?;
        } else {
            pushed.print();
        }
        Ok(if pushed.undecided.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(PENDING) })
    }
}

/// What the plan loses, with the number of rows that hold it.
async fn counted(database: &Maintenance, from: &Catalog, to: &Catalog, actions: &[Action]) -> Result<Vec<Loss>> {
    let (rewriting, fillings, headings) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
    let outline = Outline {
        title: "",
        from,
        to,
        renames: &[],
        returns: &[],
        actions,
        rewriting: &rewriting,
        fillings: &fillings,
        headings: &headings,
        plain: true,
    };
    let mut lost = losses(&outline);
    for loss in &mut lost {
        if let Some(sql) = loss.counting(&[]) {
            loss.rows = database.rows(&sql, &[]).await?.first().map(|row| row.read(0)).transpose()?;
        }
    }
    Ok(lost)
}

/// Runs the plan, whole or not at all.
async fn run(database: &Maintenance, actions: &[Action]) -> Result<()> {
    database.run("BEGIN; SET LOCAL lock_timeout = '2s'").await?;
    for action in actions {
        if let Err(refusal) = database.run(&action.sql).await {
            database.run("ROLLBACK").await.ok();
            let message =
                format!("{} could not be changed: {}. Nothing was changed", action.key, refusal.error.message());
            return Err(Error::new(Kind::MigrationFailed, message)
                .help("see to the rows that are in the way, or write a migration with `migrate dev`")
                .reported(refusal.into_report()));
        }
    }
    database.run("COMMIT").await?;
    Ok(())
}

impl Pushed {
    fn print(&self) {
        for one in &self.unmanaged {
            warn(format_args!("{one} is no model's, and was left as it is"));
        }
        if self.statements.is_empty() {
            return print("nothing to push: the database is as the models say");
        }
        self.statements.iter().for_each(print);
        for loss in &self.undecided {
            let rows = loss.rows.map_or_else(|| "an unknown number".to_owned(), |rows| rows.to_string());
            warn(format_args!("{} ({rows}): consent with {}", loss.what, loss.accept));
        }
        if !self.ran {
            warn("nothing was run");
        }
    }
}
