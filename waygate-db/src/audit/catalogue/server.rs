//! What belongs to the server and to the whole database.
//!
//! - [`version`]: the fixes of row security that the server lacks;
//! - [`roles`]: what ours are and may become, and who else is above row security;
//! - [`rights`]: on the database and its schemas, and those that new objects get by themselves;
//! - [`settings`]: what a role or a database gives each new session;
//! - [`library`]: the library's own objects, in schema `waygate`;
//! - [`guard`]: the event trigger that closes new tables;
//! - [`elsewhere`]: tables of all other schemas, who may create there, and their views and functions.

mod elsewhere;
mod guard;
mod library;
mod rights;
mod roles;
mod settings;
mod version;

use super::aside::LIMITS;
use super::{Reach, routines, views};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::session::Maintenance;

/// Examines the server, and of the database what belongs to no table of the models.
///
/// It runs inside the caller's transaction, which the caller rolls back: the library's objects are rendered in it.
///
/// # Errors
///
/// [`is_role_missing`](crate::Error::is_role_missing), and the connection's errors.
pub(crate) async fn examine(session: &Maintenance, subject: Subject<'_>) -> Result<Vec<Finding>> {
    session.run(LIMITS).await?;
    roles::require(session, subject.dialect).await?;
    let can_change_role = roles::can_change_role(session, subject.dialect).await?;
    let mut findings = version::examine(session, can_change_role).await?;
    findings.extend(roles::examine(session, subject.dialect).await?);
    findings.extend(rights::examine(session, subject.dialect).await?);
    findings.extend(guard::examine(session).await?);
    findings.extend(settings::examine(session, subject.dialect).await?);
    findings.extend(elsewhere::examine(session, subject.dialect).await?);
    findings.extend(views::examine(session, subject, Reach::Elsewhere).await?);
    // Read before the library is rendered, and judged by what it then has.
    let mut routines = routines::examine(session, subject, Reach::Elsewhere).await?;
    routines.extend(rights::owned_by_login_role(session).await?);
    let library = library::examine(session, subject).await?;
    findings.extend(routines.into_iter().filter(|one| !library.compared.contains(&one.object)));
    findings.extend(library.findings);
    Ok(findings)
}
