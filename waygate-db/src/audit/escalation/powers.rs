//! What a login of the service has no business to do.

use super::Attempts;
use crate::audit::{Finding, Severity, Subject};
use crate::error::Result;
use crate::schema::Dialect;
use crate::schema::roles::OWNER;
use crate::sql::ddl::Target;
use crate::sql::identifier::{ident, literal};

/// Tries each power; what is allowed, and no part of a tenant's or the service's work, is told.
pub(super) async fn examine(login: &Attempts, subject: Subject<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (what, script) in powers(login, subject) {
        if login.is_allowed(&script).await? {
            let help = "revoke it; `waygate schema roles` prints what the roles are, and `waygate setup` gives the rights they need";
            findings.push(login.finding(Severity::Failure, "escalation-power", format!("it may {what}"), help));
        }
    }
    let remarks = REMARKS.into_iter().chain(is_platform(subject.dialect).then_some(TEMPORARY));
    for (what, script) in remarks {
        if login.is_allowed(script).await? {
            let help = "PostgreSQL gives it to everyone; raw SQL is where it matters";
            findings.push(login.finding(Severity::Note, "escalation-remark", format!("it may {what}"), help));
        }
    }
    Ok(findings)
}

/// What everyone may do in a database, and no row of a table crosses by.
const REMARKS: [(&str, &str); 4] = [
    ("LISTEN and NOTIFY, whose channels no policy guards", "LISTEN waygate_audit; NOTIFY waygate_audit"),
    ("take advisory locks, which all tenants share", "SELECT pg_advisory_xact_lock(2002876777, 1)"),
    ("keep large objects, which all tenants' sessions read", "SELECT lo_create(0)"),
    ("run DO blocks, with its own rights", "DO 'BEGIN PERFORM 1; END'"),
];

/// What a platform gives everyone, and nobody else may have.
const TEMPORARY: (&str, &str) = (
    "make a temporary table, which keeps rows from one tenant to the next",
    "CREATE TEMP TABLE waygate_audit (id integer)",
);

/// Whether the database's own rights are a platform's to give.
fn is_platform(dialect: &Dialect) -> bool {
    matches!(dialect, Dialect::Supabase(_))
}

/// What is tried: in words, and the attempt itself.
fn powers(login: &Attempts, subject: Subject<'_>) -> Vec<(String, String)> {
    let Some(table) = subject.models.tables().find(|table| table.has_tenant()) else { return Vec::new() };
    let on = Target { dialect: subject.dialect, schema: subject.namespace }.name(table.name);
    let key = ident(table.key_column().name);
    let (role, role_text) = (ident(&login.role), literal(&login.role));
    let own = [
        ("give itself BYPASSRLS", format!("ALTER ROLE {role} BYPASSRLS")),
        ("give itself CREATEROLE", format!("ALTER ROLE {role} CREATEROLE")),
        ("make a role", "CREATE ROLE waygate_audit_made".to_owned()),
        ("make itself a member of the owner", format!("GRANT {OWNER} TO {role}")),
        ("make itself a member of a reader of everything", format!("GRANT pg_read_all_data TO {role}")),
        ("turn row security off for a table", format!("ALTER TABLE {on} DISABLE ROW LEVEL SECURITY")),
        ("free the owner from row security", format!("ALTER TABLE {on} NO FORCE ROW LEVEL SECURITY")),
        ("add a policy", format!("CREATE POLICY waygate_audit ON {on} USING (true)")),
        ("change a table", format!("ALTER TABLE {on} ADD COLUMN waygate_audit integer")),
        ("take a table over", format!("ALTER TABLE {on} OWNER TO {role}")),
        (
            "grant rights on a table",
            // Whoever holds a right without the option to grant it gets a warning from GRANT, and no error.
            format!(
                "DO $$BEGIN GRANT TRUNCATE ON {on} TO {role}; \
                 IF NOT has_table_privilege({role_text}, '{on}', 'TRUNCATE') THEN \
                 RAISE insufficient_privilege; END IF; END$$"
            ),
        ),
        ("make a table", "CREATE TABLE public.waygate_audit (id integer)".to_owned()),
        ("make a table in the library's schema", "CREATE TABLE waygate.waygate_audit (id integer)".to_owned()),
        ("make a schema", "CREATE SCHEMA waygate_audit_made".to_owned()),
        (
            "make a function",
            "CREATE FUNCTION public.waygate_audit() RETURNS integer LANGUAGE sql AS 'SELECT 1'".to_owned(),
        ),
        ("make a view", format!("CREATE VIEW public.waygate_audit AS SELECT {key} FROM {on}")),
        (
            "make a trigger",
            format!(
                "CREATE TRIGGER waygate_audit BEFORE INSERT ON {on} \
                 FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            ),
        ),
        ("make a publication", format!("CREATE PUBLICATION waygate_audit FOR TABLE {on}")),
        ("make an extension", "CREATE EXTENSION dblink".to_owned()),
        ("turn triggers and foreign keys off", "SET LOCAL session_replication_role = replica".to_owned()),
        (
            "change the setting of every session",
            format!("ALTER ROLE ALL SET waygate.tenant_id = '{}'", uuid::Uuid::nil()),
        ),
        ("read the keys of the tenants' seals", "SELECT inner_pad FROM waygate.seal_keys".to_owned()),
        ("read the roles' passwords", "SELECT rolpassword FROM pg_catalog.pg_authid".to_owned()),
        ("read all statistics, which hold values of rows", "SELECT stavalues1 FROM pg_catalog.pg_statistic".to_owned()),
        ("read extended statistics, which do, too", "SELECT stxdmcv FROM pg_catalog.pg_statistic_ext_data".to_owned()),
        ("read everyone's large objects", "SELECT data FROM pg_catalog.pg_largeobject".to_owned()),
        (
            "set what superusers alone may set",
            format!(
                "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_parameter_acl CROSS JOIN aclexplode(paracl) given \
                 WHERE given.grantee IN (0, {role_text}::regrole)) THEN RAISE insufficient_privilege; END IF; END$$"
            ),
        ),
        ("read the server's files", "SELECT pg_read_file('PG_VERSION')".to_owned()),
        ("read the server's files as bytes", "SELECT pg_read_binary_file('PG_VERSION')".to_owned()),
        ("list the server's folders", "SELECT pg_ls_dir('.')".to_owned()),
        ("import a file of the server's", "SELECT lo_import('PG_VERSION')".to_owned()),
        ("read a file of the server's by COPY", format!("DO $$BEGIN COPY {on} ({key}) FROM 'PG_VERSION'; END$$")),
        ("run a program on the server", "DO $$BEGIN COPY (SELECT 1) TO PROGRAM 'true'; END$$".to_owned()),
        ("turn row security off by the catalogue", "UPDATE pg_catalog.pg_class SET relrowsecurity = false".to_owned()),
    ];
    let temporary = (!is_platform(subject.dialect)).then(|| (TEMPORARY.0, TEMPORARY.1.to_owned()));
    own.into_iter().chain(temporary).map(|(what, script)| (what.to_owned(), script)).collect()
}
