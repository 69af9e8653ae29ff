//! `waygate demo`: the promises, shown on real rows, and the latency budget, measured.

mod load;
mod narrate;
mod promises;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use waygate::measure::{BUDGET, Measured};
use waygate_db::cli::{App, Progress, Style, print, print_json, stopped, table};
use waygate_db::local::{Cluster, Scratch};
use waygate_db::{Db, EnvKeys, Environment, Result};

use narrate::Narrator;

/// The exit code of a demonstration in which something did not hold.
const BROKEN: u8 = 4;

/// Walk through the promises on real rows of a throw-away database, and measure.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Print JSON for programs instead of text for people
    #[arg(long)]
    json: bool,
}

/// What the demonstration found.
#[derive(Debug, Serialize)]
struct Summary {
    server: String,
    promises: Vec<narrate::Promise>,
    latencies: Vec<Latency>,
    all_hold: bool,
}

/// The latency of one basic query, in microseconds.
#[derive(Debug, Serialize)]
struct Latency {
    query: String,
    runs: usize,
    p50_us: u128,
    p95_us: u128,
    max_us: u128,
    within_budget: bool,
}

impl Latency {
    fn of(measured: &Measured) -> Self {
        Self {
            query: measured.name.clone(),
            runs: measured.runs(),
            p50_us: measured.percentile(50).as_micros(),
            p95_us: measured.percentile(95).as_micros(),
            max_us: measured.max().as_micros(),
            within_budget: measured.keeps_budget(),
        }
    }
}

impl Demo {
    pub(crate) async fn run(self, app: &App) -> Result<ExitCode> {
        let narrator = Narrator::listen(self.json);
        let environment = Environment::load()?;
        let progress = Progress::spinner("starting PostgreSQL");
        let say = progress.clone();
        let cluster = Cluster::open(&environment, move |stage| say.say(stage)).await;
        progress.finish();
        let cluster = Arc::new(cluster?);

        let scratch = cluster.create("waygate_demo").await?;
        let result = tokio::select! {
            result = self.walk(app, &scratch, narrator) => result.map(Some),
            stopped = stopped() => stopped.map(|()| None),
        };
        // Whatever happened, the server is left as it was found.
        let dropped = scratch.drop().await;
        let closed = cluster.close().await;
        let summary = result?;
        dropped.and(closed)?;
        let Some(summary) = summary else { return Ok(ExitCode::FAILURE) };

        if self.json {
            print_json(&summary)?;
        } else {
            conclude(&summary);
        }
        Ok(if summary.all_hold { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) })
    }

    async fn walk(&self, app: &App, scratch: &Scratch, mut narrator: Narrator) -> Result<Summary> {
        let server = scratch.cluster().description();
        narrator.heading(&format!("{server}; database {}", scratch.name()));
        app.migrations.check_fresh()?;
        narrator
            .stage(&format!("deploy {} migration(s)", app.migrations.len()), scratch.deploy(app.migrations))
            .await?;
        let db = Db::connect(scratch.config().keys(EnvKeys::throw_away()?)).await?;
        let seeded = narrator.stage("seed development data", waygate::seed::run(&db)).await?;
        narrator.note(&format!("{} rows in {} tables", seeded.inserted(), seeded.tables.len()));

        promises::show(&db, scratch, &mut narrator).await?;
        let measured = load::fill_and_measure(&db, &mut narrator).await?;
        db.close();

        let latencies: Vec<Latency> = measured.iter().map(Latency::of).collect();
        let promises = narrator.into_promises();
        let all_hold = promises.iter().all(|promise| promise.holds) && latencies.iter().all(|one| one.within_budget);
        Ok(Summary { server, promises, latencies, all_hold })
    }
}

fn conclude(summary: &Summary) {
    let style = Style::of(&std::io::stdout());
    let mut out = table(&["scoped query", "runs", "p50 ms", "p95 ms", "max ms", "budget"]);
    for one in &summary.latencies {
        out.add_row([
            one.query.clone(),
            one.runs.to_string(),
            milliseconds(one.p50_us),
            milliseconds(one.p95_us),
            milliseconds(one.max_us),
            if one.within_budget { "kept".to_owned() } else { "BROKEN".to_owned() },
        ]);
    }
    print("");
    print(style.bold(&format!("Latency, against a p95 budget of {} ms", BUDGET.as_millis())));
    print(out);
    let held = summary.promises.iter().filter(|promise| promise.holds).count();
    let verdict = format!("{held} of {} checks hold", summary.promises.len());
    print("");
    print(if summary.all_hold { style.green(&verdict) } else { style.red(&verdict) });
    for broken in summary.promises.iter().filter(|promise| !promise.holds) {
        print(style.red(&format!("broken: {}", broken.claim)));
    }
}

fn milliseconds(microseconds: u128) -> String {
    format!("{}.{:03}", microseconds / 1000, microseconds % 1000)
}
