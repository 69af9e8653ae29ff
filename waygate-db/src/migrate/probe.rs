//! Whether a statement outside of any transaction has done its work: after a kill nobody else can say.

use postgres_types::Type;

use super::split::Statement;
use crate::error::Result;
use crate::session::Maintenance;
use crate::sql::lexer::tokens;

/// What a look at the database says of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Its work is there.
    Done,
    /// Nothing of it is there.
    NotDone,
    /// A build of an index broke off; this statement takes away what it left.
    Broken(String),
    /// There is no telling.
    Unknown,
}

/// What can be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Trace {
    /// An index of this name on this table.
    Index {
        index: String,
        table: String,
    },
    /// No index of this name.
    NoIndex(String),
    /// A type's label.
    Label {
        ty: String,
        label: String,
    },
    /// A table's checked constraint.
    Valid {
        table: String,
        constraint: String,
    },
    Nothing,
}

/// Looks for what a statement would have done.
pub(super) async fn look(conn: &Maintenance, statement: &Statement<'_>) -> Result<Found> {
    let ask = async |sql: &str, first: &str, second: &str| -> Result<Option<bool>> {
        let rows = conn.rows(sql, &[(&first, Type::TEXT), (&second, Type::TEXT)]).await?;
        rows.first().map_or(Ok(None), |row| row.read(0))
    };
    let done = |answer: Option<bool>| if answer == Some(true) { Found::Done } else { Found::NotDone };
    Ok(match trace(statement.text) {
        Trace::Index { index, table } => match ask(INDEX, &table, &index).await? {
            Some(true) => Found::Done,
            Some(false) => Found::Broken(drop_statement(conn, &table, &index).await?),
            None => Found::NotDone,
        },
        Trace::NoIndex(index) => done(ask(NO_INDEX, &index, "").await?),
        Trace::Label { ty, label } => done(ask(LABEL, &ty, &label).await?),
        Trace::Valid { table, constraint } => done(ask(VALID, &table, &constraint).await?),
        Trace::Nothing => Found::Unknown,
    })
}

const INDEX: &str = "SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = to_regclass($1) AND c.relname = (parse_ident($2))[1]";
const NO_INDEX: &str = "SELECT to_regclass($1) IS NULL AND $2 = ''";
const LABEL: &str = "SELECT EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype($1) AND enumlabel = $2)";
const VALID: &str = "SELECT convalidated FROM pg_constraint
    WHERE conrelid = to_regclass($1) AND conname = (parse_ident($2))[1]";
const DROP: &str = "SELECT format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indrelid = to_regclass($1) AND c.relname = (parse_ident($2))[1]";

async fn drop_statement(conn: &Maintenance, table: &str, index: &str) -> Result<String> {
    let rows = conn.rows(DROP, &[(&table, Type::TEXT), (&index, Type::TEXT)]).await?;
    rows.first().map_or(Ok(String::new()), |row| row.read(0))
}

/// What a statement leaves that can be looked for.
fn trace(sql: &str) -> Trace {
    let mut words = Words::of(sql);
    match words.next().as_str() {
        "CREATE" => {
            words.skip(&["UNIQUE"]);
            if !words.skip(&["INDEX"]) || !words.skip(&["CONCURRENTLY"]) {
                return Trace::Nothing;
            }
            let _ = words.skip(&["IF", "NOT", "EXISTS"]);
            let index = words.name();
            if !words.skip(&["ON"]) {
                return Trace::Nothing;
            }
            words.skip(&["ONLY"]);
            Trace::Index { index, table: words.name() }
        }
        "DROP" if words.skip(&["INDEX"]) && words.skip(&["CONCURRENTLY"]) => {
            words.skip(&["IF", "EXISTS"]);
            let name = words.name();
            if words.is_over() { Trace::NoIndex(name) } else { Trace::Nothing }
        }
        "ALTER" if words.skip(&["TYPE"]) => {
            let ty = words.name();
            if !words.skip(&["ADD", "VALUE"]) {
                return Trace::Nothing;
            }
            words.skip(&["IF", "NOT", "EXISTS"]);
            let label = words.next();
            match label.strip_prefix('\'').and_then(|label| label.strip_suffix('\'')) {
                Some(label) => Trace::Label { ty, label: label.replace("''", "'") },
                None => Trace::Nothing,
            }
        }
        "ALTER" if words.skip(&["TABLE"]) => {
            words.skip(&["IF", "EXISTS"]);
            words.skip(&["ONLY"]);
            let table = words.name();
            if !words.skip(&["VALIDATE", "CONSTRAINT"]) {
                return Trace::Nothing;
            }
            Trace::Valid { table, constraint: words.name() }
        }
        _ => Trace::Nothing,
    }
}

/// The tokens of a statement, last first; the parts of a string that the lexer tells apart are one.
fn joined(sql: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut end = 0;
    for token in tokens(sql) {
        let start = token.as_ptr() as usize - sql.as_ptr() as usize;
        match parts.last_mut() {
            Some(last) if start == end && last.starts_with('\'') && token.starts_with('\'') => last.push_str(token),
            _ => parts.push(token.to_owned()),
        }
        end = start + token.len();
    }
    parts.reverse();
    parts
}

/// The tokens of a statement, one after the other.
pub(super) struct Words {
    rest: Vec<String>,
}

impl Words {
    pub(super) fn of(sql: &str) -> Self {
        Self { rest: joined(sql) }
    }

    /// The next one, in capitals unless it is quoted.
    pub(super) fn next(&mut self) -> String {
        let word = self.rest.pop().unwrap_or_default();
        if word.starts_with(['\'', '"']) { word } else { word.to_ascii_uppercase() }
    }

    /// Passes these words over, if they stand here.
    pub(super) fn skip(&mut self, words: &[&str]) -> bool {
        let found = self.rest.iter().rev().zip(words).filter(|(found, word)| found.eq_ignore_ascii_case(word)).count();
        if found == words.len() {
            self.rest.truncate(self.rest.len() - found);
        }
        found == words.len()
    }

    /// A name with its dots.
    pub(super) fn name(&mut self) -> String {
        let mut name = self.rest.pop().unwrap_or_default();
        while let Some(next) = self.rest.pop_if(|next| next.starts_with('.') || name.ends_with('.')) {
            name.push_str(&next);
        }
        name
    }

    /// A name of one part or two, which the server can look up; no other.
    pub(super) fn plain_name(&mut self) -> Option<String> {
        let name = self.name();
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '"');
        (is_name && name.matches('.').count() <= 1).then_some(name)
    }

    fn is_over(&self) -> bool {
        self.rest.is_empty()
    }
}
