//! What the lint looks for.
//!
//! `work` is about what a statement does to all rows of a table, `waits` about who waits for whom, `losses` about what
//! vanishes, `shape` about what is made, `words` about what only the statement's words tell, and `standing` about what is
//! wrong at the file's end.

mod losses;
mod shape;
mod standing;
mod waits;
mod words;
mod work;

use super::finding::{Finding, Rule, Severity};
use super::seen::Seen;

pub(super) use standing::standing;

/// What this statement breaks.
pub(super) fn judge(seen: &Seen<'_>) -> Vec<Finding> {
    let parts = [work::judge, waits::judge, losses::judge, shape::judge];
    parts.into_iter().flat_map(|judge| judge(seen)).chain(words::judge(seen)).collect()
}

macro_rules! rules {
    ($($name:ident $severity:ident $rule:literal $about:literal)*) => {
        $(pub(super) const $name: Rule = Rule { name: $rule, severity: Severity::$severity, about: $about };)*
        /// Every rule.
        pub static RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    REFUSED_FILE Error "refused-file"
        "the runner cannot run the file: transaction control, a statement that needs a step of its own, a name over 63 bytes"
    REFUSED_STATEMENT Error "refused-statement"
        "the server refuses a statement, or an assert does not hold where the tables have no rows"
    LABEL_TOO_EARLY Error "label-too-early"
        "an enum's label is used in the transaction that adds it"
    REWRITES_TABLE Error "rewrites-table"
        "all rows of an existing table are written anew while nobody reads or writes it"
    SCANS_TABLE Error "scans-table"
        "all rows of an existing table are checked while others wait"
    BUILDS_INDEX Error "builds-index"
        "an index of an existing table is built while nobody writes to it"
    WORK_UNDER_LOCK Error "work-under-lock"
        "rows are changed while the step holds a table that others wait for"
    LOCKS_SEVERAL_TABLES Warning "locks-several-tables"
        "a step waits for a second table while it keeps a first from everybody"
    LOCKS_REFERENCED_TABLE Advice "locks-referenced-table"
        "a foreign key's making or end locks the existing table that it refers to"
    UNBATCHED_WRITE Error "unbatched-write"
        "one statement changes all rows of an existing table"
    LONG_WRITE Warning "long-write"
        "one statement changes rows of an existing table, perhaps many"
    TRUNCATES Error "truncates"
        "an existing table is emptied"
    ADDS_REQUIRED_COLUMN Error "adds-required-column"
        "an existing table gets a NOT NULL column without a default: it fails where there are rows"
    DROPS_TABLE Warning "drops-table"
        "an existing table goes while the running program may use it"
    DROPS_COLUMN Warning "drops-column"
        "a column of an existing table goes while the running program may use it"
    DROPS_INDEX Warning "drops-index"
        "an index is dropped under a lock that readers wait for"
    DROPS_SILENTLY Warning "drops-silently"
        "indexes or constraints vanish that the statement does not name"
    DROP_CASCADE Error "drop-cascade"
        "a DROP … CASCADE takes whatever depends on the object"
    RENAMES_TABLE Warning "renames-table"
        "an existing table gets another name while the running program uses the old one"
    RENAMES_COLUMN Warning "renames-column"
        "a column of an existing table gets another name while the running program uses the old one"
    RENAMES_LABEL Warning "renames-label"
        "an enum's label gets another name while the running program uses the old one"
    SESSION_SETTING Warning "session-setting"
        "a setting outlives its transaction and changes what later statements of the step mean"
    CONCURRENT_IF_NOT_EXISTS Warning "concurrent-if-not-exists"
        "IF NOT EXISTS takes the broken index of an earlier attempt for a whole one"
    GRANTS_TO_PUBLIC Error "grants-to-public"
        "everybody who can connect gets a right"
    NO_ROW_SECURITY Error "no-row-security"
        "a table is without row security, or its owner passes it by"
    NO_OWNER_POLICY Error "no-owner-policy"
        "no policy lets waygate_owner see the rows: a backfill changes none of them and reports success"
    POLICY_FOR_EVERYBODY Warning "policy-for-everybody"
        "a policy is for every role"
    OWNERS_DEFINER Error "owners-definer"
        "a SECURITY DEFINER function of waygate_owner reads every tenant's rows for whoever calls it"
    FOREIGN_KEY_WITHOUT_INDEX Warning "foreign-key-without-index"
        "a foreign key's own columns have no index: each DELETE of a parent reads the whole table"
    TIMESTAMP_WITHOUT_TIME_ZONE Advice "timestamp-without-time-zone"
        "a column's times mean different moments to different sessions"
    JSON_TEXT Advice "json-text"
        "a json column cannot be compared or indexed as a jsonb column can"
    NARROW_KEY Advice "narrow-key"
        "a key of a numeric type that runs out"
    UNUSED_IGNORE Warning "unused-ignore"
        "a line silences a rule that nothing breaks there"
}
