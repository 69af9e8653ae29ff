//! Triggers and rules.

use super::{Key, Outcome, ident, other, relation};
use crate::catalog::{Rule, Trigger};

pub(super) fn create(key: &Key, it: &Trigger) -> Vec<String> {
    let switched = (it.enabled != "O").then(|| switch(key, "TRIGGER", &it.enabled));
    [it.definition.clone()].into_iter().chain(switched).collect()
}

pub(super) fn alter(key: &Key, from: &Trigger, to: &Trigger) -> Outcome {
    if from.definition != to.definition {
        return Outcome::Rebuild;
    }
    Outcome::of((from.enabled != to.enabled).then(|| other(key, switch(key, "TRIGGER", &to.enabled))))
}

pub(super) fn create_rule(key: &Key, it: &Rule) -> Vec<String> {
    let definition = it.definition.trim_end_matches(';').to_owned();
    let switched = (it.enabled != "O").then(|| switch(key, "RULE", &it.enabled));
    [definition].into_iter().chain(switched).collect()
}

pub(super) fn alter_rule(key: &Key, from: &Rule, to: &Rule) -> Outcome {
    if from.definition != to.definition {
        return Outcome::Rebuild;
    }
    Outcome::of((from.enabled != to.enabled).then(|| other(key, switch(key, "RULE", &to.enabled))))
}

fn switch(key: &Key, kind: &str, enabled: &str) -> String {
    let state = match enabled {
        "D" => "DISABLE",
        "R" => "ENABLE REPLICA",
        "A" => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    format!("ALTER TABLE {} {state} {kind} {}", relation(key), ident(key.name()))
}
