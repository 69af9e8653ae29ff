//! The two logins that the audit tries things as.

use crate::environment::{WAYGATE_APP_URL, WAYGATE_SERVICE_URL};
use crate::error::{Error, Kind, Result};
use crate::session::{Direct, Maintenance};
use crate::url::DatabaseUrl;

/// The real logins of a running service.
#[derive(Debug, Clone)]
pub(crate) struct Logins {
    pub(crate) app: DatabaseUrl,
    pub(crate) service: DatabaseUrl,
}

/// No statement of an audit keeps anybody waiting, nor waits for long itself.
const LIMITS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '5s'";

/// A connection that gives way to others.
pub(super) async fn connect(url: &DatabaseUrl) -> Result<Direct> {
    let connection = Direct::connect(url).await?;
    connection.run(LIMITS).await?;
    Ok(connection)
}

/// The variables whose logins lead to another database than the session's: what is tried there proves nothing here.
///
/// The session holds a lock that only sessions of its own database see, so that nobody's rights or names are asked.
pub(super) async fn strays(session: &Maintenance, logins: &Logins) -> Result<Vec<&'static str>> {
    let random = getrandom::u64().map_err(|_| Error::new(Kind::Io, "the system gave no random number"))?;
    let lock = random.cast_signed();
    session.run(&format!("SELECT pg_advisory_lock({lock})")).await?;
    let strays = not_locked_out(logins, lock).await;
    session.run(&format!("SELECT pg_advisory_unlock({lock})")).await?;
    strays
}

/// Those who can take the lock, which ends with their connection.
async fn not_locked_out(logins: &Logins, lock: i64) -> Result<Vec<&'static str>> {
    let mut strays = Vec::new();
    for (variable, url) in [(WAYGATE_APP_URL, &logins.app), (WAYGATE_SERVICE_URL, &logins.service)] {
        let rows = connect(url).await?.rows(&format!("SELECT pg_try_advisory_lock({lock})")).await?;
        if rows.into_iter().flatten().any(|taken| taken.as_deref() == Some("t")) {
            strays.push(variable);
        }
    }
    Ok(strays)
}
