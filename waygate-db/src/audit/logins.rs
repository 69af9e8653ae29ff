//! The two logins that the audit tries things as.

use crate::error::Result;
use crate::session::Direct;
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
