//! A lexer that answers one question: does a file hold a statement that the runner cannot wrap in a transaction?
//!
//! It knows what may hide a semicolon or a word: comments, quotes, dollar quotes and `BEGIN ATOMIC` bodies. It never
//! judges whether the SQL is valid; the server does that.

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
    let mut lexer = Lexer { text: sql, rest: sql };
    let mut statement = Statement::default();
    while let Some(token) = lexer.token() {
        match token {
            Token::Word { offset, word } => {
                if let Some(forbidden) = statement.word(offset, word) {
                    return Some(forbidden);
                }
            }
            Token::Semicolon if statement.depth == 0 => statement = Statement::default(),
            Token::Semicolon | Token::Other => statement.other(),
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

enum Token<'a> {
    Word { offset: usize, word: &'a str },
    Semicolon,
    Other,
}

struct Lexer<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    fn token(&mut self) -> Option<Token<'a>> {
        self.skip_blank();
        let next = self.rest.chars().next()?;
        let offset = self.text.len() - self.rest.len();
        match next {
            ';' => return self.skip(1).then_some(Token::Semicolon),
            '\'' => self.quoted('\''),
            '"' => self.quoted('"'),
            '$' => self.dollar_quoted(),
            _ if starts_word(next) => {
                let word = self.take_while(continues_word);
                // E'…' is the one string in which a backslash escapes the quote.
                if word.eq_ignore_ascii_case("e") && self.rest.starts_with('\'') {
                    self.escape_string();
                    return Some(Token::Other);
                }
                return Some(Token::Word { offset, word });
            }
            // A name after a dot is a column or a member, whatever keyword it spells.
            '.' => {
                self.skip(1);
                self.take_while(continues_word);
            }
            // `1e'…'` is a number and a plain string.
            _ if next.is_ascii_digit() => {
                self.take_while(continues_word);
            }
            _ => {
                self.skip(next.len_utf8());
            }
        }
        Some(Token::Other)
    }

    /// Skips blanks and comments; says whether a line ended among them.
    fn skip_blank(&mut self) -> bool {
        let mut newline = false;
        loop {
            let blank = self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c'));
            newline |= blank.contains(['\n', '\r']);
            if self.rest.starts_with("--") {
                self.take_while(|c| c != '\n' && c != '\r');
            } else if self.rest.starts_with("/*") {
                self.block_comment();
            } else {
                return newline;
            }
        }
    }

    /// Skips a block comment; PostgreSQL nests them.
    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            if self.rest.starts_with("/*") {
                depth = depth.saturating_add(1);
                self.skip(2);
            } else if self.rest.starts_with("*/") {
                depth = depth.saturating_sub(1);
                self.skip(2);
            } else if !self.skip_char() {
                return;
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Skips a string or a quoted name. A doubled quote reads as two neighbours, which ends at the same place.
    fn quoted(&mut self, quote: char) {
        self.skip(1);
        self.take_while(|c| c != quote);
        self.skip(1);
    }

    /// Skips `'…'` after an E, and the strings that continue it on later lines: they stay escape strings.
    fn escape_string(&mut self) {
        loop {
            self.skip(1);
            loop {
                self.take_while(|c| c != '\'' && c != '\\');
                if !self.rest.starts_with('\\') {
                    break;
                }
                self.skip(1);
                self.skip_char();
            }
            self.skip(1);
            if self.rest.starts_with('\'') {
                continue;
            }
            let end = self.rest;
            if !(self.skip_blank() && self.rest.starts_with('\'')) {
                self.rest = end;
                return;
            }
        }
    }

    /// Skips `$tag$ … $tag$`; a lone dollar or a parameter is one token.
    fn dollar_quoted(&mut self) {
        let after = self.rest.get(1..).unwrap_or_default();
        let length = after.find(|c| c == '$' || !continues_word(c)).unwrap_or(after.len());
        let (tag, tail) = after.split_at(length);
        if !tail.starts_with('$') || tag.starts_with(|c: char| c.is_ascii_digit()) {
            self.skip(1);
            return;
        }
        let Some(delimiter) = self.rest.get(..length + 2) else { return };
        let body = self.rest.get(delimiter.len()..).unwrap_or_default();
        self.rest = body.split_once(delimiter).map_or("", |(_, after)| after);
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self.rest.split_at(self.rest.find(|c| !accept(c)).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn skip_char(&mut self) -> bool {
        self.rest.chars().next().is_some_and(|c| self.skip(c.len_utf8()))
    }

    fn skip(&mut self, bytes: usize) -> bool {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
        true
    }
}

fn starts_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn continues_word(c: char) -> bool {
    starts_word(c) || c.is_ascii_digit() || c == '$'
}
