//! Triggers: those of the models, and no other.

use super::{advice, failure, rows_of};
use crate::audit::Finding;
use crate::error::Result;
use crate::session::{Maintenance, Tuple};

/// One trigger that somebody created.
pub(super) struct Fact {
    table: String,
    name: String,
    definition: String,
    is_enabled: bool,
    function: String,
    /// Whether its function runs with its owner's rights.
    is_definer: bool,
}

const TRIGGERS: &str = "
    SELECT object.relname::text, fired.tgname::text, pg_get_triggerdef(fired.oid, true),
           fired.tgenabled IN ('O', 'A'), fired.tgfoid::regproc::text, routine.prosecdef
    FROM pg_trigger fired JOIN pg_class object ON object.oid = fired.tgrelid
    JOIN pg_namespace home ON home.oid = object.relnamespace
    JOIN pg_proc routine ON routine.oid = fired.tgfoid
    WHERE home.nspname = $1 AND NOT fired.tgisinternal
    ORDER BY object.relname COLLATE \"C\", fired.tgname COLLATE \"C\"";

pub(super) async fn read(session: &Maintenance, namespace: &str) -> Result<Vec<Fact>> {
    let rows = rows_of(session, TRIGGERS, namespace).await?;
    let fact = |row: &Tuple| {
        Ok(Fact {
            table: row.read(0)?,
            name: row.read(1)?,
            definition: row.read(2)?,
            is_enabled: row.read(3)?,
            function: row.read(4)?,
            is_definer: row.read(5)?,
        })
    };
    rows.iter().map(fact).collect()
}

pub(super) fn compare(
    expected: &[Fact],
    found: &[Fact],
    namespace: &str,
    is_judged: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for wanted in expected.iter().filter(|trigger| is_judged(&trigger.table)) {
        let what = match found.iter().find(|trigger| trigger.is_same(wanted)) {
            Some(trigger) if trigger.is_enabled => continue,
            Some(_) => "the trigger is disabled",
            None => "the trigger is not there as the models render it",
        };
        let help = "create it as `schema sql` prints it";
        findings.push(advice("trigger-missing", wanted.describe(namespace), what.to_owned(), help));
    }
    let is_extra = |trigger: &&Fact| is_judged(&trigger.table) && !expected.iter().any(|one| one.is_same(trigger));
    findings.extend(found.iter().filter(is_extra).map(|trigger| extra(trigger, namespace)));
    findings
}

/// A trigger's function sees rows as whoever changes them does, unless it runs with its owner's rights. A cascade
/// changes rows as the table's owner, whom no tenant confines, so even the first kind is worth a look.
fn extra(trigger: &Fact, namespace: &str) -> Finding {
    let (object, function) = (trigger.describe(namespace), &trigger.function);
    let help = format!("DROP TRIGGER {} ON {namespace}.{}", trigger.name, trigger.table);
    if trigger.is_definer {
        let what = format!("no model has this trigger, and {function} sees the rows with its owner's rights");
        failure("trigger-extra", object, what, help)
    } else {
        advice("trigger-extra", object, format!("no model has this trigger; it runs {function}"), help)
    }
}

impl Fact {
    fn is_same(&self, other: &Self) -> bool {
        self.table == other.table && self.name == other.name && self.definition == other.definition
    }

    fn describe(&self, namespace: &str) -> String {
        format!("trigger {} on {namespace}.{}", self.name, self.table)
    }
}
