//! The steps of a file, in the order in which they are run.

use super::World;
use super::forms::{Placed, forms, plain};
use super::step::{Mode, Part, Step};
use crate::catalog::Action;

/// The parts of a file that follow one another, each of them steps or the statements of one.
#[derive(Default)]
struct Parts {
    names: Vec<Part>,
    labels: Vec<Part>,
    main: Vec<Step>,
    fillings: Vec<Step>,
    indexes: Vec<Step>,
    conditions: Vec<Part>,
    validations: Vec<Part>,
    finishes: Vec<Part>,
    dropped_indexes: Vec<Part>,
    drops: Vec<Part>,
}

/// The steps of this outline.
pub(super) fn steps(world: &World<'_>) -> Vec<Step> {
    let mut parts = Parts { names: world.outline.renames.iter().map(plain).collect(), ..Parts::default() };
    for (place, action) in world.outline.actions.iter().enumerate().filter(|(_, action)| !is_prelude(action)) {
        for placed in forms(place, action, world) {
            parts.place(placed);
        }
    }
    let mut steps = parts.in_order();
    let returns: Vec<Part> = world.outline.returns.iter().map(plain).collect();
    match steps.last_mut() {
        Some(last) if last.mode == Mode::Tx => last.parts.extend(returns),
        _ => steps.extend(together_in(returns)),
    }
    let steps = if world.outline.plain { joined(steps) } else { steps };
    with_prelude(steps, world.outline.actions.iter().find(|action| is_prelude(action)))
}

impl Parts {
    fn place(&mut self, placed: Placed) {
        match placed {
            Placed::Names(part) => self.names.push(part),
            Placed::Label(part) => self.labels.push(part),
            Placed::Here(part) => match self.main.last_mut() {
                Some(step) if step.mode == Mode::Tx => step.parts.push(part),
                _ => self.main.push(Step::alone(Mode::Tx, part)),
            },
            Placed::Alone(part) => {
                // An index is built over the values that are filled in, not kept while they are.
                self.main.append(&mut self.fillings);
                self.main.push(Step::alone(Mode::Autocommit, part));
            }
            Placed::Index(part) => self.indexes.push(Step::alone(Mode::Autocommit, part)),
            Placed::Filling(step) => self.fillings.push(step),
            Placed::Condition(part) => self.conditions.push(part),
            Placed::Validate(part) => self.validations.push(part),
            Placed::Finish(part) => self.finishes.push(part),
            Placed::DropIndex(part) => self.dropped_indexes.push(part),
            Placed::Drop(part) => self.drops.push(part),
        }
    }

    /// All steps. A table that is in use is locked for one look or one change at a time, so tables do not share a step
    /// where each holds its lock for long.
    fn in_order(self) -> Vec<Step> {
        let Self { names, labels, main, fillings, indexes, conditions, validations, finishes, dropped_indexes, drops } =
            self;
        let mut steps = Vec::new();
        steps.extend(together_in(names));
        steps.extend(labels.into_iter().map(|part| Step::alone(Mode::Autocommit, part)));
        steps.extend(main);
        steps.extend(fillings);
        steps.extend(indexes);
        steps.extend(together_in(conditions));
        steps.extend(by_table(validations));
        steps.extend(by_table(finishes));
        steps.extend(dropped_indexes.into_iter().map(|part| Step::alone(Mode::Autocommit, part)));
        steps.extend(together_in(drops));
        steps
    }
}

/// Whether this is a setting that functions are made under, and no change.
pub(super) fn is_prelude(action: &Action) -> bool {
    action.sql.starts_with("SET LOCAL ")
}

/// The transactions in which functions are made, each with the setting that they are made under.
fn with_prelude(steps: Vec<Step>, prelude: Option<&Action>) -> Vec<Step> {
    let Some(prelude) = prelude else { return steps };
    let is_function = |part: &Part| part.sql.starts_with("CREATE ") && part.about.starts_with("function ");
    let with = |mut step: Step| {
        if let Some(function) = step.parts.iter().find(|part| is_function(part)) {
            let part = Part::new(function.about.clone(), prelude.sql.clone());
            step.parts.insert(0, part);
        }
        step
    };
    steps.into_iter().map(with).collect()
}

/// One transaction, if there is anything for it.
fn together_in(parts: Vec<Part>) -> Option<Step> {
    (!parts.is_empty()).then_some(Step { mode: Mode::Tx, parts })
}

/// A transaction for each table.
fn by_table(parts: Vec<Part>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for part in parts {
        match steps.iter_mut().find(|step| step.parts.iter().any(|other| other.about == part.about)) {
            Some(step) => step.parts.push(part),
            None => steps.push(Step::alone(Mode::Tx, part)),
        }
    }
    steps
}

/// Neighbouring transactions as one.
fn joined(steps: Vec<Step>) -> Vec<Step> {
    steps.into_iter().fold(Vec::new(), |mut all: Vec<Step>, mut step| {
        match all.last_mut() {
            Some(last) if last.mode == Mode::Tx && step.mode == Mode::Tx => last.parts.append(&mut step.parts),
            _ => all.push(step),
        }
        all
    })
}
