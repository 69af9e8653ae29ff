//! Which statements of a plan write a whole table anew: seen, not guessed.

use std::collections::BTreeSet;

use crate::catalog::{Action, Aspect, Catalog, Key, Kind, Verb};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::session::Maintenance;
use crate::sql::identifier::{ident, literal};

/// Runs the plan in a throw-away database, and says which actions gave an old table a new file: their places.
///
/// # Errors
///
/// The server's refusal of a planned statement.
pub(super) async fn rewriting(session: &Maintenance, from: &Catalog, actions: &[Action]) -> Result<BTreeSet<usize>> {
    let mut found = BTreeSet::new();
    for (place, action) in actions.iter().enumerate() {
        let table = watched(action).filter(|table| from.contains(table));
        let before = file(session, table.as_ref()).await?;
        session.run(&action.sql).await.map_err(|refusal| {
            Error::new(ErrorKind::MigrationFailed, format!("the server refuses a planned statement: {}", action.sql))
                .reported(refusal.into_report())
        })?;
        if before.is_some() && file(session, table.as_ref()).await? != before {
            found.insert(place);
        }
    }
    Ok(found)
}

/// The table that an action may write anew.
fn watched(action: &Action) -> Option<Key> {
    let may = matches!(action.verb, Verb::Create | Verb::Alter(Aspect::Type | Aspect::Other));
    (may && action.key.kind == Kind::Column).then(|| action.key.table()).flatten()
}

/// The number of the file that holds a table.
async fn file(session: &Maintenance, table: Option<&Key>) -> Result<Option<String>> {
    let Some(table) = table else { return Ok(None) };
    let name: Vec<String> = table.path.iter().map(|name| ident(name).to_string()).collect();
    let sql = format!("SELECT pg_relation_filenode(to_regclass({}))", literal(&name.join(".")));
    let rows = session.ask(&sql).await?;
    Ok(rows.into_iter().flatten().next().flatten())
}
