//! The way back from a migration, where nothing is lost on it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::draft::{Draft, Outline, losses, reversed};
use crate::catalog::{Catalog, plan};
use crate::error::Result;
use crate::schema::Schema;
use crate::session::Maintenance;

use super::observed::tried;

/// The file that leads from one catalog back to the other and undoes the renames; `None` where it would lose data.
///
/// # Errors
///
/// As [`plan`], and when the server refuses a statement of it.
pub(super) async fn back(forth: &Outline<'_>, session: &Maintenance, schema: &Schema) -> Result<Option<Draft>> {
    let (from, to): (&Catalog, &Catalog) = (forth.to, forth.from);
    let planned = plan(from, to)?;
    let title = format!("The way back: {}", forth.title);
    let (nothing, none) = (BTreeMap::new(), BTreeSet::new());
    let returns = reversed(forth.renames);
    let outline = Outline {
        title: &title,
        from,
        to,
        renames: &[],
        returns: &returns,
        actions: &planned,
        rewriting: &none,
        fillings: &nothing,
        headings: forth.headings,
        plain: forth.plain,
    };
    if !losses(&outline).is_empty() {
        return Ok(None);
    }
    let (actions, rewriting) = tried(session, from, &planned, schema).await?;
    Ok(Some(Draft::of(Outline { actions: &actions, rewriting: &rewriting, ..outline })))
}
