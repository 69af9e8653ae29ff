//! Policies: exactly the rendered ones, to the word.

use super::{advice, failure, rows_of};
use crate::audit::Finding;
use crate::error::Result;
use crate::session::{Maintenance, Tuple};

/// One policy, with its clauses as the server prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    table: String,
    name: String,
    is_permissive: bool,
    command: String,
    roles: Vec<String>,
    using: Option<String>,
    check: Option<String>,
}

const POLICIES: &str = "
    SELECT object.relname::text, policy.polname::text, policy.polpermissive,
           CASE policy.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                              WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
           ARRAY(SELECT CASE given WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(given)::text END
                 FROM unnest(policy.polroles) given ORDER BY 1),
           pg_get_expr(policy.polqual, policy.polrelid), pg_get_expr(policy.polwithcheck, policy.polrelid)
    FROM pg_policy policy JOIN pg_class object ON object.oid = policy.polrelid
    JOIN pg_namespace home ON home.oid = object.relnamespace
    WHERE home.nspname = $1
    ORDER BY object.relname COLLATE \"C\", policy.polname COLLATE \"C\"";

pub(super) async fn read(session: &Maintenance, namespace: &str) -> Result<Vec<Fact>> {
    let rows = rows_of(session, POLICIES, namespace).await?;
    let fact = |row: &Tuple| {
        Ok(Fact {
            table: row.read(0)?,
            name: row.read(1)?,
            is_permissive: row.read(2)?,
            command: row.read(3)?,
            roles: row.read(4)?,
            using: row.read(5)?,
            check: row.read(6)?,
        })
    };
    rows.iter().map(fact).collect()
}

/// Compares the policies of the judged tables.
pub(super) fn compare(
    expected: &[Fact],
    found: &[Fact],
    namespace: &str,
    is_judged: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    let expected: Vec<&Fact> = expected.iter().filter(|policy| is_judged(&policy.table)).collect();
    let mut findings: Vec<Finding> = expected.iter().flat_map(|policy| differences(policy, found, namespace)).collect();
    let is_extra = |policy: &&Fact| !expected.iter().any(|one| one.is_same_place(policy));
    let found = found.iter().filter(|policy| is_judged(&policy.table));
    findings.extend(found.filter(is_extra).map(|policy| extra(policy, namespace)));
    findings
}

fn differences(wanted: &Fact, found: &[Fact], namespace: &str) -> Vec<Finding> {
    let object = wanted.describe(namespace);
    let help = "drop the policy and create it as `schema sql` prints it";
    let Some(policy) = found.iter().find(|policy| policy.is_same_place(wanted)) else {
        let what = "the policy is not there".to_owned();
        return vec![failure("policy-missing", object, what, "create it as `schema sql` prints it")];
    };
    let mut findings = Vec::new();
    let mut differs = |rule, what: String| findings.push(failure(rule, object.clone(), what, help));
    if policy.is_permissive != wanted.is_permissive {
        differs("policy-restrictive", "the policy is restrictive, so it opens nothing by itself".to_owned());
    }
    if policy.command != wanted.command {
        differs("policy-command", format!("the policy is for {}, not for {}", policy.command, wanted.command));
    }
    if policy.roles != wanted.roles {
        differs(
            "policy-roles",
            format!("the policy is to {}, not to {}", policy.roles.join(", "), wanted.roles.join(", ")),
        );
    }
    if policy.using != wanted.using {
        differs("policy-using", differing("USING", policy.using.as_deref(), wanted.using.as_deref()));
    }
    if policy.check != wanted.check {
        differs("policy-check", differing("WITH CHECK", policy.check.as_deref(), wanted.check.as_deref()));
    }
    findings
}

fn differing(clause: &str, found: Option<&str>, wanted: Option<&str>) -> String {
    let text = |clause: Option<&str>| clause.map_or_else(|| "missing".to_owned(), str::to_owned);
    format!("{clause} is {}, not {}", text(found), text(wanted))
}

/// A permissive policy adds rows to what the others show; a restrictive one can only take some away.
fn extra(policy: &Fact, namespace: &str) -> Finding {
    let object = policy.describe(namespace);
    let help = format!("DROP POLICY {} ON {namespace}.{}", policy.name, policy.table);
    let to = policy.roles.join(", ");
    if policy.is_permissive {
        let what = format!("no model has this permissive policy for {} to {to}", policy.command);
        failure("policy-extra", object, what, help)
    } else {
        let what = format!("no model has this restrictive policy for {} to {to}", policy.command);
        advice("policy-extra", object, what, help)
    }
}

impl Fact {
    fn is_same_place(&self, other: &Self) -> bool {
        self.table == other.table && self.name == other.name
    }

    fn describe(&self, namespace: &str) -> String {
        format!("policy {} on {namespace}.{}", self.name, self.table)
    }
}
