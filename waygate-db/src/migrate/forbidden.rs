//! Answers one question: is this a statement that the runner cannot run where it stands?

use super::split::Statement;
use crate::sql::lexer::{Lexer, Token};

/// A statement that a migration may not hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Forbidden {
    /// Where it goes wrong, in bytes of the file.
    pub(super) offset: usize,
    /// What it is, as PostgreSQL calls it.
    pub(super) what: String,
    /// Why it may not stand here, and what to write instead.
    pub(super) advice: &'static str,
}

/// The longest name that the server keeps, in bytes.
const LONGEST_NAME: usize = 63;

const OWN_TRANSACTION: &str = "a step runs in one transaction of its own, with its row in the history: remove the statement, or divide the file \
                               into steps";
const NO_CLIENT_DATA: &str = "the runner sends no data beside the file: write the rows as INSERT";
const PSQL: &str = "the file is sent to the server as it is: write SQL, or leave the line out";
const TOO_LONG: &str = "choose a name of at most 63 bytes: the server would cut it, and two cut names may be one";
/// What to write around a statement that cannot run in a transaction.
pub(super) const ALONE: &str = "put it into a step of its own: the line `-- waygate:step autocommit` above it, and \
                                `-- waygate:step tx` above what follows";

/// Finds what cannot stand in any step: what would end the transaction, wait for data from the client, or be cut.
pub(super) fn find_forbidden(statement: Statement<'_>) -> Option<Forbidden> {
    let found = |what: &str, advice| Some(Forbidden { offset: statement.offset, what: what.to_owned(), advice });
    if statement.text.starts_with('\\') {
        return found("a command of psql", PSQL);
    }
    let [first, second] = statement.head::<2>();
    match (first.as_str(), second.as_str()) {
        ("BEGIN" | "COMMIT" | "END" | "ROLLBACK" | "ABORT" | "SAVEPOINT", _) => found(&first, OWN_TRANSACTION),
        ("RELEASE", _) => found("RELEASE SAVEPOINT", OWN_TRANSACTION),
        ("START" | "PREPARE", "TRANSACTION") => found(&format!("{first} {second}"), OWN_TRANSACTION),
        ("COPY", _) => copies(statement.text).and_then(|what| found(what, NO_CLIENT_DATA)),
        _ => too_long(statement),
    }
}

/// Finds a statement that the server takes outside a transaction alone.
pub(super) fn runs_alone(statement: Statement<'_>) -> bool {
    let head = statement.head::<8>();
    let [first, second, ..] = &head;
    let is_concurrent = head.iter().any(|word| word == "CONCURRENTLY");
    match (first.as_str(), second.as_str()) {
        ("VACUUM", _) | ("CREATE" | "DROP", "DATABASE" | "TABLESPACE") | ("ALTER", "SYSTEM") => true,
        ("CREATE" | "DROP" | "REINDEX", _) => is_concurrent,
        ("ALTER", "TABLE") => {
            let mut words = Words(Lexer::new(statement.text));
            words.any(|word| word.eq_ignore_ascii_case("detach"))
                && Words(Lexer::new(statement.text)).any(|word| word.eq_ignore_ascii_case("concurrently"))
        }
        _ => false,
    }
}

fn copies(text: &str) -> Option<&'static str> {
    let words: Vec<String> = Words(Lexer::new(text)).map(str::to_ascii_uppercase).collect();
    words.windows(2).find_map(|pair| match pair {
        [from, stdin] if from == "FROM" && stdin == "STDIN" => Some("COPY FROM STDIN"),
        [to, stdout] if to == "TO" && stdout == "STDOUT" => Some("COPY TO STDOUT"),
        _ => None,
    })
}

fn too_long(statement: Statement<'_>) -> Option<Forbidden> {
    let mut lexer = Lexer::new(statement.text);
    loop {
        let at = lexer.skip_to_token();
        let name = match lexer.token()? {
            Token::Word { word, .. } => word,
            Token::Name { name } => name,
            _ => continue,
        };
        if name.len() > LONGEST_NAME {
            let what = format!("a name of {} bytes", name.len());
            return Some(Forbidden { offset: statement.offset + at, what, advice: TOO_LONG });
        }
    }
}

/// The words of a text that are no strings and no quoted names.
struct Words<'a>(Lexer<'a>);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            if let Token::Word { word, .. } = self.0.token()? {
                return Some(word);
            }
        }
    }
}
