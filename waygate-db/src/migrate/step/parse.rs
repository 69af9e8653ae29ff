//! From a file's pieces to its steps.

use super::super::forbidden::{ALONE, find_forbidden, runs_alone};
use super::super::split::{Piece, Statement, split};
use super::{Assert, BATCH, Directive, Ignore, Step, StepKind};

/// What is wrong with a file: where, what, and what to write.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::migrate) struct Fault {
    pub(in crate::migrate) offset: usize,
    pub(in crate::migrate) what: String,
    pub(in crate::migrate) advice: &'static str,
}

/// A file's steps, and the migrations that it stands for.
pub(in crate::migrate) type Parsed<'a> = (Vec<Step<'a>>, Vec<&'a str>);

const BETWEEN: &str = "put the line between two statements";
const ONE_SELECT: &str = "write one SELECT behind it that gives true where the step may run";
const BATCH_RANGE: &str =
    "write one UPDATE or DELETE with {batch} in its WHERE: the runner puts the batch's range of keys there";

/// Divides a file into its steps.
pub(in crate::migrate) fn parse(file: &str) -> Result<Parsed<'_>, Fault> {
    let mut steps = vec![Step::new(file, 1, StepKind::Transaction)];
    let mut replaces = Vec::new();
    let mut asserted: Option<(usize, &str)> = None;
    for piece in split(file) {
        match piece {
            Piece::Directive { offset, within: true, .. } => {
                return Err(Fault {
                    offset,
                    what: "a line for the runner within a statement".to_owned(),
                    advice: BETWEEN,
                });
            }
            Piece::Directive { offset, text, .. } => {
                let directive = Directive::read(text).map_err(|(what, advice)| Fault { offset, what, advice })?;
                if let Some((offset, _)) = asserted {
                    return Err(no_select(offset));
                }
                match directive {
                    Directive::Step { kind, lock_timeout } => {
                        // What stands before the first line that names a step is one too, unless nothing does.
                        if steps.last().is_some_and(Step::is_empty) {
                            steps.pop();
                        }
                        let number = i32::try_from(steps.len()).unwrap_or(i32::MAX).saturating_add(1);
                        steps.push(Step { lock_timeout, ..Step::new(file, number, kind) });
                    }
                    Directive::Assert(message) => asserted = Some((offset, message)),
                    Directive::Ignore { rule, reason } => {
                        if let Some(step) = steps.last_mut() {
                            step.ignores.push(Ignore { offset, rule, reason });
                        }
                    }
                    Directive::Replaces(ids) => replaces.extend(ids),
                }
            }
            Piece::Statement(statement) => {
                if let Some(found) = find_forbidden(statement) {
                    let what = format!("{} in a migration", found.what);
                    return Err(Fault { offset: found.offset, what, advice: found.advice });
                }
                let Some(step) = steps.last_mut() else { continue };
                match asserted.take() {
                    Some((_, message)) if statement.head::<1>() == ["SELECT"] => {
                        step.asserts.push(Assert { message, statement });
                    }
                    Some((offset, _)) => return Err(no_select(offset)),
                    None => step.statements.push(statement),
                }
            }
        }
    }
    if let Some((offset, _)) = asserted {
        return Err(no_select(offset));
    }
    steps.iter().try_for_each(check)?;
    Ok((steps, replaces))
}

fn no_select(offset: usize) -> Fault {
    Fault { offset, what: "an assert without its SELECT".to_owned(), advice: ONE_SELECT }
}

/// Checks that a step can run as it says.
fn check(step: &Step<'_>) -> Result<(), Fault> {
    let fault = |statement: &Statement<'_>, what: &str, advice| {
        Err(Fault { offset: statement.offset, what: what.to_owned(), advice })
    };
    match (&step.kind, step.statements.as_slice()) {
        (StepKind::Transaction, statements) => match statements.iter().find(|statement| runs_alone(**statement)) {
            Some(statement) => fault(statement, "a statement that cannot run in a transaction", ALONE),
            None => Ok(()),
        },
        (StepKind::Autocommit, [_]) => Ok(()),
        (StepKind::Autocommit, [_, second, ..]) => {
            fault(second, "a second statement in a step that runs outside of a transaction", ALONE)
        }
        (StepKind::Backfill(_), [statement]) if statement.text.contains(BATCH) => {
            match statement.head::<1>().map(|word| word) {
                [word] if ["UPDATE", "DELETE", "WITH", "INSERT"].contains(&word.as_str()) => Ok(()),
                _ => fault(statement, "a backfill that changes no rows", BATCH_RANGE),
            }
        }
        (StepKind::Backfill(_), [statement]) => fault(statement, "a backfill without {batch}", BATCH_RANGE),
        (StepKind::Backfill(_), [_, second, ..]) => fault(second, "a second statement in a backfill", BATCH_RANGE),
        (StepKind::Autocommit | StepKind::Backfill(_), []) => {
            Err(Fault { offset: step.file.len(), what: "a step without a statement".to_owned(), advice: BETWEEN })
        }
    }
}

impl<'a> Step<'a> {
    fn new(file: &'a str, number: i32, kind: StepKind) -> Self {
        Self {
            number,
            kind,
            asserts: Vec::new(),
            statements: Vec::new(),
            lock_timeout: None,
            ignores: Vec::new(),
            file,
        }
    }

    fn is_empty(&self) -> bool {
        self.statements.is_empty() && self.asserts.is_empty()
    }
}
