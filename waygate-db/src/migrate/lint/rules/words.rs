//! What only the statement's words tell.

use super::super::finding::Finding;
use super::super::seen::Seen;
use super::super::text::{begins, holds};
use super::{CONCURRENT_IF_NOT_EXISTS, GRANTS_TO_PUBLIC, SESSION_SETTING};

pub(super) fn judge(seen: &Seen<'_>) -> Vec<Finding> {
    let words = seen.words();
    [setting(seen, &words), concurrent(seen, &words), public(seen, &words)].into_iter().flatten().collect()
}

fn setting(seen: &Seen<'_>, words: &[String]) -> Option<Finding> {
    let sets = begins(words, &["SET"])
        && words.get(1).is_some_and(|word| !["LOCAL", "CONSTRAINTS", "TRANSACTION"].contains(&word.as_str()));
    let calls = holds(words, &["SET_CONFIG"]) || words.iter().any(|word| word.eq_ignore_ascii_case(".set_config"));
    let stays = sets || calls && holds(words, &[",", "FALSE", ")"]);
    if !stays {
        return None;
    }
    let why = "it stays set for what follows; the runner forgets it with the step, another client would not";
    let instead = match words {
        [_, rest @ ..] if sets => format!("SET LOCAL {};", original(seen.text, rest)),
        _ => "set_config(…, …, true), or SET LOCAL; and write names with their schema".to_owned(),
    };
    Some(seen.finding(&SESSION_SETTING, why.to_owned(), instead))
}

/// What follows SET, as it is written.
fn original(text: &str, rest: &[String]) -> String {
    let rest_of = text.get(3..).unwrap_or_default().trim();
    let is_session =
        rest.first().is_some_and(|word| word == "SESSION") && rest.get(1).is_some_and(|word| word != "AUTHORIZATION");
    if is_session { rest_of.get("SESSION".len()..).unwrap_or_default().trim().to_owned() } else { rest_of.to_owned() }
}

fn concurrent(seen: &Seen<'_>, words: &[String]) -> Option<Finding> {
    let found = holds(words, &["CONCURRENTLY", "IF", "NOT", "EXISTS"]);
    found.then(|| {
        let why =
            "where an earlier build broke off, an index of that name is there and is not used: this takes it for whole";
        let instead = "leave IF NOT EXISTS out: the runner takes away the rest of a broken build by itself";
        seen.finding(&CONCURRENT_IF_NOT_EXISTS, why.to_owned(), instead)
    })
}

fn public(seen: &Seen<'_>, words: &[String]) -> Option<Finding> {
    let grants = begins(words, &["GRANT"]) || (begins(words, &["ALTER", "DEFAULT"]) && holds(words, &["GRANT"]));
    let to = words.iter().rposition(|word| word == "TO")?;
    let is_public = words.iter().skip(to).any(|word| word == "PUBLIC");
    (grants && is_public).then(|| {
        let why = "every role that can connect gets the right, those of other programs too";
        seen.finding(&GRANTS_TO_PUBLIC, why.to_owned(), "name the roles: TO waygate_app, waygate_service")
    })
}
