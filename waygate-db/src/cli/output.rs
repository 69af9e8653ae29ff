//! Words on the terminal: results to standard output, progress and errors to standard error.

use std::error::Error as StdError;
use std::fmt;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::error::{Error, Kind, Result};

/// How wide words are set where nobody says how wide the reader's window is.
const PAGE: u16 = 120;

/// Prints a line of results. A reader that went away, such as `head`, is no error.
pub fn print(line: impl fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a line to standard error: what results leave out.
pub(super) fn warn(line: impl fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "warning: {line}");
}

/// Prints results for programs.
///
/// # Errors
///
/// [`is_encode`](Error::is_encode) when the value has no JSON form.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::new(Kind::Encode, "the report has no JSON form").caused_by(error))?;
    print(text);
    Ok(())
}

/// A table with this head.
#[must_use]
pub fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_header(head);
    table
}

/// A table with this head whose cells hold sentences, each as wide as the terminal or, where there is none, as a page;
/// the last two columns share what the first two leave.
#[must_use]
pub(super) fn table_of_words(head: &[&str]) -> Table {
    let mut table = table(head);
    if !std::io::stdout().is_terminal() {
        table.set_width(PAGE);
    }
    for column in table.column_iter_mut().take(2) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

/// Turns a command's result into the process's exit code; prints an error first.
#[must_use]
pub fn exit(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        let red = Style::of(&std::io::stderr()).red("error");
        let _ = writeln!(std::io::stderr().lock(), "{red}: {}", error_chain(&error));
        ExitCode::FAILURE
    })
}

/// An error with its causes, a line each.
#[must_use]
pub fn error_chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str("\n  cause: ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Colours, where a person sees them.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    coloured: bool,
}

impl Style {
    /// Colours for this stream: on a terminal, unless `NO_COLOR` is set.
    #[must_use]
    pub fn of(stream: &impl IsTerminal) -> Self {
        Self { coloured: stream.is_terminal() && std::env::var_os("NO_COLOR").is_none() }
    }

    /// Red, for what failed.
    #[must_use]
    pub fn red(self, text: &str) -> String {
        self.paint("31;1", text)
    }

    /// Green, for what holds.
    #[must_use]
    pub fn green(self, text: &str) -> String {
        self.paint("32;1", text)
    }

    /// Bold, for headings.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Faint, for what is beside the point.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.coloured { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// What is going on, on standard error while it goes on; nothing where standard error is no terminal.
#[derive(Debug, Clone)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A spinner with a message.
    #[must_use]
    pub fn spinner(message: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(100));
        bar.set_message(message.to_owned());
        Self(bar)
    }

    /// A bar over so many steps.
    #[must_use]
    pub fn bar(steps: u64, message: &str) -> Self {
        let bar = ProgressBar::new(steps);
        if let Ok(style) = ProgressStyle::with_template("  {msg} {wide_bar} {pos}/{len} ({per_sec}, {eta} left)") {
            bar.set_style(style);
        }
        bar.set_message(message.to_owned());
        Self(bar)
    }

    /// Whether anybody sees it: standard error is a terminal.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        !self.0.is_hidden()
    }

    /// Says what is going on now.
    pub fn say(&self, message: &str) {
        self.0.set_message(message.to_owned());
    }

    /// Takes the progress off the terminal while something else is printed.
    pub fn suspend(&self, print: impl FnOnce()) {
        self.0.suspend(print);
    }

    /// Notes steps of a bar as done.
    pub fn advance(&self, steps: u64) {
        self.0.inc(steps);
    }

    /// Takes the progress off the terminal.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
