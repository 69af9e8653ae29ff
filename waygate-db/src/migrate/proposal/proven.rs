//! The proof of a file: what it makes of its history is what was wanted.

use super::super::file::Migration;
use super::shadows::{Shadow, Shadows, settled};
use crate::catalog::{Catalog, differences};
use crate::error::{Error, Kind, Result};

/// Applies the history and this migration to an empty database, which then has to equal the models; and then the way
/// back, where there is one, which has to lead to where the history was.
///
/// # Errors
///
/// [`is_migration_failed`](Error::is_migration_failed) when the file fails, or makes something else.
pub(super) async fn prove(
    shadows: &Shadows<'_>,
    models: &Shadow,
    migration: &Migration,
    before: &Catalog,
) -> Result<()> {
    let mut shadow = shadows.history().await?;
    shadow.apply(migration).await?;
    let (made, wanted) = settled((&shadow, shadow.catalog().await?), (models, models.catalog().await?)).await?;
    compare(&made, &wanted, "makes something else than the models say")?;
    if let Some(down) = migration.down() {
        let back = Migration::read(back_id(migration), down.into_owned(), None);
        shadow.apply(&back).await?;
        let returned = shadow.catalog().await?;
        compare(&returned, before, "does not lead back to where it began")?;
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
