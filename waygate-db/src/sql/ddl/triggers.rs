//! The trigger that writes `updated_at`.

use super::super::identifier::ident;
use super::{Target, names};
use crate::schema::Table;

/// The trigger, for a table that has the column: nobody else is granted to write it. Where there are no triggers, the
/// statement itself writes it.
pub(super) fn create(table: &Table, target: Target<'_>) -> Vec<String> {
    (table.has_updated_at() && target.has_triggers()).then(|| create_one(table, target)).into_iter().collect()
}

/// `CREATE TRIGGER`.
fn create_one(table: &Table, target: Target<'_>) -> String {
    let name = names::derived(table.name, [], "touch_updated_at");
    format!(
        "CREATE TRIGGER {} BEFORE UPDATE ON {}\n    FOR EACH ROW EXECUTE FUNCTION waygate.touch_updated_at();",
        ident(&name),
        target.name(table.name),
    )
}
