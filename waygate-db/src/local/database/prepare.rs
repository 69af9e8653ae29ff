//! What a database is given before its first migration, as SQL.

use std::fmt::Write as _;

use super::super::roles::{APP, LOGIN, MIGRATOR, OWNER, SERVICE};

/// Makes the event trigger that closes new tables; only a superuser may.
pub(crate) const GUARD: &str = include_str!("row_security.sql");

/// Whether the event trigger is there and on.
pub(super) const IS_GUARDED: &str = "SELECT EXISTS (
    SELECT FROM pg_catalog.pg_event_trigger
    WHERE evtname = 'waygate_row_security' AND evtenabled <> 'D'
      AND evtfoid = (SELECT oid FROM pg_catalog.pg_proc
                     WHERE pronamespace = to_regnamespace('waygate') AND proname = 'enable_row_security'))";

/// What new objects would grant by themselves, globally and, apart from that, in one schema.
const DEFAULTS: [(&str, &[&str]); 2] = [
    ("", &["FUNCTIONS", "TYPES", "TABLES", "SEQUENCES", "SCHEMAS"]),
    ("IN SCHEMA public, waygate ", &["FUNCTIONS", "TYPES", "TABLES", "SEQUENCES"]),
];

/// Whose the database and its schemas are, who may connect, and what new objects grant: nothing, to nobody.
///
/// The schema `waygate` comes before the migration that fills it, because the event trigger's function stands in it. The
/// logins may look into it, so that what is missing there is not there rather than denied.
pub(super) fn rights(database: &str) -> String {
    let mut sql = format!(
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC;
         GRANT CONNECT ON DATABASE {database} TO {MIGRATOR}, {APP}, {SERVICE};
         ALTER SCHEMA public OWNER TO {OWNER};
         REVOKE CREATE ON SCHEMA public FROM PUBLIC;
         CREATE SCHEMA IF NOT EXISTS waygate AUTHORIZATION {OWNER};
         GRANT USAGE ON SCHEMA waygate TO {APP}, {SERVICE};\n"
    );
    for (place, kinds) in DEFAULTS {
        for objects in kinds {
            // Writing to a String does not fail.
            let _ = writeln!(
                sql,
                "ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} {place}REVOKE ALL ON {objects}
                 FROM PUBLIC, {MIGRATOR}, {APP}, {SERVICE}, {LOGIN};"
            );
        }
    }
    sql
}

/// What the owner needs in a database that stays its platform's, and what requests need. What the owner creates there
/// grants nothing by itself, so that a table is closed until its migration opens it.
pub(super) fn shared_rights(database: &str) -> String {
    format!(
        "GRANT CONNECT ON DATABASE {database} TO {MIGRATOR}, {APP}, {SERVICE};
         GRANT CREATE ON DATABASE {database} TO {OWNER};
         GRANT USAGE, CREATE ON SCHEMA public TO {OWNER};
         GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role, {APP}, {SERVICE};
         REVOKE CREATE ON SCHEMA public FROM PUBLIC;
         ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;"
    )
}

/// Lets the administrator, who is nobody's member, come back to a database that is closed to PUBLIC.
pub(super) fn connect_right(database: &str) -> String {
    format!("GRANT CONNECT ON DATABASE {database} TO CURRENT_USER;\n")
}
