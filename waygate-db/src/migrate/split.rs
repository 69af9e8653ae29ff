//! A file's statements, and the comments between them that speak to the runner.
//!
//! It knows what may hide a semicolon: strings, comments, parentheses, the bodies of `BEGIN ATOMIC`. It never judges
//! whether the SQL is valid; the server does that.

use crate::sql::lexer::{Lexer, Token};

/// What a comment to the runner begins with.
const DIRECTIVE: &str = "-- waygate:";

/// A piece of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A statement.
    Statement(Statement<'a>),
    /// What stands behind `-- waygate:` on a line of its own.
    Directive {
        /// Where the line's comment begins, in bytes.
        offset: usize,
        text: &'a str,
        /// Whether it stands in the middle of a statement, where it can mean nothing.
        within: bool,
    },
}

/// One statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statement<'a> {
    /// Its text, from its first word on, without the semicolon.
    pub(crate) text: &'a str,
    /// Where its first word stands, in bytes.
    pub(crate) offset: usize,
    /// Where it ends, behind its semicolon.
    pub(crate) end: usize,
}

/// How many characters of a statement are shown.
const SHOWN: usize = 100;

impl Statement<'_> {
    /// Its beginning, on one line.
    pub(crate) fn summary(&self) -> String {
        let words: Vec<&str> = self.text.split_whitespace().collect();
        let line = words.join(" ");
        match line.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{} …", line.get(..end).unwrap_or_default().trim_end()),
            None => line,
        }
    }

    /// Its first words, in capitals, as far as they are words and no more than these.
    pub(crate) fn head<const N: usize>(&self) -> [String; N] {
        let mut lexer = Lexer::new(self.text);
        let mut words = std::iter::from_fn(|| match lexer.token() {
            Some(Token::Word { word, .. }) => Some(word.to_ascii_uppercase()),
            _ => None,
        });
        std::array::from_fn(|_| words.next().unwrap_or_default())
    }
}

/// The pieces of a file, in order.
pub(crate) fn split(sql: &str) -> Vec<Piece<'_>> {
    let mut lexer = Lexer::new(sql);
    let mut pieces = Vec::new();
    let mut open = Open::default();
    loop {
        let before = lexer.offset();
        let at = lexer.skip_to_token();
        directives(sql, before..at, open.first.is_some(), &mut pieces);
        let Some(token) = lexer.token() else { break };
        if token == Token::Semicolon && open.is_top() {
            pieces.extend(open.close(sql, at, lexer.offset()));
            open = Open::default();
        } else {
            open.take(token, at);
        }
    }
    pieces.extend(open.close(sql, sql.len(), sql.len()));
    pieces
}

/// The comments to the runner in a gap between two tokens.
fn directives<'a>(sql: &'a str, gap: std::ops::Range<usize>, within: bool, pieces: &mut Vec<Piece<'a>>) {
    let mut offset = gap.start;
    for line in sql.get(gap).unwrap_or_default().split_inclusive('\n') {
        let start = offset + (line.len() - line.trim_start().len());
        if let Some(text) = line.trim().strip_prefix(DIRECTIVE) {
            pieces.push(Piece::Directive { offset: start, text: text.trim(), within });
        }
        offset += line.len();
    }
}

/// A statement that has not ended yet.
#[derive(Default)]
struct Open<'a> {
    first: Option<usize>,
    head: [&'a str; 4],
    tokens: usize,
    previous: &'a str,
    /// How many `BEGIN ATOMIC` and `CASE` are open: their semicolons and `END`s belong to the body.
    bodies: usize,
    parentheses: usize,
}

impl<'a> Open<'a> {
    fn is_top(&self) -> bool {
        self.bodies == 0 && self.parentheses == 0
    }

    fn take(&mut self, token: Token<'a>, at: usize) {
        self.first.get_or_insert(at);
        let word = match token {
            Token::Word { word, .. } => word,
            Token::Open => {
                self.parentheses = self.parentheses.saturating_add(1);
                ""
            }
            Token::Close => {
                self.parentheses = self.parentheses.saturating_sub(1);
                ""
            }
            _ => "",
        };
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if self.bodies > 0 {
            self.bodies = if is("case") { self.bodies.saturating_add(1) } else { self.bodies - usize::from(is("end")) };
        } else if self.creates_routine() && self.previous.eq_ignore_ascii_case("begin") && is("atomic") {
            self.bodies = 1;
        }
        if let Some(place) = self.head.get_mut(self.tokens) {
            *place = word;
        }
        self.tokens = self.tokens.saturating_add(1);
        self.previous = word;
    }

    /// CREATE [OR REPLACE] FUNCTION | PROCEDURE
    fn creates_routine(&self) -> bool {
        let is_routine = |word: &&str| word.eq_ignore_ascii_case("function") || word.eq_ignore_ascii_case("procedure");
        self.head.first().is_some_and(|word| word.eq_ignore_ascii_case("create")) && self.head.iter().any(is_routine)
    }

    fn close(&self, sql: &'a str, text_end: usize, end: usize) -> Option<Piece<'a>> {
        let offset = self.first?;
        let text = sql.get(offset..text_end)?.trim_end();
        Some(Piece::Statement(Statement { text, offset, end }))
    }
}
