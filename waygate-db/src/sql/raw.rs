//! SELECT from a text of the user's own, confined like every other statement.
//!
//! The text is checked and completed token by token, and then stands as a subquery:
//!
//! ```text
//! WITH notes AS NOT MATERIALIZED (SELECT * FROM public.notes WHERE tenant_id = $2)
//! SELECT notes.id, … FROM (SELECT * FROM (
//! SELECT id, … FROM notes WHERE title = $1
//! ) AS notes WHERE (tenant_id = $3) IS TRUE OFFSET 0) AS notes
//! WHERE EXISTS (SELECT FROM public.notes AS own WHERE own.id = notes.id AND tenant_id = $4) IS TRUE
//! ```
//!
//! The first condition is the one that indexes answer, and by which a LIMIT in the text counts the tenant's rows alone.
//! The second is on what the text says of its rows, and reaches into a text that names the table with its schema. The
//! third is on what the table says of them: the text can write any tenant, but not whose key a key is. `OFFSET 0` has
//! each row computed once, so that the key which is asked about is the key which is given. `IS TRUE` keeps a condition
//! a filter: as a join it could change the text's order. A subquery cannot hold a statement that writes, nor a WITH
//! that does.

use crate::error::{Error, Kind, Result};
use crate::schema::{SqlType, Table};
use crate::value::{Param, TenantId};

use super::identifier::{ident, public};
use super::lexer::{Lexer, Token};
use super::scope::push_scope;
use super::statement::{Statement, Writer};
use super::types::{output, placeholder};

/// A value for a parameter of the text, and the SQL type it stands for there.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) param: Param,
    pub(crate) ty: SqlType,
}

/// Selects the rows of the table that the text gives.
pub(crate) fn raw(
    table: &Table,
    tenant: Option<TenantId>,
    text: &str,
    values: Vec<Bound>,
    limit: Option<u32>,
) -> Result<Statement> {
    let text = complete(table, text, &values)?;
    let name = ident(table.name);
    let mut out = Writer::with_params(values.into_iter().map(|value| value.param).collect());
    out.push(format_args!("WITH {name} AS NOT MATERIALIZED (SELECT * FROM {} WHERE ", public(table.name)));
    push_scope(&mut out, table, tenant);
    out.push(") SELECT ");
    for (place, column) in table.row_columns().enumerate() {
        out.push(if place == 0 { "" } else { ", " }).push(format_args!("{name}.{}", output(column)));
    }
    // On lines of its own, so that a comment at the text's end ends there.
    let given = format!("(\n{text}\n) AS {name} WHERE (");
    match tenant {
        Some(_) if table.has_tenant() => {
            out.push(format_args!(" FROM (SELECT * FROM {given}"));
            push_scope(&mut out, table, tenant);
            out.push(format_args!(") IS TRUE OFFSET 0) AS {name} WHERE "));
            push_owns_key(&mut out, table, tenant);
        }
        _ => {
            out.push(format_args!(" FROM {given}true) IS TRUE"));
        }
    }
    if let Some(limit) = limit {
        out.push(format_args!(" LIMIT {limit}"));
    }
    Ok(out.raw(table))
}

/// Writes that the row's key is one of the tenant's in the table itself: one look-up in an index for each row.
fn push_owns_key(out: &mut Writer, table: &Table, tenant: Option<TenantId>) {
    let (key, given) = (ident(table.key_column().name), ident(table.name));
    // Another name than the rows' own, or the key would be compared with itself.
    let own = if table.name == "own" { "own_row" } else { "own" };
    out.push(format_args!(
        "EXISTS (SELECT FROM {} AS {own} WHERE {own}.{key} = {given}.{key} AND ",
        public(table.name)
    ));
    push_scope(out, table, tenant);
    out.push(") IS TRUE");
}

/// The text with its columns named and its parameters cast; an error for what is not one SELECT.
fn complete(table: &Table, text: &str, values: &[Bound]) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut replace = |offset: usize, old: &str, new: &str| {
        out.push_str(text.get(copied..offset).unwrap_or_default());
        out.push_str(new);
        copied = offset.saturating_add(old.len());
    };
    let mut shape = Shape::default();
    let mut used = 0;
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.token() {
        shape.token(table, token)?;
        match token {
            Token::Parameter { offset, text } => {
                let (number, cast) = parameter(table, text, values)?;
                used = used.max(number);
                replace(offset, text, &cast);
            }
            Token::Braces { offset, text: "{columns}" } => replace(offset, "{columns}", &column_names(table)),
            Token::Braces { text, .. } => {
                return Err(refuse(table, &format!("`{text}` stands for nothing in raw SQL"))
                    .help("`{columns}` stands for the model's columns; after a join write `i.*`"));
            }
            _ => {}
        }
    }
    shape.end(table)?;
    if used < values.len() {
        let bound = values.len();
        return Err(refuse(table, &format!("{bound} values are bound, and the text names {used}"))
            .help("name each value as `$1`, `$2`, … in the order of the `bind` calls"));
    }
    replace(text.len(), "", "");
    Ok(out)
}

/// The number of `$n`, and the parameter cast to the type that its value stands for.
fn parameter(table: &Table, text: &str, values: &[Bound]) -> Result<(usize, String)> {
    let number: usize = text.trim_start_matches('$').parse().unwrap_or(usize::MAX);
    let Some(value) = number.checked_sub(1).and_then(|index| values.get(index)) else {
        return Err(refuse(table, &format!("the text names {text}, and {} values are bound", values.len()))
            .help("give each parameter its value with `bind`, in the order `$1`, `$2`, …"));
    };
    let cast = placeholder(number, &value.ty);
    Ok((number, if cast == text { cast } else { format!("({cast})") }))
}

/// The columns by name. They are cast around the text, so that an ORDER BY in it means the columns themselves.
fn column_names(table: &Table) -> String {
    table.row_columns().map(|column| ident(column.name).to_string()).collect::<Vec<_>>().join(", ")
}

/// What has been seen of a text that has to be one SELECT which locks nothing.
#[derive(Default)]
struct Shape<'a> {
    depth: usize,
    started: bool,
    previous: &'a str,
}

impl<'a> Shape<'a> {
    fn token(&mut self, table: &Table, token: Token<'a>) -> Result<()> {
        let previous = std::mem::take(&mut self.previous);
        match token {
            Token::Open => self.depth = self.depth.saturating_add(1),
            Token::Close if self.depth == 0 => return Err(unbalanced(table)),
            Token::Close => self.depth = self.depth.saturating_sub(1),
            Token::Semicolon => {
                return Err(refuse(table, "raw SQL is one SELECT").help("remove the `;` and what follows it"));
            }
            Token::Word { word, .. } => {
                let is_one_of = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
                if !self.started && !is_one_of(&["select", "with"]) {
                    return Err(refuse(table, &format!("raw SQL starts with SELECT or WITH, not with `{word}`"))
                        .help("to write, use `create`, `update`, `patch` and `delete`"));
                }
                if previous.eq_ignore_ascii_case("for") && is_one_of(&["update", "share", "no", "key"]) {
                    return Err(refuse(table, "raw SQL only reads, so it locks no row")
                        .help("remove the `FOR UPDATE` or `FOR SHARE`"));
                }
                self.started = true;
                self.previous = word;
            }
            Token::EscapedName => {
                return Err(refuse(table, "raw SQL holds no name with escapes, as `U&\"…\"` has them")
                    .help("write the name itself, in plain quotes"));
            }
            Token::Name { .. } | Token::Parameter { .. } | Token::Braces { .. } | Token::Other => {}
        }
        match token {
            Token::Word { word: name, .. } | Token::Name { name } => sets_nothing(table, name),
            _ => Ok(()),
        }
    }

    fn end(&self, table: &Table) -> Result<()> {
        if self.depth > 0 {
            return Err(unbalanced(table));
        }
        if !self.started {
            return Err(refuse(table, "this raw SQL is empty").help("write a SELECT that gives the model's columns"));
        }
        Ok(())
    }
}

/// Refuses the one function that sets what the session goes by. Where it hides in another function's text, what it sets
/// ends with the statement all the same: the transaction, or a savepoint, is rolled back behind it.
fn sets_nothing(table: &Table, name: &str) -> Result<()> {
    if name.eq_ignore_ascii_case("set_config") {
        return Err(refuse(table, "raw SQL only reads, and this text names `set_config`")
            .help("remove it; for another tenant's rows take that tenant's handle"));
    }
    Ok(())
}

fn unbalanced(table: &Table) -> Error {
    refuse(table, "the parentheses of this raw SQL do not match")
        .help("close each one that the text opens, and no other")
}

fn refuse(table: &Table, what: &str) -> Error {
    Error::new(Kind::InvalidQuery, format!("{}: {what}", table.name))
}
