//! The proof of a file: what it makes of its history is what was wanted.

use super::super::file::Migration;
use super::super::managed::managed;
use super::super::shadow::{Shadow, settled};
use super::Ground;
use crate::catalog::{Catalog, differences};
use crate::error::{Error, Kind, Result};

/// Applies the history and this migration to an empty database, which then has to equal the models; and then the way
/// back, where there is one, which has to lead to where the history was.
///
/// # Errors
///
/// [`is_migration_failed`](Error::is_migration_failed) when the file fails, or makes something else.
pub(super) async fn prove(ground: &Ground<'_>, models: &Shadow, migration: &Migration, before: &Catalog) -> Result<()> {
    let mut files = ground.migrations.to_vec();
    files.push(migration.clone());
    let mut shadow = ground.shadows.history(&files).await?;
    let (made, wanted) =
        settled((shadow.session(), shadow.catalog().await?), (models.session(), models.catalog().await?)).await?;
    let pair = managed(ground.schema, ground.dialect, &made, &wanted);
    compare(&pair.found, &pair.models, "makes something else than the models say")?;
    if let Some(down) = migration.down() {
        files.push(Migration::read(back_id(migration), down.into_owned(), None));
        shadow.replay(&files).await?;
        compare(&shadow.catalog().await?, before, "does not lead back to where it began")?;
    }
    shadow.drop().await
}

fn compare(made: &Catalog, wanted: &Catalog, trouble: &str) -> Result<()> {
    let differences: Vec<String> = differences(made, wanted).iter().map(ToString::to_string).collect();
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!("the migration {trouble}, so it was not written:\n  {}", differences.join("\n  "));
    Err(Error::new(Kind::MigrationFailed, message).help("write this migration by hand, and report the differences"))
}

/// A name for the way back, as if it were a migration that follows.
fn back_id(migration: &Migration) -> String {
    format!("99991231235959_{}", migration.name())
}
