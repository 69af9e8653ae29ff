//! Rights on the database and its schemas, what new objects grant by themselves, and what the logins own.

use postgres_types::Type;

use crate::audit::Finding;
use crate::audit::catalogue::{advice, failure, note};
use crate::error::Result;
use crate::schema::Dialect;
use crate::schema::roles::{APP, LOGIN, OWNER, SERVICE};
use crate::session::Maintenance;

const DATABASE: &str = "
    SELECT base.datname::text, coalesce(holder.rolname::text, 'PUBLIC'),
           string_agg(given.privilege_type, ', ' ORDER BY given.privilege_type)
    FROM pg_database base
    CROSS JOIN aclexplode(coalesce(base.datacl, acldefault('d', base.datdba))) given
    LEFT JOIN pg_roles holder ON holder.oid = given.grantee
    WHERE base.datname = current_database()
          AND (given.grantee = 0 OR holder.rolname = ANY ($1) AND given.privilege_type <> 'CONNECT')
    GROUP BY 1, 2 ORDER BY 2";

const SCHEMAS: &str = "
    SELECT home.nspname::text, owner.rolname::text,
           owner.rolname = $1 OR owner.rolname = 'pg_database_owner' AND EXISTS (
               SELECT FROM pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) = $1),
           ARRAY(SELECT coalesce(holder.rolname::text, 'PUBLIC')
                 FROM aclexplode(coalesce(home.nspacl, acldefault('n', home.nspowner))) given
                 LEFT JOIN pg_roles holder ON holder.oid = given.grantee
                 WHERE given.privilege_type = 'CREATE' AND given.grantee <> home.nspowner
                       AND NOT coalesce(holder.rolsuper, false) AND coalesce(holder.rolname, '') <> $1
                 ORDER BY 1)
    FROM pg_namespace home JOIN pg_roles owner ON owner.oid = home.nspowner
    WHERE home.nspname IN ('public', 'waygate') ORDER BY 1";

const DEFAULTS: &str = "
    SELECT maker.rolname::text, coalesce(' in schema ' || home.nspname, ''),
           CASE preset.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                                     WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
           coalesce(holder.rolname::text, 'PUBLIC'),
           string_agg(given.privilege_type, ', ' ORDER BY given.privilege_type)
    FROM pg_default_acl preset
    JOIN pg_roles maker ON maker.oid = preset.defaclrole
    LEFT JOIN pg_namespace home ON home.oid = preset.defaclnamespace
    CROSS JOIN aclexplode(preset.defaclacl) given
    LEFT JOIN pg_roles holder ON holder.oid = given.grantee
    WHERE given.grantee <> preset.defaclrole AND preset.defaclobjtype <> 'T' AND NOT coalesce(holder.rolsuper, false)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

/// Whether new functions of the owner are everybody's, as they are unless that was revoked.
const OPEN_FUNCTIONS: &str = "
    SELECT NOT EXISTS (SELECT FROM pg_default_acl
        WHERE defaclrole = to_regrole(quote_ident($1)) AND defaclnamespace = 0 AND defaclobjtype = 'f')";

const OWNED: &str = "
    SELECT owner.rolname::text,
           coalesce((SELECT format('function %I.%I(%s)', home.nspname, routine.proname,
                                   pg_get_function_identity_arguments(routine.oid))
                     FROM pg_proc routine JOIN pg_namespace home ON home.oid = routine.pronamespace
                     WHERE held.classid = 'pg_proc'::regclass AND routine.oid = held.objid),
                    pg_describe_object(held.classid, held.objid, held.objsubid))
    FROM pg_shdepend held JOIN pg_roles owner ON owner.oid = held.refobjid
    WHERE held.refclassid = 'pg_authid'::regclass AND held.deptype = 'o' AND owner.rolname = ANY ($1)
          AND held.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    ORDER BY 1, 2";

pub(super) async fn examine(session: &Maintenance, dialect: &Dialect) -> Result<Vec<Finding>> {
    let logins: Vec<&str> = [APP, SERVICE, dialect.app_role()].into_iter().chain(dialect.anon_role()).collect();
    let mut findings = database(session, dialect, &logins).await?;
    findings.extend(schemas(session).await?);
    findings.extend(defaults(session).await?);
    for row in session.rows(OWNED, &[(&logins as _, Type::TEXT_ARRAY)]).await? {
        let (role, object): (String, String) = (row.read(0)?, row.read(1)?);
        let what = format!("{role} owns it, and whoever owns a thing grants it");
        findings.push(failure("login-owns", object, what, format!("REASSIGN OWNED BY {role} TO {OWNER}")));
    }
    Ok(findings)
}

/// What the role that owns the login's functions owns beside them, each as findings name it.
pub(super) async fn owned_by_login_role(session: &Maintenance) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in session.rows(OWNED, &[(&[LOGIN].as_slice() as _, Type::TEXT_ARRAY)]).await? {
        let (role, object): (String, String) = (row.read(0)?, row.read(1)?);
        let what = format!("{role} owns it, whom the policies show what a login looks for, of every tenant");
        findings.push(failure("login-owns", object, what, "drop it, or give it another owner"));
    }
    Ok(findings)
}

async fn database(session: &Maintenance, dialect: &Dialect, logins: &[&str]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in session.rows(DATABASE, &[(&logins as _, Type::TEXT_ARRAY)]).await? {
        let (name, role, rights): (String, String, String) = (row.read(0)?, row.read(1)?, row.read(2)?);
        let what = format!("{role} has {rights}");
        // On Supabase the database is the platform's, and everybody may connect to it.
        if matches!(dialect, Dialect::Supabase(_)) && role == "PUBLIC" && !rights.contains("CREATE") {
            findings.push(note("database-rights", format!("database {name}"), what));
            continue;
        }
        let help = format!("REVOKE {rights} ON DATABASE {name} FROM {role}");
        findings.push(failure("database-rights", format!("database {name}"), what, help));
    }
    Ok(findings)
}

async fn schemas(session: &Maintenance) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in session.rows(SCHEMAS, &[(&OWNER as _, Type::TEXT)]).await? {
        let (name, owner): (String, String) = (row.read(0)?, row.read(1)?);
        let (is_ours, creators): (bool, Vec<String>) = (row.read(2)?, row.read(3)?);
        let object = format!("schema {name}");
        if !is_ours {
            let what = format!("it belongs to {owner}, who may drop and create in it");
            findings.push(advice(
                "schema-owner",
                object.clone(),
                what,
                format!("ALTER SCHEMA {name} OWNER TO {OWNER}"),
            ));
        }
        if !creators.is_empty() {
            let creators = creators.join(", ");
            let what = format!("{creators} may create in it: what stands there is found before what was meant");
            findings.push(failure(
                "schema-create",
                object,
                what,
                format!("REVOKE CREATE ON SCHEMA {name} FROM {creators}"),
            ));
        }
    }
    Ok(findings)
}

async fn defaults(session: &Maintenance) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in session.rows(DEFAULTS, &[]).await? {
        let (maker, place, kind): (String, String, String) = (row.read(0)?, row.read(1)?, row.read(2)?);
        let (role, rights): (String, String) = (row.read(3)?, row.read(4)?);
        let object = format!("default privileges of {maker}{place}");
        let what = format!("each new one of its {kind} grants {role} {rights}");
        let help = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {maker}{place} REVOKE {rights} ON {kind} FROM {role}");
        // Only the owner makes tables of the models; what others make is named when it is there.
        let judge = if maker == OWNER { failure } else { advice };
        findings.push(judge("default-privileges", object, what, help));
    }
    if is(session, OPEN_FUNCTIONS, &[(&OWNER as _, Type::TEXT)]).await? {
        let what = "each new function grants PUBLIC EXECUTE".to_owned();
        let help = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC");
        findings.push(advice("default-privileges", format!("default privileges of {OWNER}"), what, help));
    }
    Ok(findings)
}

/// The one answer of a question.
async fn is(session: &Maintenance, sql: &str, params: &[(&(dyn postgres_types::ToSql + Sync), Type)]) -> Result<bool> {
    let rows = session.rows(sql, params).await?;
    rows.first().map_or(Ok(false), |row| row.read(0))
}
