//! Policies of row security, and extended statistics.

use super::{Key, Outcome, ident, name, other, relation};
use crate::catalog::{Policy, Statistics};

pub(super) fn create(key: &Key, it: &Policy) -> String {
    let restrictive = if it.permissive { "" } else { " AS RESTRICTIVE" };
    let command = match it.command.as_str() {
        "r" => " FOR SELECT",
        "a" => " FOR INSERT",
        "w" => " FOR UPDATE",
        "d" => " FOR DELETE",
        _ => "",
    };
    let head = format!("CREATE POLICY {} ON {}{restrictive}{command}", ident(key.name()), relation(key));
    let roles = if it.roles == ["public"] { String::new() } else { format!(" TO {}", roles(it)) };
    format!("{head}{roles}{}", conditions(it))
}

/// New roles and conditions. A condition cannot be taken away, and the command not be changed.
pub(super) fn alter(key: &Key, from: &Policy, to: &Policy) -> Outcome {
    if from == to {
        return Outcome::of([]);
    }
    let fixed = |it: &Policy| (it.permissive, it.command.clone());
    let loses = (from.using.is_some() && to.using.is_none()) || (from.check.is_some() && to.check.is_none());
    if fixed(from) != fixed(to) || loses {
        return Outcome::Rebuild;
    }
    let roles = if from.roles == to.roles { String::new() } else { format!(" TO {}", roles(to)) };
    let conditions = if (&from.using, &from.check) == (&to.using, &to.check) { String::new() } else { conditions(to) };
    Outcome::of([other(key, format!("ALTER POLICY {} ON {}{roles}{conditions}", ident(key.name()), relation(key)))])
}

fn roles(it: &Policy) -> String {
    let roles =
        it.roles.iter().map(|role| if role == "public" { "PUBLIC".to_owned() } else { ident(role).to_string() });
    roles.collect::<Vec<_>>().join(", ")
}

/// The conditions, on lines of their own unless they are as short as `true`.
fn conditions(it: &Policy) -> String {
    let clause = |word: &str, condition: &Option<String>| {
        condition.as_ref().map(|condition| format!("{word} ({})", bare(condition)))
    };
    let clauses: Vec<String> =
        [clause("USING", &it.using), clause("WITH CHECK", &it.check)].into_iter().flatten().collect();
    let is_short = clauses.iter().map(String::len).sum::<usize>() < 40;
    clauses.into_iter().map(|clause| if is_short { format!(" {clause}") } else { format!("\n    {clause}") }).collect()
}

/// A condition without the pair of parentheses that the server prints around the whole.
fn bare(condition: &str) -> &str {
    let Some(inner) = condition.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return condition };
    let mut depth = 0_i32;
    // A parenthesis in a constant may make this one give up, never succeed where it must not: the depth would have to
    // stay above zero all the way.
    let whole = inner.chars().all(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth >= 0
    });
    if whole && depth == 0 && !inner.contains(['\'', '"']) { inner } else { condition }
}

pub(super) fn create_statistics(key: &Key, it: &Statistics) -> Vec<String> {
    let target = it.target.map(|target| set_target(key, target));
    [it.definition.clone()].into_iter().chain(target).collect()
}

pub(super) fn alter_statistics(key: &Key, from: &Statistics, to: &Statistics) -> Outcome {
    if from.definition != to.definition {
        return Outcome::Rebuild;
    }
    Outcome::of((from.target != to.target).then(|| other(key, set_target(key, to.target.unwrap_or(-1)))))
}

fn set_target(key: &Key, target: i32) -> String {
    format!("ALTER STATISTICS {} SET STATISTICS {target}", name(key))
}
