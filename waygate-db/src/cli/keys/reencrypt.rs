//! `keys reencrypt`: the job at the terminal, with its progress and its end.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::{App, Reporting, named_tenant, print, print_json, table, warn};
use crate::cli::{BROKEN, Progress, STOPPED, stopped};
use crate::error::Result;
use crate::keys::{self, Event, Moved, Reencrypted, Reindexed, Stop, Watch};
use crate::session::ServiceScope;

/// How often a line says how far the job is, where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// What is sealed anew, and how fast.
#[derive(Debug, Args)]
pub(super) struct Reencrypt {
    /// Only this table
    #[arg(long)]
    table: Option<String>,
    /// Only this tenant's rows
    #[arg(long, value_name = "ID")]
    tenant: Option<Uuid>,
    /// How many parts of a table are worked on at once, up to 32
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=32))]
    workers: u16,
    /// How many rows are read and written at once, up to 10000
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    batch: u16,
    /// How many rows a second at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_rows_per_sec: Option<u32>,
    #[command(flatten)]
    reporting: Reporting,
}

impl Reencrypt {
    /// How many connections work at once.
    pub(super) fn workers(&self) -> u16 {
        self.workers
    }

    pub(super) async fn run(self, service: &ServiceScope, app: &App) -> Result<ExitCode> {
        let what = keys::Reencrypt {
            table: self.table,
            tenant: self.tenant.map(named_tenant),
            workers: self.workers.into(),
            batch: self.batch.into(),
            rows_per_second: self.max_rows_per_sec,
        };
        let stop = Stop::default();
        let asked = stop.clone();
        let listener = tokio::spawn(async move {
            if stopped().await.is_ok() {
                warn("stopping after the batches under way");
                asked.ask();
            }
        });
        let display = Arc::new(Display::default());
        let watch: Watch = {
            let display = Arc::clone(&display);
            Arc::new(move |event| display.show(event))
        };
        let done = keys::reencrypt(service, app.schema, &what, &stop, &watch).await;
        listener.abort();
        display.end();
        let done = done?;
        let rest = if done.stopped { Rest::default() } else { Rest::of(service, app, &what).await? };
        if self.reporting.json {
            print_json(&Report { cells: &done, rest: &rest })?;
        } else {
            print_report(&done, app);
            rest.print();
        }
        Ok(if rest.is_clean() { code(&done) } else { ExitCode::from(BROKEN) })
    }
}

/// All that was done, as one object.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    cells: &'a Reencrypted,
    #[serde(flatten)]
    rest: &'a Rest,
}

/// What else is put in order: blind indexes of earlier keys, and plain columns whose values are being moved.
#[derive(Default, Serialize)]
struct Rest {
    indexes: Vec<Reindexed>,
    plain: Vec<Moved>,
}

impl Rest {
    async fn of(service: &ServiceScope, app: &App, what: &keys::Reencrypt) -> Result<Self> {
        // The moving of plain columns knows no tenant or table.
        let is_all = what.tenant.is_none() && what.table.is_none();
        let plain =
            if is_all { keys::move_plaintext(service, app.schema, what.batch, &|_| ()).await? } else { Vec::new() };
        let table = what.table.as_deref();
        let indexes = keys::reindex(service, app.schema, table, what.tenant, what.batch).await?;
        Ok(Self { indexes, plain })
    }

    fn is_clean(&self) -> bool {
        self.indexes.iter().all(|index| index.taken.is_empty()) && self.plain.iter().all(|moved| moved.left == 0)
    }

    fn print(&self) {
        for index in self.indexes.iter().filter(|index| index.written + index.raced > 0 || !index.taken.is_empty()) {
            print(format_args!("{}: {} digests made anew, {} raced", index.column, index.written, index.raced));
            for row in &index.taken {
                print(format_args!("{}: row {row} holds the value of another row; change one of them", index.column));
            }
        }
        for moved in &self.plain {
            let Moved { column, from, moved, left, stray } = moved;
            print(format_args!(
                "{column}: {moved} values moved out of {from}; {left} are left, {stray} beside a sealed one"
            ));
            if *moved > 0 {
                print("old row versions, the write-ahead log and backups hold the plain values until they are gone");
            }
        }
    }
}

fn code(done: &Reencrypted) -> ExitCode {
    if done.stopped {
        return ExitCode::from(STOPPED);
    }
    let is_clean = done.quarantined() == 0 && done.tables.iter().all(|table| table.left.is_empty());
    if is_clean { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) }
}

fn print_report(done: &Reencrypted, app: &App) {
    let mut out = table(&["table", "rows sealed anew", "raced", "in quarantine", "of destroyed keys", "passes"]);
    for one in &done.tables {
        let (sealed, raced, quarantined) = (one.done.to_string(), one.raced.to_string(), one.quarantined.to_string());
        let (destroyed, passes) = (one.destroyed.to_string(), one.passes.to_string());
        out.add_row([one.table.to_owned(), sealed, raced, quarantined, destroyed, passes]);
    }
    print(out);
    for table in &done.left_out {
        print(format_args!("{table} is append-only: its cells stay under their keys"));
    }
    for left in done.tables.iter().flat_map(|table| &table.left) {
        print(format_args!("{} cells of {} are still under key {}", left.cells, left.column, left.key));
    }
    let quarantined = done.quarantined();
    if quarantined > 0 {
        print(format_args!("{quarantined} cells do not open: waygate.quarantine names their rows"));
    }
    if done.stopped {
        print(format_args!("stopped: `{} keys reencrypt` with the same options goes on from here", app.name));
    } else if quarantined == 0 {
        print(format_args!("done: `{} keys retire --all-unused` removes what is not needed any more", app.name));
    }
}

/// A bar at a terminal; a line now and then elsewhere.
#[derive(Default)]
struct Display(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    bar: Option<Progress>,
    table: &'static str,
    rows: u64,
    expected: u64,
    last: Option<Instant>,
}

impl Display {
    fn show(&self, event: Event) {
        // What is shown is whole at any moment.
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Pass { table, pass, expected, done } => shown.start(table, pass, expected, done),
            Event::Rows(rows) => shown.add(rows),
        }
    }

    fn end(&self) {
        if let Some(bar) = self.0.lock().unwrap_or_else(PoisonError::into_inner).bar.take() {
            bar.finish();
        }
    }
}

impl Shown {
    fn start(&mut self, table: &'static str, pass: u32, expected: u64, done: u64) {
        if let Some(bar) = self.bar.take() {
            bar.finish();
        }
        let bar = Progress::bar(expected, &format!("{table}, pass {pass}"));
        bar.advance(done);
        (self.table, self.rows, self.expected) = (table, done, expected);
        if !bar.is_seen() {
            let goes_on = if done > 0 { format!(", going on after {done}") } else { String::new() };
            note(format_args!("{table}, pass {pass}: {expected} rows to seal anew{goes_on}"));
            self.last = Some(Instant::now());
        }
        self.bar = Some(bar);
    }

    fn add(&mut self, rows: u64) {
        self.rows += rows;
        let Some(bar) = &self.bar else { return };
        bar.advance(rows);
        if !bar.is_seen() && self.last.is_none_or(|last| last.elapsed() > EVERY) {
            note(format_args!("{}: {} of {} rows", self.table, self.rows, self.expected));
            self.last = Some(Instant::now());
        }
    }
}

fn note(line: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
