//! One line that speaks to the runner.

use std::time::Duration;

use super::{Backfill, StepKind};

/// A line that speaks to the runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrate) enum Directive<'a> {
    /// A step begins.
    Step { kind: StepKind, lock_timeout: Option<Duration> },
    /// The next statement says whether this is true.
    Assert(&'a str),
    /// A finding of the lint is silenced.
    Ignore { rule: &'a str, reason: &'a str },
    /// The file stands for these earlier ones.
    Replaces(Vec<&'a str>),
}

/// How many rows a batch holds where the file does not say.
const BATCH_SIZE: i64 = 1_000;
const WORDS: &str = "write `-- waygate:step tx`, `-- waygate:step autocommit`, \
                     `-- waygate:step backfill table=schema.table key=column batch=1000`, `-- waygate:assert what holds`, \
                     `-- waygate:lint-ignore rule: reason` or `-- waygate:replaces id …`";

impl<'a> Directive<'a> {
    /// Reads what stands behind `-- waygate:`. The error is the fault and what to write.
    pub(super) fn read(text: &'a str) -> Result<Self, (String, &'static str)> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        match word {
            "step" => step(rest),
            "assert" if rest.is_empty() => Err(("`assert` does not say what holds".to_owned(), WORDS)),
            "assert" => Ok(Self::Assert(rest)),
            "lint-ignore" => match rest.split_once(':').map(|(rule, reason)| (rule.trim(), reason.trim())) {
                Some((rule, reason)) if !rule.is_empty() && !reason.is_empty() => Ok(Self::Ignore { rule, reason }),
                _ => Err(("`lint-ignore` needs a rule and a reason".to_owned(), WORDS)),
            },
            "replaces" if rest.is_empty() => Err(("`replaces` names no migration".to_owned(), WORDS)),
            "replaces" => Ok(Self::Replaces(rest.split_whitespace().collect())),
            _ => Err((format!("`{word}` is not known"), WORDS)),
        }
    }
}

fn step(text: &str) -> Result<Directive<'_>, (String, &'static str)> {
    let mut words = text.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let (mut table, mut key, mut batch, mut lock_timeout) = (None, None, BATCH_SIZE, None);
    for word in words {
        let wrong = || Err((format!("`{word}` is not understood"), WORDS));
        match word.split_once('=') {
            Some(("lock_timeout", value)) => match duration(value) {
                Some(value) => lock_timeout = Some(value),
                None => return Err((format!("`{word}` is no time: write 500ms or 2s"), WORDS)),
            },
            Some(("table", value)) if kind == "backfill" && is_name(value, 2) => table = Some(value.to_owned()),
            Some(("key", value)) if kind == "backfill" && is_name(value, 1) => key = Some(value.to_owned()),
            Some(("batch", value)) if kind == "backfill" => match value.parse() {
                Ok(size) if (1..=1_000_000).contains(&size) => batch = size,
                _ => return Err(("`batch` is a number from 1 to 1000000".to_owned(), WORDS)),
            },
            _ => return wrong(),
        }
    }
    let kind = match (kind, table, key) {
        ("tx", ..) => StepKind::Transaction,
        ("autocommit", ..) => StepKind::Autocommit,
        ("backfill", Some(table), Some(key)) => StepKind::Backfill(Backfill { table, key, batch }),
        ("backfill", ..) => return Err(("a backfill needs its table and the key to go by".to_owned(), WORDS)),
        _ => return Err((format!("`step {kind}` is not known"), WORDS)),
    };
    Ok(Directive::Step { kind, lock_timeout })
}

/// Whether this is a name, or up to so many with dots between them, that can stand in a statement as it is: what the file
/// names goes into one.
fn is_name(text: &str, longest: usize) -> bool {
    let is_bare = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let is_quoted = |name: &str| {
        name.strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
            .is_some_and(|name| !name.is_empty() && !name.contains('"'))
    };
    let names: Vec<&str> = text.split('.').collect();
    names.len() <= longest && names.iter().all(|name| is_bare(name) || is_quoted(name))
}

/// Reads a time as `500ms` or `2s`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    if let Some(milliseconds) = text.strip_suffix("ms") {
        return milliseconds.parse().ok().map(Duration::from_millis);
    }
    text.strip_suffix('s').and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs)
}
