//! A plan tried in a throw-away database: what it writes anew, and what it need not say.

use std::collections::BTreeSet;

use crate::catalog::{Action, Aspect, Catalog, Key, Kind, Verb};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::schema::Schema;
use crate::session::{Maintenance, Refusal};
use crate::sql::identifier::{ident, literal};

/// Runs the plan, and returns it as it ran with the places of the actions that gave an old table a new file. Where the server turns values into
/// a new type by itself, the plan does not say how.
///
/// # Errors
///
/// [`is_migration_failed`](Error::is_migration_failed) when the server refuses a planned statement.
pub(super) async fn tried(
    session: &Maintenance,
    from: &Catalog,
    planned: &[Action],
    schema: &Schema,
) -> Result<(Vec<Action>, BTreeSet<usize>)> {
    let (mut actions, mut found) = (planned.to_vec(), BTreeSet::new());
    // Each statement is a transaction here, for which a plan's own setting would not outlive itself.
    session.run("SET check_function_bodies = off").await?;
    for (place, action) in actions.iter_mut().enumerate() {
        let table = watched(action).filter(|table| from.contains(table));
        let before = file(session, table.as_ref()).await?;
        if action.verb == Verb::Alter(Aspect::Type) {
            retype(session, action, schema).await?;
        } else {
            session.run(&action.sql).await.map_err(|refusal| refused(action, refusal))?;
        }
        if before.is_some() && file(session, table.as_ref()).await? != before {
            found.insert(place);
        }
    }
    session.run("RESET check_function_bodies").await?;
    Ok((actions, found))
}

/// Runs a change of a column's type: as the model says, else as the server does by itself, else as planned. By itself it
/// refuses a text that is too long, which a cast would cut.
async fn retype(session: &Maintenance, action: &mut Action, schema: &Schema) -> Result<()> {
    let plain = action.sql.split(" USING ").next().unwrap_or_default().to_owned();
    if let Some(using) = conversion(&action.key, schema) {
        action.sql = format!("{plain} USING {using}");
    } else if session.run(&plain).await.is_ok() {
        action.sql = plain;
        return Ok(());
    }
    session.run(&action.sql).await.map_err(|refusal| refused(action, refusal))
}

/// What the column's model says turns its values into the new type.
fn conversion(key: &Key, schema: &Schema) -> Option<&'static str> {
    let [_, table, name] = key.path.as_slice() else { return None };
    schema.table(table)?.column(name).and_then(|column| column.using)
}

fn refused(action: &Action, refusal: Refusal) -> Error {
    let message = format!("the server refuses a planned statement: {}: {}", action.sql, refusal.error.message());
    let error = Error::new(ErrorKind::MigrationFailed, message);
    let advice = match action.verb {
        Verb::Alter(Aspect::Type) => "say how values become the new type: #[model(using = \"…\")]",
        _ => "write this migration by hand",
    };
    error.help(advice).reported(refusal.into_report())
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
