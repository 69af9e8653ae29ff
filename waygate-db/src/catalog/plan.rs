//! The statements that turn one catalog into another.
//!
//! A plan has five parts: what stands in the way is dropped (`rebuild` says what that is), names are changed
//! (`renames`), objects are made and changed in the order in which they need each other (`work`), sequences are given to
//! their columns, and what is left over is dropped. Rights, comments and owners go with their objects (`rights`).

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
    let renames = renames::find(from, to);
    let renamed = renames::apply(from, to, &renames);
    let plan = Plan::new(&renamed, to)?;
    let mut actions = plan.prelude();
    let (early, late) = plan.drops();
    actions.extend(early);
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

impl<'a> Plan<'a> {
    fn new(from: &'a Catalog, to: &'a Catalog) -> Result<Self> {
        Ok(Self { from, to, rebuild: Rebuild::find(from, to)? })
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

    /// The drops before and after the work.
    fn drops(&self) -> (Vec<Action>, Vec<Action>) {
        let (early, late): (Vec<&Object>, Vec<&Object>) = self
            .from
            .objects()
            .filter(|(key, _)| !self.to.contains(key) || self.rebuild.objects.contains(*key))
            .map(|(_, object)| object)
            .filter(|object| !self.goes_by_itself(object))
            .partition(|object| self.is_early(object));
        let defaults = self.rebuild.defaults.iter().map(|column| render::set_default(column, None));
        let early = order::last_first(self.from, &early).into_iter().map(render::drop);
        let late = order::last_first(self.from, &late).into_iter().map(render::drop);
        let old_enums = self.rebuild.enums.iter().map(|key| work::drop_old_enum(key));
        (defaults.chain(early).collect(), old_enums.chain(late).filter(|action| !action.sql.is_empty()).collect())
    }

    /// Whether an object is dropped with another: a part with its table, a column's sequence with the column, a partition's
    /// index with that of the whole.
    fn goes_by_itself(&self, object: &Object) -> bool {
        let key = object.key();
        let is_gone =
            |key: &Key| self.from.contains(key) && (!self.to.contains(key) || self.rebuild.objects.contains(key));
        let goes_with_table = || key.table().is_some_and(|table| key.kind != Kind::Table && is_gone(&table));
        match &object.is {
            Properties::Sequence(it) => it.owned_by.as_ref().is_some_and(|owner| {
                let column = Key::new(Kind::Column, &owner.column);
                owner.identity || is_gone(&column) || column.table().is_some_and(|table| is_gone(&table))
            }),
            Properties::Column(it) if it.inherited && !it.local => true,
            Properties::Constraint(it) if it.parent.is_some() || !it.local => true,
            Properties::Index(it) if it.parent.is_some() => true,
            // Two tables that refer to each other can be dropped in no order.
            Properties::Constraint(it) if it.kind == "f" => {
                goes_with_table()
                    && !it
                        .references
                        .as_ref()
                        .is_some_and(|reference| is_gone(&Key::new(Kind::Table, &reference.table)))
            }
            Properties::DefaultPrivileges(_) => true,
            _ => goes_with_table() || self.goes_with_view(&key),
        }
    }

    fn goes_with_view(&self, key: &Key) -> bool {
        let view = key.relation().map(|path| Key::new(Kind::View, path));
        view.is_some_and(|view| {
            self.from.contains(&view) && (!self.to.contains(&view) || self.rebuild.objects.contains(&view))
        })
    }

    /// Whether an object is dropped before the work: it may stand in its way, and holds no rows.
    fn is_early(&self, object: &Object) -> bool {
        let key = object.key();
        if self.rebuild.objects.contains(&key) {
            return true;
        }
        let is_derived = matches!(
            key.kind,
            Kind::View
                | Kind::Trigger
                | Kind::Rule
                | Kind::Policy
                | Kind::Index
                | Kind::Constraint
                | Kind::Statistics
                | Kind::Publication
        );
        let is_needed = || {
            self.from.objects().any(|(other, object)| {
                self.to.contains(other) && !self.rebuild.objects.contains(other) && object.needs.contains(&key)
            })
        };
        let is_replaced = || {
            let takes_name = |other: &Key| !self.from.contains(other) && other.path == key.path;
            self.to.objects().any(|(other, _)| takes_name(other))
        };
        (is_derived && !is_needed()) || is_replaced()
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
