//! Answers one question: does a file hold a statement that the runner cannot wrap in a transaction?
//!
//! It knows the bodies of `BEGIN ATOMIC`, whose semicolons and words are not the file's. It never judges whether the SQL
//! is valid; the server does that.

use crate::sql::lexer::{Lexer, Token};

/// A statement that a migration may not hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Forbidden {
    /// Where its first word stands, in bytes.
    pub(super) offset: usize,
    /// The statement, as PostgreSQL calls it.
    pub(super) statement: &'static str,
    /// Why it may not stand here, and what to write instead.
    pub(super) advice: &'static str,
}

const OWN_TRANSACTION: &str = "a migration runs in one transaction of its own, with its row in the history: remove the statement, or split \
                               the file in two";
const NO_CLIENT_DATA: &str = "the runner sends no data beside the file: write the rows as INSERT";

/// Finds the first statement that would end the transaction around the file, or wait for data from the client.
pub(super) fn find_forbidden(sql: &str) -> Option<Forbidden> {
    let mut lexer = Lexer::new(sql);
    let mut statement = Statement::default();
    while let Some(token) = lexer.token() {
        match token {
            Token::Word { offset, word } => {
                if let Some(forbidden) = statement.word(offset, word) {
                    return Some(forbidden);
                }
            }
            Token::Semicolon if statement.depth == 0 => statement = Statement::default(),
            _ => statement.other(),
        }
    }
    None
}

/// What has been read of a statement.
#[derive(Default)]
struct Statement<'a> {
    offset: usize,
    tokens: usize,
    first: &'a str,
    previous: &'a str,
    creates_routine: bool,
    /// How many `BEGIN ATOMIC` and `CASE` are open: their semicolons and `END`s belong to the body.
    depth: usize,
}

impl<'a> Statement<'a> {
    fn word(&mut self, offset: usize, word: &'a str) -> Option<Forbidden> {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let first = |name: &str| self.first.eq_ignore_ascii_case(name);
        let previous = |name: &str| self.previous.eq_ignore_ascii_case(name);
        let transaction = |statement| Some((statement, OWN_TRANSACTION));
        let found = match self.tokens {
            0 if is("begin") => transaction("BEGIN"),
            0 if is("commit") => transaction("COMMIT"),
            0 if is("end") => transaction("END"),
            0 if is("rollback") => transaction("ROLLBACK"),
            0 if is("abort") => transaction("ABORT"),
            0 if is("savepoint") => transaction("SAVEPOINT"),
            0 if is("release") => transaction("RELEASE SAVEPOINT"),
            1 if first("start") && is("transaction") => transaction("START TRANSACTION"),
            1 if first("prepare") && is("transaction") => transaction("PREPARE TRANSACTION"),
            _ if first("copy") && previous("from") && is("stdin") => Some(("COPY FROM STDIN", NO_CLIENT_DATA)),
            _ if first("copy") && previous("to") && is("stdout") => Some(("COPY TO STDOUT", NO_CLIENT_DATA)),
            _ => None,
        };
        if self.depth > 0 {
            self.depth = if is("case") { self.depth.saturating_add(1) } else { self.depth - usize::from(is("end")) };
        } else if self.creates_routine && previous("begin") && is("atomic") {
            self.depth = 1;
        }
        // CREATE [OR REPLACE] FUNCTION | PROCEDURE
        self.creates_routine |= first("create") && self.tokens <= 3 && (is("function") || is("procedure"));
        if self.tokens == 0 {
            (self.offset, self.first) = (offset, word);
        }
        self.tokens = self.tokens.saturating_add(1);
        self.previous = word;
        found.map(|(statement, advice)| Forbidden { offset: self.offset, statement, advice })
    }

    fn other(&mut self) {
        self.tokens = self.tokens.saturating_add(1);
        self.previous = "";
    }
}
