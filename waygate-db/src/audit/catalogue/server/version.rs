//! The server's version: row security has been broken before, and mended.

use crate::audit::Finding;
use crate::audit::catalogue::{advice, failure};
use crate::error::Result;
use crate::session::Maintenance;

/// The first minor release of each major one in which a cached plan does not outlive a change of role
/// (CVE-2026-14666), nor any older hole of row security is left.
const MENDED: [(i32, i32); 4] = [(15, 19), (16, 15), (17, 11), (18, 6)];

const VERSION: &str = "SELECT current_setting('server_version_num')::integer";

pub(super) async fn examine(session: &Maintenance, can_change_role: bool) -> Result<Vec<Finding>> {
    let rows = session.rows(VERSION, &[]).await?;
    let Some(row) = rows.first() else { return Ok(Vec::new()) };
    let number: i32 = row.read(0)?;
    let (major, minor) = (number / 10_000, number % 10_000);
    Ok(judge(major, minor, can_change_role).into_iter().collect())
}

fn judge(major: i32, minor: i32, can_change_role: bool) -> Option<Finding> {
    let (_, mended) = MENDED.into_iter().find(|(known, mended)| *known == major && minor < *mended)?;
    let object = format!("PostgreSQL {major}.{minor}");
    let help = format!("upgrade to {major}.{mended} or later");
    let what = "a cached plan ignores a later change of role (CVE-2026-14666)";
    Some(if can_change_role {
        failure("server-version", object, format!("{what}, and a login of ours may change its role"), help)
    } else {
        advice("server-version", object, format!("{what}; no login of ours can change its role"), help)
    })
}
