//! Reads SQL as far as it must be known where words, parameters and parentheses stand.
//!
//! It knows what may hide one: comments, quotes, dollar quotes. It never judges whether the SQL is valid; the server does
//! that.

/// A token, as far as callers tell them apart. Offsets are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A keyword or a bare name.
    Word { offset: usize, word: &'a str },
    /// A name in quotes, or after a dot: no keyword, whatever it spells.
    Name { name: &'a str },
    /// `U&"…"`, whose escapes are not read.
    EscapedName,
    /// `$1`
    Parameter { offset: usize, text: &'a str },
    /// `{…}`, which is no SQL outside of quotes.
    Braces { offset: usize, text: &'a str },
    /// `(`
    Open,
    /// `)`
    Close,
    /// `;`
    Semicolon,
    /// Anything else: a string, a number, an operator.
    Other,
}

/// The texts of all tokens, without the blanks and comments between them. The comments that speak to the runner of
/// migrations count as comments.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut lexer = Lexer::new(text);
    std::iter::from_fn(move || {
        let start = lexer.skip_to_token();
        lexer.token()?;
        text.get(start..lexer.offset())
    })
}

/// Walks a text token by token.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, rest: text }
    }

    /// How many bytes are read.
    pub(crate) fn offset(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    /// Skips blanks and comments; gives the place of the next token.
    pub(crate) fn skip_to_token(&mut self) -> usize {
        self.skip_blank();
        self.offset()
    }

    /// The next token; `None` at the end.
    pub(crate) fn token(&mut self) -> Option<Token<'a>> {
        self.skip_blank();
        let next = self.rest.chars().next()?;
        let offset = self.text.len() - self.rest.len();
        match next {
            ';' => return self.skip(1).then_some(Token::Semicolon),
            '(' => return self.skip(1).then_some(Token::Open),
            ')' => return self.skip(1).then_some(Token::Close),
            '{' => return Some(Token::Braces { offset, text: self.braces() }),
            '\'' => self.quoted('\''),
            '"' => return Some(self.quoted_name()),
            '$' => match self.parameter() {
                Some(text) => return Some(Token::Parameter { offset, text }),
                None => self.dollar_quoted(),
            },
            _ if starts_word(next) => {
                let word = self.take_while(continues_word);
                // E'…' is the one string in which a backslash escapes the quote.
                if word.eq_ignore_ascii_case("e") && self.rest.starts_with('\'') {
                    self.escape_string();
                    return Some(Token::Other);
                }
                return Some(if self.escaped_name(word) { Token::EscapedName } else { Token::Word { offset, word } });
            }
            // A name after a dot is a column or a member, whatever keyword it spells.
            '.' => {
                self.skip(1);
                let name = self.take_while(continues_word);
                return Some(match name {
                    "" => Token::Other,
                    _ if self.escaped_name(name) => Token::EscapedName,
                    _ => Token::Name { name },
                });
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

    /// Skips the rest of `U&"…"` behind its letter, if that is what stands here.
    fn escaped_name(&mut self, letter: &str) -> bool {
        let is_one = letter.eq_ignore_ascii_case("u") && self.rest.starts_with("&\"");
        if is_one {
            self.skip(1);
            self.quoted('"');
        }
        is_one
    }

    /// Takes `"…"`.
    fn quoted_name(&mut self) -> Token<'a> {
        let quoted = self.rest;
        self.quoted('"');
        let name = quoted.strip_suffix(self.rest).unwrap_or(quoted);
        Token::Name { name: name.trim_matches('"') }
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

    /// Takes `$` and the digits after it.
    fn parameter(&mut self) -> Option<&'a str> {
        let after = self.rest.get(1..).unwrap_or_default();
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (text, rest) = self.rest.split_at_checked(digits.checked_add(1)?)?;
        (digits > 0).then(|| {
            self.rest = rest;
            text
        })
    }

    /// Takes `{…}`, or all that is left where nothing closes it.
    fn braces(&mut self) -> &'a str {
        let end = self.rest.find('}').map_or(self.rest.len(), |at| at.saturating_add(1));
        let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        text
    }

    /// Skips `$tag$ … $tag$`; a lone dollar is one token.
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
