//! Names and texts, quoted for SQL.

mod keywords;
#[cfg(test)]
mod tests;

use std::fmt::{self, Display, Formatter, Write};

use self::keywords::is_keyword;

/// A name in SQL text: bare where PostgreSQL reads it back unchanged, else quoted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ident<'a>(&'a str);

/// A text constant in SQL text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal<'a>(&'a str);

/// A name in schema `public`: a table, an index or an enum type of a model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Public<'a>(&'a str);

/// This name, quoted if it has to be.
pub(crate) const fn ident(name: &str) -> Ident<'_> {
    Ident(name)
}

/// This text as a constant. Needs no `E''` form: `standard_conforming_strings` has been on since PostgreSQL 9.1.
pub(crate) const fn literal(text: &str) -> Literal<'_> {
    Literal(text)
}

/// This name, qualified with schema `public`.
pub(crate) const fn public(name: &str) -> Public<'_> {
    Public(name)
}

impl Display for Ident<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if is_bare(self.0) { out.write_str(self.0) } else { quoted(self.0, '"', out) }
    }
}

impl Display for Literal<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        quoted(self.0, '\'', out)
    }
}

impl Display for Public<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "public.{}", ident(self.0))
    }
}

/// Whether the name reads back as itself without quotes: lower-case, simple, and no keyword.
fn is_bare(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    let is_simple = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    starts_well && is_simple && !is_keyword(name)
}

/// Writes the text between quotes, each quote inside it doubled.
fn quoted(text: &str, quote: char, out: &mut Formatter<'_>) -> fmt::Result {
    out.write_char(quote)?;
    for (index, part) in text.split(quote).enumerate() {
        if index > 0 {
            out.write_char(quote)?;
            out.write_char(quote)?;
        }
        out.write_str(part)?;
    }
    out.write_char(quote)
}
