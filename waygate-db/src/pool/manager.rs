//! How bb8 opens and judges connections.

use std::fmt;

use bb8_postgres::PostgresConnectionManager;
use tokio_postgres::NoTls;

use super::{Connection, Statements, driver};
use crate::error::{Error, Result};
use crate::url::DatabaseUrl;

/// bb8-postgres's manager, with a connection state of our own around each client.
#[derive(Clone)]
pub(crate) struct Manager {
    inner: PostgresConnectionManager<NoTls>,
    server: String,
    mode: Statements,
}

impl Manager {
    pub(crate) fn new(url: &DatabaseUrl, application_name: &str, mode: Statements) -> Self {
        let mut config = url.to_config();
        config.application_name(application_name);
        Self { inner: PostgresConnectionManager::new(config, NoTls), server: url.to_string(), mode }
    }
}

impl bb8::ManageConnection for Manager {
    type Connection = Connection;
    type Error = Error;

    async fn connect(&self) -> Result<Connection> {
        let client = self.inner.connect().await.map_err(|error| driver::connect_error(&error, &self.server))?;
        Ok(Connection::new(client, self.mode))
    }

    /// Never called: check-out tests are off.
    async fn is_valid(&self, _: &mut Connection) -> Result<()> {
        Ok(())
    }

    /// A connection that is closed, or may be inside somebody's transaction, is thrown away.
    fn has_broken(&self, connection: &mut Connection) -> bool {
        connection.is_broken()
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Manager({})", self.server)
    }
}
