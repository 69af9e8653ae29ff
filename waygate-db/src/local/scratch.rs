//! A throw-away database.

use std::sync::Arc;

use tokio_postgres::SimpleQueryMessage;

use crate::error::Result;
use crate::migrate::{self, DeployOptions, Migration};
use crate::session::{Config, Maintenance};
use crate::url::DatabaseUrl;

use super::cluster::{Cluster, Urls, aside};
use super::database::{connect, drop_database};

/// A database of a [`Cluster`] that is dropped with this value, or by [`drop`](Self::drop), which says whether it worked.
#[derive(Debug)]
pub struct Scratch {
    cluster: Arc<Cluster>,
    name: String,
    urls: Urls,
    dropped: bool,
}

impl Scratch {
    pub(super) fn new(cluster: Arc<Cluster>, name: String, urls: Urls) -> Self {
        Self { cluster, name, urls, dropped: false }
    }

    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The logins' URLs.
    #[must_use]
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// The server it is on.
    #[must_use]
    pub fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    /// A configuration with both logins; add the keys.
    #[must_use]
    pub fn config(&self) -> Config {
        Config::new(self.urls.app.clone()).service_url(self.urls.service.clone())
    }

    /// Applies these migrations.
    ///
    /// # Errors
    ///
    /// As [`migrate::deploy`].
    pub async fn deploy(&self, migrations: &[Migration]) -> Result<()> {
        let mut session = Maintenance::connect(&self.urls.migrator.to_config()).await?;
        let result = Box::pin(migrate::deploy(&mut session, migrations, DeployOptions::default(), &mut |_| {})).await;
        session.close().await;
        result.map(|_| ())
    }

    /// Drops the database.
    ///
    /// # Errors
    ///
    /// Those of the connection.
    pub async fn drop(mut self) -> Result<()> {
        self.dropped = true;
        drop_database(&connect(&self.cluster.urls().admin).await?, &self.name).await
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.dropped {
            let (admin, name) = (self.cluster.urls().admin.clone(), std::mem::take(&mut self.name));
            let work = async move { drop_database(&connect(&admin).await?, &name).await };
            aside(work, "a throw-away database could not be dropped");
        }
    }
}

/// Runs SQL text as this login, on a connection of its own, and returns the rows of its last statement as texts.
///
/// For demonstrations and tests of what raw SQL can do; the library's own verbs never come this way.
///
/// # Errors
///
/// The server's refusals and the connection's errors.
pub async fn run_sql(url: &DatabaseUrl, sql: &str) -> Result<Vec<Vec<Option<String>>>> {
    let client = connect(url).await?;
    let mut rows = Vec::new();
    for message in client.simple_query(sql).await? {
        match message {
            SimpleQueryMessage::RowDescription(_) => rows.clear(),
            SimpleQueryMessage::Row(row) => {
                rows.push((0..row.len()).map(|index| row.get(index).map(str::to_owned)).collect());
            }
            _ => {}
        }
    }
    Ok(rows)
}
