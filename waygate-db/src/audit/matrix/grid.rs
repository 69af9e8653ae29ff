//! The matrix as data: model and operation by state of the session.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::{Context, Operation};

/// What was tried, and how it went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// One line for each model and operation.
    pub lines: Vec<Line>,
}

/// One operation on one model, in every state of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The Rust struct.
    pub model: &'static str,
    /// Its table.
    pub table: &'static str,
    /// The operation.
    pub operation: Operation,
    /// In the order of [`Context::ALL`].
    pub cells: Vec<Cell>,
}

/// One operation on one model in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The state.
    pub context: Context,
    /// How it went.
    pub outcome: Outcome,
    /// How the server refused, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<String>,
}

/// How an operation went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// No row of another tenant was read, changed or told apart from a missing one.
    Held,
    /// One was.
    Leaked,
    /// What has to work did not, so that a refusal beside it proves nothing.
    ControlFailed,
    /// The operation says nothing about this model.
    NotApplicable,
}

impl Matrix {
    /// The table's head and lines as texts, for people: `actions · update`, then a mark for each state.
    #[must_use]
    pub fn rows(&self) -> Vec<Vec<String>> {
        let head = ["model".to_owned(), "operation".to_owned()]
            .into_iter()
            .chain(Context::ALL.map(|context| context.to_string()));
        let lines = self.lines.iter().map(|line| {
            let marks = line.cells.iter().map(|cell| cell.outcome.to_string());
            [line.model.to_owned(), line.operation.to_string()].into_iter().chain(marks).collect()
        });
        [head.collect()].into_iter().chain(lines).collect()
    }

    /// How many cells went this way.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.lines.iter().flat_map(|line| &line.cells).filter(|cell| cell.outcome == outcome).count()
    }
}

impl Display for Matrix {
    /// The rows, in columns as wide as they have to be; the states' names take two lines, so that a page holds them.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rows = self.rows();
        if let Some(head) = rows.first_mut() {
            let above = head.iter_mut().map(first_word_taken).collect();
            rows.insert(0, above);
        }
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max().unwrap_or_default()
        };
        for row in &rows {
            let cells = row.iter().enumerate().map(|(column, text)| format!("{text:width$}", width = width(column)));
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// Takes the first of two words.
fn first_word_taken(name: &mut String) -> String {
    let (first, last) = name.split_once(' ').unwrap_or(("", name));
    let (first, last) = (first.to_owned(), last.to_owned());
    *name = last;
    first
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Held => "✔",
            Self::Leaked => "✘",
            Self::ControlFailed => "?",
            Self::NotApplicable => "·",
        })
    }
}
