//! The way back from a migration, where nothing is lost on it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::draft::{Draft, Outline, losses, reversed};
use crate::catalog::{Catalog, plan};
use crate::error::Result;

/// The file that leads from one catalog back to the other and undoes the renames; `None` where it would lose data.
///
/// # Errors
///
/// As [`plan`].
pub(super) fn back(forth: &Outline<'_>) -> Result<Option<Draft>> {
    let (from, to): (&Catalog, &Catalog) = (forth.to, forth.from);
    let actions = plan(from, to)?;
    let title = format!("The way back: {}", forth.title);
    let outline = Outline {
        title: &title,
        from,
        to,
        renames: &[],
        returns: &reversed(forth.renames),
        actions: &actions,
        rewriting: &BTreeSet::new(),
        fillings: &BTreeMap::new(),
        plain: forth.plain,
    };
    Ok(losses(&outline).is_empty().then(|| Draft::of(outline)))
}
