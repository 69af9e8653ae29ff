//! Questions to the person at the terminal.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use crate::error::{Error, Kind, Result};
use crate::migrate::draft::{Candidate, Loss};
use crate::migrate::proposal::{Decisions, Filling, Questions};

/// Whether somebody is there to answer.
pub(super) fn is_possible() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks what nobody decided, and notes the answers. Renames come first: what was renamed is neither lost nor empty.
pub(super) fn decide(questions: &Questions, decisions: &mut Decisions) -> Result<()> {
    if !questions.renames.is_empty() {
        return renames(&questions.renames, decisions);
    }
    for loss in &questions.losses {
        accept(loss, decisions)?;
    }
    for filling in &questions.backfills {
        fill(filling, decisions)?;
    }
    Ok(())
}

fn renames(candidates: &[Candidate], decisions: &mut Decisions) -> Result<()> {
    let mut settled: Vec<&str> = Vec::new();
    for candidate in candidates {
        let (kind, from, to) = (candidate.kind, candidate.from.as_str(), candidate.to.as_str());
        if settled.contains(&from) || settled.contains(&to) {
            continue;
        }
        if is_yes(&format!("Was the {kind} {from} renamed to {to}? [y/n] "))? {
            decisions.renames.push((from.to_owned(), to.to_owned()));
            settled.extend([from, to]);
        }
    }
    // What was renamed to nothing that is there goes.
    for candidate in candidates {
        let is_open = !settled.contains(&candidate.from.as_str()) && !decisions.drops.contains(&candidate.from);
        if is_open {
            decisions.drops.push(candidate.from.clone());
        }
    }
    Ok(())
}

fn accept(loss: &Loss, decisions: &mut Decisions) -> Result<()> {
    let rows = loss.rows.map_or_else(|| "an unknown number".to_owned(), |rows| rows.to_string());
    let question = format!("This {} ({rows} in the development database). May they be lost? [y/n] ", loss.what);
    if !is_yes(&question)? {
        return Err(Error::new(Kind::Config, format!("{} is to stay, but the models lack it", loss.name))
            .help("put it back into the models; nothing was written"));
    }
    decisions.accepted.push(loss.name.clone());
    Ok(())
}

fn fill(filling: &Filling, decisions: &mut Decisions) -> Result<()> {
    let rows = filling.rows.map_or_else(|| "Rows".to_owned(), |rows| format!("{rows} rows"));
    let sql = answer(&format!("{rows} need a value for {} ({}). SQL expression: ", filling.column, filling.ty))?;
    if sql.is_empty() {
        return Err(Error::new(Kind::Config, format!("{} has no value for rows that are there", filling.column))
            .help("give it a default, #[model(backfill = \"…\")], or make it optional; nothing was written"));
    }
    decisions.fillings.push((filling.column.clone(), sql));
    Ok(())
}

fn is_yes(question: &str) -> Result<bool> {
    loop {
        match answer(question)?.to_ascii_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
}

fn answer(question: &str) -> Result<String> {
    let failed = |error| Error::new(Kind::Config, "the terminal gives no answer").caused_by(error);
    let mut out = stderr().lock();
    out.write_all(question.as_bytes()).and_then(|()| out.flush()).map_err(failed)?;
    let mut typed = String::new();
    if stdin().lock().read_line(&mut typed).map_err(failed)? == 0 {
        return Err(Error::new(Kind::Config, "the terminal was closed before an answer; nothing was written"));
    }
    Ok(typed.trim().to_owned())
}
