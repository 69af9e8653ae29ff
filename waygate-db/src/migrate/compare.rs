//! Models, history and database, compared.

use serde::Serialize;

use super::file::Migration;
use super::managed::{Managed, managed, placed};
use super::shadow::{Shadows, settled};
use super::snapshot::{Snapshot, without_ledger};
use crate::catalog::{Catalog, Difference, Key, differences};
use crate::error::Result;
use crate::schema::{Dialect, Schema};
use crate::session::Maintenance;

/// What two of models, history and database disagree in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The first of the two.
    pub from: String,
    /// The second.
    pub to: String,
    /// What would have to happen to the first to be as the second.
    pub differences: Vec<Difference>,
    /// What the models do not manage, and was left out.
    #[serde(serialize_with = "as_texts")]
    pub unmanaged: Vec<Key>,
}

impl Comparison {
    /// Whether there is no difference.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty()
    }
}

/// What the database has become since the last deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Drift {
    /// No deploy has kept what it left: there is nothing to compare with.
    Unknown,
    /// The server is another version now, and may print the same in other words.
    OtherServer {
        /// The version when the snapshot was taken, as `150018`.
        then: u32,
        /// The version now.
        now: u32,
    },
    /// Compared; without differences there is no drift.
    Known {
        /// The migration after which the snapshot was taken.
        after: String,
        /// What has changed since.
        differences: Vec<Difference>,
    },
}

/// Compares what these migrations make with what the models say.
///
/// # Errors
///
/// As [`Shadows::history`] and [`Shadows::models`].
pub async fn history_to_models(
    shadows: &Shadows,
    schema: &Schema,
    dialect: &Dialect,
    migrations: &[Migration],
) -> Result<Comparison> {
    let (history, models) = (shadows.history(migrations).await?, shadows.models(schema).await?);
    let pair =
        settled((history.session(), history.catalog().await?), (models.session(), models.catalog().await?)).await?;
    history.drop().await?;
    models.drop().await?;
    Ok(against_models("history", "models", managed(schema, dialect, &pair.0, &pair.1)))
}

/// Compares a database with what the models say.
///
/// # Errors
///
/// As [`Shadows::models`], and those of the connection.
pub async fn database_to_models(
    shadows: &Shadows,
    schema: &Schema,
    dialect: &Dialect,
    database: &Maintenance,
) -> Result<Comparison> {
    let models = shadows.models(schema).await?;
    let found = without_ledger(Catalog::read(database).await?);
    let pair = settled((database, found), (models.session(), models.catalog().await?)).await?;
    models.drop().await?;
    Ok(against_models("database", "models", managed(schema, dialect, &pair.0, &pair.1)))
}

/// Compares a database with what these migrations make. Both sides are whole: what is in the one and not in the other was
/// made, or dropped, by hand.
///
/// # Errors
///
/// As [`Shadows::history`], and those of the connection.
pub async fn database_to_history(
    shadows: &Shadows,
    dialect: &Dialect,
    database: &Maintenance,
    migrations: &[Migration],
) -> Result<Comparison> {
    let history = shadows.history(migrations).await?;
    let found = without_ledger(Catalog::read(database).await?);
    let pair = settled((database, found), (history.session(), history.catalog().await?)).await?;
    history.drop().await?;
    let (found, made) = (placed(&pair.0, dialect), placed(&pair.1, dialect));
    Ok(Comparison {
        from: "database".to_owned(),
        to: "history".to_owned(),
        differences: differences(&found, &made),
        unmanaged: Vec::new(),
    })
}

/// Compares a database with what the last deploy left in it, which it keeps itself.
///
/// # Errors
///
/// Those of the connection, and of [`Snapshot::load`].
pub async fn drift(database: &Maintenance) -> Result<Drift> {
    let Some(Snapshot { after, catalog, .. }) = Snapshot::load(database).await? else { return Ok(Drift::Unknown) };
    let now = without_ledger(Catalog::read(database).await?);
    let major = |version: u32| version / 10_000;
    if major(catalog.server) != major(now.server) {
        return Ok(Drift::OtherServer { then: catalog.server, now: now.server });
    }
    Ok(Drift::Known { after, differences: differences(&catalog, &now) })
}

fn against_models(from: &str, to: &str, Managed { found, models, unmanaged }: Managed) -> Comparison {
    let differences = differences(&found, &models);
    Comparison { from: from.to_owned(), to: to.to_owned(), differences, unmanaged }
}

fn as_texts<S: serde::Serializer>(keys: &[Key], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(keys.iter().map(ToString::to_string))
}
