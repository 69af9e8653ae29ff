//! What the ledger is told, and whose the tables are.

use std::time::Duration;

use postgres_types::Type;

use super::super::file::Migration;
use super::super::{ledger, snapshot};
use crate::error::Result;
use crate::schema::roles::OWNER;
use crate::session::Maintenance;

/// Records migrations as applied, in one transaction, with the schema as it is now.
pub(super) async fn record(conn: &Maintenance, migrations: &[&Migration]) -> Result<()> {
    let Some(last) = migrations.last() else { return Ok(()) };
    conn.renew().await?;
    conn.run("BEGIN").await?;
    ledger::ensure(conn).await?;
    for migration in migrations {
        ledger::record(conn, migration, Duration::ZERO, "adopt").await?;
    }
    snapshot::take(conn, last.id()).await?;
    conn.run("COMMIT").await?;
    Ok(())
}

/// Words about tables that later migrations may not change, because they are another role's.
pub(super) async fn strangers(conn: &Maintenance) -> Result<Option<String>> {
    let sql = "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ', '), count(*)
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
          AND pg_get_userbyid(relowner) <> $1";
    let rows = conn.rows(sql, &[(&OWNER, Type::TEXT)]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (owners, count): (Option<String>, i64) = (row.read(0)?, row.read(1)?);
    Ok(owners.map(|owners| {
        format!(
            "{count} tables belong to {owners}, and migrations run as {OWNER}: as an administrator, \
             REASSIGN OWNED BY {owners} TO {OWNER}, or ALTER TABLE … OWNER TO {OWNER} one by one"
        )
    }))
}

/// Takes away what was written just now.
fn remove(folders: &[PathBuf]) {
    for folder in folders {
        fs::remove_dir_all(folder).unwrap_or_default();
    }
}
