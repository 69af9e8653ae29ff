//! What several migrations make together, as the SQL of one.

use super::file::Migration;
use super::shadow::{Shadow, Shadows, settled};
use crate::catalog::{Action, differences, plan};
use crate::error::{Error, Kind, Result};

/// What migrations make, as one script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The statements, proven to make the same schema.
    pub sql: String,
    /// The tables that the migrations fill with rows; the script fills none.
    pub filled: Vec<String>,
}

/// Tables beside the runner's own, as SQL that says which of them hold rows.
const TABLES: &str = "SELECT format('%I.%I', nspname, relname)
    FROM pg_class class JOIN pg_namespace home ON home.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT (nspname = 'waygate' AND relname IN ('migrations', 'migration_steps', 'schema_snapshot'))
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = class.oid AND deptype = 'e')
    ORDER BY 1";

const BY_HAND: &str =
    "write the new migration by hand, with a line `-- waygate:replaces <id> sha256:<checksum>` for each old one";

/// Renders what these migrations make together.
///
/// # Errors
///
/// As [`Shadows::history`]; [`is_plan`](Error::is_plan) when no script makes the same.
pub async fn render(shadows: &Shadows, migrations: &[Migration]) -> Result<Rendered> {
    let (history, empty) = (shadows.history(migrations).await?, shadows.empty().await?);
    let mut wanted = history.catalog().await?;
    let mut made = empty.catalog().await?;
    let mut sql = String::new();
    // A second round takes back what an event trigger of the database did to new tables.
    for _ in 0..2 {
        let more = script(&plan(&made, &wanted)?);
        empty.run(&more).await.map_err(|error| {
            Error::new(Kind::Plan, "the server refuses the SQL that the migrations come to")
                .help(BY_HAND)
                .caused_by(error)
        })?;
        sql.push_str(&more);
        (made, wanted) = settled((empty.session(), empty.catalog().await?), (history.session(), wanted)).await?;
        if differences(&made, &wanted).is_empty() {
            break;
        }
    }
    let differing: Vec<String> = differences(&made, &wanted).iter().map(|one| one.key.to_string()).collect();
    let filled = filled(&history).await?;
    history.drop().await?;
    empty.drop().await?;
    if differing.is_empty() {
        return Ok(Rendered { sql, filled });
    }
    let message = format!("no script makes what the migrations make; it would differ in {}", differing.join(", "));
    Err(Error::new(Kind::Plan, message).help(BY_HAND))
}

/// The statements, those on different objects apart.
fn script(actions: &[Action]) -> String {
    let mut text = String::new();
    let mut last = None;
    for action in actions {
        let about = action.key.table().unwrap_or_else(|| action.key.clone());
        if last.as_ref().is_some_and(|last| *last != about) {
            text.push('\n');
        }
        text.push_str(&action.sql);
        text.push_str(";\n");
        last = Some(about);
    }
    text
}

async fn filled(history: &Shadow) -> Result<Vec<String>> {
    let mut filled = Vec::new();
    for row in history.session().rows(TABLES, &[]).await? {
        let table: String = row.read(0)?;
        let found = history.session().rows(&format!("SELECT EXISTS (SELECT FROM {table})"), &[]).await?;
        if found.first().map_or(Ok(false), |row| row.read(0))? {
            filled.push(table);
        }
    }
    Ok(filled)
}
