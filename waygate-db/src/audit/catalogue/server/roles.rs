//! Roles: ours have no power over row security, nor has any that they can become.

use postgres_types::Type;

use crate::audit::Finding;
use crate::audit::catalogue::{failure, note};
use crate::error::{Error, Kind, Result};
use crate::schema::Dialect;
use crate::schema::roles::{APP, LOGIN, MIGRATOR, OWNER, SERVICE};
use crate::session::Maintenance;

/// Each role with a power over row security: its powers, those of ours that are it or can become it, and whether it
/// logs in.
const POWERFUL: &str = include_str!("powerful.sql");

/// Who is a member of whom, where either is ours. A mere right to administer a membership, which PostgreSQL 16 gives
/// whoever creates a role, makes no member; of ours it does, because they could use it. Superusers need none.
const MEMBERS: &str = "
    SELECT held.rolname::text, member.rolname::text
    FROM pg_auth_members link
    JOIN pg_roles held ON held.oid = link.roleid JOIN pg_roles member ON member.oid = link.member
    WHERE (held.rolname = ANY ($1) OR member.rolname = ANY ($1)) AND NOT member.rolsuper
          AND (member.rolname = ANY ($1) OR coalesce((to_jsonb(link) ->> 'inherit_option')::boolean, true)
               OR coalesce((to_jsonb(link) ->> 'set_option')::boolean, true))
    ORDER BY 1, 2";

const MISSING: &str = "
    SELECT wanted FROM unnest($1::text[]) wanted
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) ORDER BY 1";

/// Refuses a server without the roles that the rest asks about.
pub(super) async fn require(session: &Maintenance, dialect: &Dialect) -> Result<()> {
    let rows = session.rows(MISSING, &[(&ours(dialect) as _, Type::TEXT_ARRAY)]).await?;
    let missing = rows.iter().map(|row| row.read::<String>(0)).collect::<Result<Vec<_>>>()?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::new(Kind::RoleMissing, format!("the server has no role {}", missing.join(", ")))
        .help("run `waygate setup` with DATABASE_URL of an administrator, or the script of `waygate schema roles`"))
}

/// Whether a login of a running service is a member of any role.
pub(super) async fn can_change_role(session: &Maintenance, dialect: &Dialect) -> Result<bool> {
    let logins = logins(dialect);
    Ok(members(session, dialect).await?.iter().any(|(_, member)| logins.contains(&member.as_str())))
}

pub(super) async fn examine(session: &Maintenance, dialect: &Dialect) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in session.rows(POWERFUL, &[(&ours(dialect) as _, Type::TEXT_ARRAY)]).await? {
        let (role, can_login): (String, bool) = (row.read(0)?, row.read(1)?);
        let (powers, heirs): (Vec<String>, Vec<String>) = (row.read(2)?, row.read(3)?);
        findings.extend(powerful(&role, can_login, &powers, &heirs, dialect));
    }
    for (role, member) in members(session, dialect).await? {
        findings.extend(member_of(&role, &member, dialect));
    }
    Ok(findings)
}

/// Our roles on this kind of server, each once.
fn ours(dialect: &Dialect) -> Vec<&'static str> {
    let mut roles = vec![OWNER, MIGRATOR, APP, SERVICE, LOGIN, dialect.app_role(), dialect.service_role()];
    roles.extend(dialect.anon_role());
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// The roles that statements of a running service start as.
pub(super) fn logins(dialect: &Dialect) -> Vec<&'static str> {
    [APP, SERVICE, dialect.app_role(), dialect.service_role()].into_iter().chain(dialect.anon_role()).collect()
}

async fn members(session: &Maintenance, dialect: &Dialect) -> Result<Vec<(String, String)>> {
    let rows = session.rows(MEMBERS, &[(&ours(dialect) as _, Type::TEXT_ARRAY)]).await?;
    rows.iter().map(|row| Ok((row.read(0)?, row.read(1)?))).collect()
}

fn powerful(role: &str, can_login: bool, powers: &[String], heirs: &[String], dialect: &Dialect) -> Vec<Finding> {
    let object = format!("role {role}");
    let has = format!("it has {}", powers.join(", "));
    // On Supabase the service's role is the platform's, and stands above row security there.
    let is_excused = matches!(dialect, Dialect::Supabase(_)) && role == dialect.service_role();
    let mut findings = Vec::new();
    if heirs.is_empty() || is_excused {
        if can_login && !powers.is_empty() {
            findings.push(note("other-login-above-row-security", object, has));
        }
        return findings;
    }
    let others: Vec<&str> = heirs.iter().map(String::as_str).filter(|heir| *heir != role).collect();
    if !powers.is_empty() {
        let reach =
            if others.is_empty() { String::new() } else { format!(", and {} can become it", others.join(" and ")) };
        let no = powers.iter().map(|power| format!("NO{power}")).collect::<Vec<_>>().join(" ");
        findings.push(failure(
            "role-powers",
            object.clone(),
            format!("{has}{reach}"),
            format!("ALTER ROLE {role} {no}"),
        ));
    }
    if can_login && [OWNER, LOGIN].contains(&role) {
        let what = "it can log in, and owns what no login may own".to_owned();
        findings.push(failure("owner-can-login", object, what, format!("ALTER ROLE {role} NOLOGIN")));
    }
    findings
}

fn member_of(role: &str, member: &str, dialect: &Dialect) -> Option<Finding> {
    let is_supabase = matches!(dialect, Dialect::Supabase(_));
    // Statements run as roles of the platform's, which our logins become; who else may is the platform's to say, but
    // for a request itself.
    let is_acting = [("authenticated", APP), ("anon", APP), ("service_role", SERVICE)].contains(&(role, member));
    let is_request = ["authenticated", "anon", "service_role"].contains(&member);
    let is_theirs = !is_request && !role.starts_with("waygate_") && !member.starts_with("waygate_");
    let is_platform = is_supabase && (is_acting || is_theirs);
    if is_platform || [(OWNER, MIGRATOR), (LOGIN, OWNER)].contains(&(role, member)) {
        return None;
    }
    let help = format!("REVOKE {role} FROM {member}");
    if logins(dialect).contains(&member) || member == LOGIN {
        let what = format!("it is a member of {role}: a role that can become another is no wall");
        return Some(failure("role-is-member", format!("role {member}"), what, help));
    }
    let is_ours = ours(dialect).contains(&role);
    is_ours.then(|| {
        let what = format!("{member} is a member, and so has all its rights");
        failure("role-has-member", format!("role {role}"), what, help)
    })
}
