//! A statement on its way: its text, its parameters, and whether it writes.

use std::fmt::{Display, Write};

use crate::schema::{SqlType, Table};
use crate::value::Param;

use super::types::placeholder;

/// Whether a statement may change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
    /// It holds a text of the user's own: it only reads, and whatever else the text does must not stay.
    Raw,
}

/// Which words of the user's own triggers and functions an error may show, when they refuse a statement.
///
/// They may quote a row, and nothing tells such a text from another. From the most candid to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Candour {
    /// All: no row of the table holds a secret.
    Open,
    /// Those of the table's own triggers: a row that goes may take rows of other tables with it.
    Own,
    /// None: the table has sealed columns.
    Closed,
}

impl Candour {
    /// What is right for a statement on this table.
    pub(crate) fn of(table: &Table) -> Self {
        if table.has_encrypted() { Self::Closed } else { Self::Open }
    }
}

/// One statement with its encoded parameters.
#[derive(Debug)]
pub struct Statement {
    pub(crate) text: String,
    pub(crate) params: Vec<Param>,
    pub(crate) access: Access,
    pub(crate) candour: Candour,
}

impl Statement {
    /// A statement that only reads.
    pub(crate) fn read(text: impl Into<String>, params: Vec<Param>) -> Self {
        Self { text: text.into(), params, access: Access::Read, candour: Candour::Closed }
    }

    /// A statement that may write.
    pub(crate) fn write(text: impl Into<String>, params: Vec<Param>) -> Self {
        Self { text: text.into(), params, access: Access::Write, candour: Candour::Closed }
    }

    /// With the words that this much candour lets an error show; without it there are none.
    pub(crate) fn candid(self, candour: Candour) -> Self {
        Self { candour, ..self }
    }
}

/// A statement in the making: values become parameters as the text grows.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: String,
    params: Vec<Param>,
}

impl Writer {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), params: Vec::new() }
    }

    /// With values whose numbers in the text are given: the first is `$1`.
    pub(crate) fn with_params(params: Vec<Param>) -> Self {
        Self { text: String::new(), params }
    }

    /// Adds SQL text.
    pub(crate) fn push(&mut self, sql: impl Display) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{sql}");
        self
    }

    /// Adds a value as a parameter for a column of this type.
    pub(crate) fn bind(&mut self, param: Param, ty: &SqlType) -> &mut Self {
        self.params.push(param);
        self.text.push_str(&placeholder(self.params.len(), ty));
        self
    }

    /// Adds a further mention of the latest parameter, which was bound for this type.
    pub(crate) fn bind_again(&mut self, ty: &SqlType) -> &mut Self {
        self.text.push_str(&placeholder(self.params.len(), ty));
        self
    }

    pub(crate) fn read(self, table: &Table) -> Statement {
        Statement::read(self.text, self.params).candid(Candour::of(table))
    }

    pub(crate) fn raw(self, table: &Table) -> Statement {
        Statement { access: Access::Raw, ..self.read(table) }
    }

    pub(crate) fn write(self, table: &Table) -> Statement {
        Statement::write(self.text, self.params).candid(Candour::of(table))
    }
}
