//! Telling what happens: each step with its SQL and time.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use waygate_db::Result;
use waygate_db::cli::{Style, print};

/// The target of the library's events, one for each statement.
const STATEMENTS: &str = "waygate_db::statement";

/// Something that must be so, and whether it is.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Promise {
    pub(super) claim: String,
    pub(super) holds: bool,
}

/// Prints the steps and keeps what was promised.
pub(super) struct Narrator {
    heard: Heard,
    promises: Vec<Promise>,
    silent: bool,
    style: Style,
}

impl Narrator {
    /// A narrator who hears every statement of this process; a silent one only keeps the promises.
    pub(super) fn listen(silent: bool) -> Self {
        let heard = Heard::default();
        // Nobody else listens in this process; if somebody did, the steps would be told without their SQL.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(heard.clone()));
        Self { heard, promises: Vec::new(), silent, style: Style::of(&std::io::stdout()) }
    }

    pub(super) fn heading(&self, text: &str) {
        self.say(format_args!("\n{}", self.style.bold(text)));
    }

    pub(super) fn note(&self, text: &str) {
        self.say(format_args!("    {text}"));
    }

    /// Runs a stage whose statements are too many to tell.
    pub(super) async fn stage<T>(&self, name: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let start = Instant::now();
        let result = work.await;
        self.say(format_args!("  {name} {}", self.time(start.elapsed())));
        self.heard.take();
        result
    }

    /// Runs a step and tells its SQL and time.
    pub(super) async fn step<T>(&self, name: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.heard.take();
        let start = Instant::now();
        let result = work.await;
        self.say(format_args!("  {name} {}", self.time(start.elapsed())));
        for sql in self.heard.take() {
            self.sql(&sql);
        }
        result
    }

    /// Tells SQL that did not come from the library.
    pub(super) fn sql(&self, sql: &str) {
        self.say(format_args!("    {}", self.style.faint(&shortened(sql))));
    }

    /// Keeps a promise, and tells whether it holds.
    pub(super) fn promise(&mut self, claim: impl Into<String>, holds: bool) {
        let claim = claim.into();
        let mark = if holds { self.style.green("✓") } else { self.style.red("✗ broken:") };
        self.say(format_args!("    {mark} {claim}"));
        self.promises.push(Promise { claim, holds });
    }

    pub(super) fn into_promises(self) -> Vec<Promise> {
        self.promises
    }

    fn time(&self, elapsed: Duration) -> String {
        self.style.faint(&format!("({:.1} ms)", elapsed.as_secs_f64() * 1000.0))
    }

    fn say(&self, line: fmt::Arguments<'_>) {
        if !self.silent {
            print(line);
        }
    }
}

/// A long column list says nothing new.
fn shortened(sql: &str) -> String {
    const LONGEST: usize = 220;
    let one_line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match (one_line.find("SELECT "), one_line.find(" FROM ")) {
        (Some(0), Some(from)) if from > 60 => format!("SELECT … {}", one_line.get(from + 1..).unwrap_or_default()),
        _ if one_line.chars().count() > LONGEST => one_line.chars().take(LONGEST).chain(['…']).collect(),
        _ => one_line,
    }
}

/// The statements heard since they were last taken.
#[derive(Debug, Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: tracing::Subscriber> Layer<S> for Heard {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == STATEMENTS
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut text = QueryText(None);
        event.record(&mut text);
        if let QueryText(Some(sql)) = text {
            let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(sql);
        }
    }
}

/// The field that holds a statement's text.
struct QueryText(Option<String>);

impl Visit for QueryText {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "db.query.text" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
