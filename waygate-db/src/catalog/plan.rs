//! The statements that turn one catalog into another.
//!
//! A plan has five parts: what stands in the way is dropped (`drops`, and `rebuild` says what is made anew), names are
//! changed (`renames`), objects are made and changed in the order in which they need each other (`work`), sequences are
//! given to their columns, and what is left over is dropped. Rights, comments and owners go with their objects (`rights`).
//! `heritage` and `logging` are about tables that cannot be changed each for itself.

mod drops;
mod heritage;
mod logging;
mod names;
mod order;
mod rebuild;
mod renames;
mod rights;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Aspect, Catalog, Key, Kind, Object, Properties, Verb, render};
use crate::error::Result;

use rebuild::Rebuild;

/// The statements that turn `from` into `to`, in the order in which they can run, in their plain form.
///
/// Both are catalogs of one server. What `to` lacks is dropped: take out before what is none of your business. Comments of
/// columns and the like follow their objects; the order of a table's columns stays as it is.
///
/// # Errors
///
/// [`is_plan`](crate::Error::is_plan) for what no statement does, as splitting a table into partitions; the text names
/// the object.
pub fn plan(from: &Catalog, to: &Catalog) -> Result<Vec<Action>> {
    let mut renames = renames::find(from, to);
    let mut named = renames::apply(from, to, &renames);
    // What has to be made anew is made under its new name.
    while let Some(rebuilt) = Rebuild::find(&named, to)?.first_of(&renames) {
        renames.remove(&rebuilt);
        named = renames::apply(from, to, &renames);
    }
    let plan = Plan { from: &named, to, rebuild: Rebuild::find(&named, to)? };
    let mut actions = plan.prelude();
    let (early, late) = drops::actions(&plan);
    actions.extend(early);
    actions.extend(logging::actions(&plan));
    // Under the names before: nothing has been renamed yet.
    actions.extend(renames.iter().filter_map(|(old, new)| Some(render::rename(from.object(old)?, new.name()))));
    actions.extend(work::actions(&plan)?);
    actions.extend(plan.ownership());
    actions.extend(late);
    Ok(actions)
}

/// Two catalogs and what is to be done.
struct Plan<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    rebuild: Rebuild,
}

impl Plan<'_> {
    /// Whether the object is dropped: for good, or to be made anew.
    fn is_gone(&self, key: &Key) -> bool {
        self.from.contains(key) && (!self.to.contains(key) || self.rebuild.objects.contains(key))
    }

    /// Whether the object is made: because it is new, or anew.
    fn is_made(&self, key: &Key) -> bool {
        self.to.contains(key) && (!self.from.contains(key) || self.rebuild.objects.contains(key))
    }

    /// Whether the object has nothing yet of what it is given beside its own statement: rights, an owner, a comment.
    fn is_bare(&self, key: &Key) -> bool {
        self.is_made(key) || self.rebuild.enums.contains(key)
    }

    /// Whether the object's table is made in this plan, so that a part needs no statement for what the table brings.
    fn is_in_new_table(&self, key: &Key) -> bool {
        key.table().is_some_and(|table| self.is_made(&table))
    }

    /// Functions may name tables that come after them.
    fn prelude(&self) -> Vec<Action> {
        let function = self.to.objects().map(|(key, _)| key).find(|key| {
            key.kind == Kind::Function && (self.is_made(key) || self.from.object(key) != self.to.object(key))
        });
        let sql = "SET LOCAL check_function_bodies = off".to_owned();
        function.map(|key| Action { verb: Verb::Alter(Aspect::Other), key: key.clone(), sql }).into_iter().collect()
    }

    /// The sequences that belong to other columns than before.
    fn ownership(&self) -> Vec<Action> {
        let owner = |object: Option<&Object>| match object.map(|object| &object.is) {
            Some(Properties::Sequence(it)) => it.owned_by.clone(),
            _ => None,
        };
        let mut actions = Vec::new();
        for (key, object) in self.to.objects() {
            let Properties::Sequence(it) = &object.is else { continue };
            let before = owner(self.from.object(key).filter(|_| !self.rebuild.objects.contains(key)));
            if before != it.owned_by {
                actions.extend(render::owned_by(key, it));
            }
        }
        actions
    }
}

/// The keys of a catalog that each object is needed by.
fn dependents(catalog: &Catalog) -> BTreeMap<&Key, BTreeSet<&Key>> {
    let mut found: BTreeMap<&Key, BTreeSet<&Key>> = BTreeMap::new();
    for (key, object) in catalog.objects() {
        for need in &object.needs {
            found.entry(need).or_default().insert(key);
        }
    }
    found
}
