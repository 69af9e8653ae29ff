//! A draft as the text of a file.

use std::fmt::{self, Display, Formatter};

use super::Draft;
use super::step::{Assert, Mode, Part, Step};

/// How many rows a batch of a backfill takes.
const BATCH: u32 = 1000;
/// The widest line of a comment.
const WIDTH: usize = 118;

impl Display for Draft {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        comment(out, &title(&self.title))?;
        if !self.words.is_empty() {
            writeln!(out, "--")?;
        }
        for words in &self.words {
            comment(out, words)?;
        }
        for loss in &self.losses {
            comment(out, &format!("WARNING: {}.", loss.what))?;
        }
        let is_plain = self.steps.iter().all(|step| step.mode == Mode::Tx) && self.steps.len() == 1;
        for step in &self.steps {
            writeln!(out)?;
            if !is_plain {
                writeln!(out, "-- waygate:step {}", step.mode)?;
            }
            step.fmt(out)?;
        }
        Ok(())
    }
}

impl Display for Mode {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tx => out.write_str("tx"),
            Self::Autocommit => out.write_str("autocommit"),
            Self::Backfill { table, key } => write!(out, "backfill table={table} key={key} batch={BATCH}"),
        }
    }
}

impl Display for Step {
    /// The conditions, then the statements; what is about another table stands apart.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for Assert { message, sql } in self.asserts() {
            writeln!(out, "-- waygate:assert {message}\n{sql};")?;
        }
        let mut last: Option<&Part> = None;
        for part in &self.parts {
            if last.is_some_and(|last| last.about != part.about) {
                writeln!(out)?;
            }
            if let Some(words) = &part.comment {
                comment(out, words)?;
            }
            writeln!(out, "{};", laid_out(&part.sql))?;
            last = Some(part);
        }
        Ok(())
    }
}

/// A statement that would be wider than a page, in two lines. Only where no name or text can stand.
fn laid_out(sql: &str) -> String {
    let breaks = [("FOREIGN KEY (", ") REFERENCES ", 8), ("CREATE TRIGGER ", " FOR EACH ROW EXECUTE ", 4)];
    for (within, at, margin) in breaks {
        if let Some((before, after)) = sql.split_once(at)
            && sql.len() > WIDTH
            && before.contains(within)
            && !before.contains(['"', '\''])
        {
            let (end, start) = at.split_at(usize::from(at.starts_with(')')));
            return format!("{before}{end}\n{:margin$}{}{after}", "", start.trim_start());
        }
    }
    sql.to_owned()
}

/// A migration's name as a sentence's beginning.
fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Words as comment lines no wider than a page.
fn comment(out: &mut Formatter<'_>, words: &str) -> fmt::Result {
    for sentence in words.lines() {
        let mut line = String::from("--");
        for word in sentence.split_whitespace() {
            if line.len() + word.len() >= WIDTH && line.len() > 2 {
                writeln!(out, "{line}")?;
                line = String::from("--  ");
            }
            line.push(' ');
            line.push_str(word);
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}
