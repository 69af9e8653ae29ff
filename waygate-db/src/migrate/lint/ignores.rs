//! Findings that a file silences, and those that it silences for nothing.

use super::super::split::Statement;
use super::super::step::Step;
use super::finding::Finding;
use super::rules::{RULES, UNUSED_IGNORE};

/// What squawk's lines silence here: the names under which it knows our rules.
const SQUAWK: &str = "-- squawk-ignore";
const SQUAWK_RULES: [(&str, &[&str]); 17] = [
    ("require-concurrent-index-creation", &["builds-index"]),
    ("require-concurrent-index-deletion", &["drops-index"]),
    ("require-concurrent-reindex", &["builds-index"]),
    ("constraint-missing-not-valid", &["scans-table"]),
    ("adding-foreign-key-constraint", &["scans-table", "locks-referenced-table"]),
    ("disallowed-unique-constraint", &["builds-index"]),
    ("adding-not-nullable-field", &["scans-table"]),
    ("adding-required-field", &["adds-required-column"]),
    ("adding-field-with-default", &["rewrites-table"]),
    ("adding-serial-primary-key-field", &["rewrites-table", "builds-index"]),
    ("changing-column-type", &["rewrites-table", "scans-table"]),
    ("renaming-column", &["renames-column"]),
    ("renaming-table", &["renames-table"]),
    ("ban-drop-column", &["drops-column", "drops-silently"]),
    ("ban-drop-table", &["drops-table"]),
    ("ban-truncate-cascade", &["truncates"]),
    ("prefer-timestamp-tz", &["timestamp-without-time-zone"]),
];

/// One line that silences one rule for the statement below it.
struct Line<'a> {
    number: usize,
    rule: &'a str,
    /// The line of the statement that it is about.
    statement: Option<usize>,
    /// Another tool's lines may be about what this one does not look for.
    is_foreign: bool,
    used: bool,
}

/// Leaves out what the file silences, and adds what it silences for nothing.
pub(super) fn apply(migration: &str, file: &str, steps: &[Step<'_>], findings: Vec<Finding>) -> Vec<Finding> {
    let mut lines = lines(file, steps);
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let mut is_silenced = false;
        for line in lines.iter_mut().filter(|line| line.statement == Some(finding.line) && line.rule == finding.rule) {
            line.used = true;
            is_silenced = true;
        }
        if !is_silenced {
            kept.push(finding);
        }
    }
    let unused = lines.iter().filter(|line| !line.used && !line.is_foreign);
    kept.extend(unused.map(|line| unused_line(migration, line.number, line.rule)));
    kept
}

/// The finding of a line that silences nothing.
pub(super) fn unused_line(migration: &str, line: usize, rule: &str) -> Finding {
    let why = if RULES.iter().any(|known| known.name == rule) {
        format!("the statement below does not break the rule {rule}, so there is nothing to ignore")
    } else {
        format!("there is no rule {rule}")
    };
    Finding {
        migration: migration.to_owned(),
        line,
        rule: UNUSED_IGNORE.name,
        severity: UNUSED_IGNORE.severity,
        table: None,
        lock: None,
        why,
        instead: "take the line out".to_owned(),
    }
}

fn lines<'a>(file: &'a str, steps: &[Step<'a>]) -> Vec<Line<'a>> {
    let statements: Vec<(&Step<'_>, &Statement<'_>)> =
        steps.iter().flat_map(|step| step.statements.iter().map(move |statement| (step, statement))).collect();
    let below = |offset: usize| {
        statements
            .iter()
            .find(|(_, statement)| statement.offset > offset)
            .map(|(step, statement)| step.position(statement.offset).line())
    };
    let own = steps.iter().flat_map(|step| {
        step.ignores.iter().map(|ignore| Line {
            number: step.position(ignore.offset).line(),
            rule: ignore.rule,
            statement: below(ignore.offset),
            is_foreign: false,
            used: false,
        })
    });
    let is_within = |at: usize| statements.iter().any(|(_, one)| (one.offset..one.end).contains(&at));
    let mut offset = 0;
    let mut lines: Vec<Line<'a>> = own.collect();
    for (number, text) in file.split_inclusive('\n').enumerate() {
        let start = offset + (text.len() - text.trim_start().len());
        offset += text.len();
        let Some(rules) = text.trim().strip_prefix(SQUAWK).filter(|_| !is_within(start)) else { continue };
        // `squawk-ignore-file` is about every statement.
        let (rules, whole) = match rules.strip_prefix("-file") {
            Some(rules) => (rules, true),
            None => (rules, false),
        };
        let about: Vec<Option<usize>> = if whole {
            statements.iter().map(|(step, one)| Some(step.position(one.offset).line())).collect()
        } else {
            vec![below(start)]
        };
        let named = rules.split([',', ' ']).filter_map(|name| SQUAWK_RULES.iter().find(|(known, _)| *known == name));
        for rule in named.flat_map(|(_, ours)| ours.iter().copied()) {
            let line =
                |statement| Line { number: number.saturating_add(1), rule, statement, is_foreign: true, used: false };
            lines.extend(about.iter().copied().map(line));
        }
    }
    lines
}
