//! The event trigger that closes each new table, and the function that it runs: a superuser's, and in no migration.

use postgres_types::Type;

use crate::audit::Finding;
use crate::audit::catalogue::{advice, failure};
use crate::error::Result;
use crate::local::database::GUARD;
use crate::schema::roles::{APP, LOGIN, MIGRATOR, OWNER, SERVICE};
use crate::session::Maintenance;

/// The trigger of this name, which without tags fires for each command: whether it is on, and whether it is the one that `setup` makes.
const TRIGGER: &str = "
    SELECT evtenabled IN ('O', 'A'),
           evtevent = 'ddl_command_end'
           AND coalesce(evtfoid = to_regprocedure('waygate.enable_row_security()')::oid, false)
           AND coalesce(evttags @> ARRAY['CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO'], true)
    FROM pg_event_trigger WHERE evtname = 'waygate_row_security'";

/// The function of this name: its body, whether the rest of it is as `setup` makes it, and whether one of ours ($1)
/// owns it.
const FUNCTION: &str = "
    SELECT routine.prosrc,
           NOT routine.prosecdef AND language.lanname = 'plpgsql'
           AND coalesce(routine.proconfig = ARRAY['search_path=pg_catalog, pg_temp'], false),
           pg_get_userbyid(routine.proowner) = ANY ($1)
    FROM pg_proc routine JOIN pg_language language ON language.oid = routine.prolang
    WHERE routine.oid = to_regprocedure('waygate.enable_row_security()')";

pub(super) async fn examine(session: &Maintenance) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let rows = session.rows(TRIGGER, &[]).await?;
    let (is_on, is_ours): (bool, bool) = match rows.first() {
        Some(row) => (row.read(0)?, row.read(1)?),
        None => (false, true),
    };
    findings.extend(trigger(is_on, is_ours));
    let ours: Vec<&str> = vec![OWNER, MIGRATOR, APP, SERVICE, LOGIN];
    for row in session.rows(FUNCTION, &[(&ours as _, Type::TEXT_ARRAY)]).await? {
        let (text, is_same, is_owned): (String, bool, bool) = (row.read(0)?, row.read(1)?, row.read(2)?);
        findings.extend(function(&text, is_same, is_owned));
    }
    Ok(findings)
}

fn trigger(is_on: bool, is_ours: bool) -> Option<Finding> {
    let object = "event trigger waygate_row_security".to_owned();
    if !is_ours {
        let what = "it is on another event, or runs another function, than the one that closes new tables".to_owned();
        let help = "drop it, and run `setup` as a superuser";
        return Some(failure("event-trigger", object, what, help));
    }
    let what = "a new table in public is open to whoever is granted it, until somebody enables its row security";
    let help = "run `setup` as a superuser, which makes the event trigger";
    (!is_on).then(|| advice("event-trigger-missing", object, what.to_owned(), help))
}

fn function(text: &str, is_same: bool, is_owned: bool) -> Option<Finding> {
    let rendered = GUARD.split("$$").nth(1).unwrap_or_default();
    let what = if text != rendered || !is_same {
        "it is not what `setup` makes, and runs with the rights of whoever creates a table"
    } else if is_owned {
        "a role of ours owns it, and may replace what runs with the rights of whoever creates a table"
    } else {
        return None;
    };
    let object = "function waygate.enable_row_security()".to_owned();
    Some(failure("library-function", object, what.to_owned(), "run `setup` as a superuser, which replaces it"))
}
