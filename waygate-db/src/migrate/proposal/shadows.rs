//! The throw-away databases of a proposal.

use std::sync::Arc;

use super::super::deploy::{DeployOptions, deploy};
use super::super::file::Migration;
use super::super::snapshot::without_ledger;
use super::Ground;
use crate::catalog::{Catalog, differences, settle};
use crate::error::{Error, Result};
use crate::local::{Cluster, Scratch};
use crate::session::Maintenance;
use crate::sql::schema_sql;

/// What throw-away databases are called, and a random word after it.
const PREFIX: &str = "waygate_shadow";

/// A server for throw-away databases, and what they are filled from.
pub(super) struct Shadows<'a> {
    ground: Ground<'a>,
    cluster: Arc<Cluster>,
}

/// A throw-away database.
pub(super) struct Shadow {
    scratch: Scratch,
    session: Maintenance,
    applied: Vec<Migration>,
}

impl<'a> Shadows<'a> {
    pub(super) fn new(ground: Ground<'a>) -> Self {
        Self { ground, cluster: Arc::clone(ground.cluster) }
    }

    /// A database that the history was replayed into.
    pub(super) async fn history(&self) -> Result<Shadow> {
        let mut shadow = self.empty().await?;
        shadow.applied = self.ground.migrations.to_vec();
        shadow.deploy().await?;
        Ok(shadow)
    }

    /// A database that the models were rendered into.
    pub(super) async fn models(&self) -> Result<Shadow> {
        let shadow = self.empty().await?;
        shadow.run(&schema_sql(self.ground.schema, self.ground.dialect)).await?;
        Ok(shadow)
    }

    async fn empty(&self) -> Result<Shadow> {
        let scratch = self.cluster.create(PREFIX).await?;
        let session = Maintenance::connect(&scratch.urls().migrator.to_config()).await?;
        Ok(Shadow { scratch, session, applied: Vec::new() })
    }
}

impl Shadow {
    /// Applies one more migration, as a deploy does.
    pub(super) async fn apply(&mut self, migration: &Migration) -> Result<()> {
        self.applied.push(migration.clone());
        self.deploy().await
    }

    async fn deploy(&mut self) -> Result<()> {
        let options = DeployOptions::default();
        deploy(&mut self.session, &self.applied, options, &mut |_| {}).await.map(drop)
    }

    /// Runs a script as the owner.
    pub(super) async fn run(&self, sql: &str) -> Result<()> {
        self.session.run(sql).await.map_err(Error::from)
    }

    pub(super) fn session(&self) -> &Maintenance {
        &self.session
    }

    /// What the database holds, less the ledger.
    pub(super) async fn catalog(&self) -> Result<Catalog> {
        Ok(without_ledger(Catalog::read(&self.session).await?))
    }

    pub(super) async fn drop(self) -> Result<()> {
        self.session.close().await;
        self.scratch.drop().await
    }
}

/// Two catalogs, with the second printing of the expressions in which they seem to differ.
pub(super) async fn settled(one: (&Shadow, Catalog), other: (&Shadow, Catalog)) -> Result<(Catalog, Catalog)> {
    let differing = differences(&one.1, &other.1);
    if differing.is_empty() {
        return Ok((one.1, other.1));
    }
    Ok((settle(&one.0.session, &one.1, &differing).await?, settle(&other.0.session, &other.1, &differing).await?))
}
