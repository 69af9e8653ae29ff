//! Where in a file an error stands.

use std::fmt;

/// A line and a column, counted from one, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    line: usize,
    column: usize,
}

impl Position {
    /// The position of the byte at this offset.
    pub(crate) fn of_byte(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        Self::after(before.chars())
    }

    /// The line.
    pub(crate) const fn line(self) -> usize {
        self.line
    }

    fn after(before: impl Iterator<Item = char>) -> Self {
        before.fold(Self { line: 1, column: 1 }, |at, c| match c {
            '\n' => Self { line: at.line.saturating_add(1), column: 1 },
            _ => Self { line: at.line, column: at.column.saturating_add(1) },
        })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
