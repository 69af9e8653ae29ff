//! What of a database is the models' to say.
//!
//! The models manage their tables whole, but for what no model can express; the library manages its schema. A table that
//! carries the owner's policy was a model's once. All else (views, functions, extensions, other schemas, indexes over
//! expressions) belongs to whoever made it: it is told, and neither compared nor dropped.

use std::collections::BTreeSet;

use crate::catalog::{Action, Aspect, Catalog, Grant, Index, Key, Kind, Object, Properties, Verb};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::schema::roles::{LOGIN, OWNER};
use crate::schema::{Dialect, Schema};
use crate::sql::derived;

/// The schema of the models' tables.
const PUBLIC: &str = "public";
/// The schema of the library's own objects.
const LIBRARY: &str = "waygate";
/// The function by which `setup` closes new tables at once; no migration makes it.
const GUARD: &str = "enable_row_security";

/// Two catalogs without what the models do not manage.
#[derive(Debug, Clone, PartialEq)]
pub struct Managed {
    /// What was found in a database or made by a history.
    pub found: Catalog,
    /// What the models say.
    pub models: Catalog,
    /// What was taken out of the first, and stays as it is.
    pub unmanaged: Vec<Key>,
}

/// Takes out of both what the models do not manage.
#[must_use]
pub fn managed(schema: &Schema, dialect: &Dialect, found: &Catalog, models: &Catalog) -> Managed {
    let view = View::new(schema, found, models);
    let unmanaged =
        found.objects().map(|(key, _)| key).filter(|key| !view.is_managed(key) && view.is_told(key)).cloned();
    let unmanaged = unmanaged.collect();
    let keep = |catalog: &Catalog| {
        let objects = catalog.objects().filter(|(key, _)| view.is_managed(key));
        let objects =
            objects.map(|(key, object)| if key.kind == Kind::Schema { place(object, dialect) } else { object.clone() });
        Catalog::new(catalog.server, catalog.role.clone(), objects.chain(defaults(found)))
    };
    Managed { found: keep(found), models: keep(models), unmanaged }
}

/// The rights that new objects start with. Both sides are told those that are: a plan counts on them, and none changes
/// them.
fn defaults(found: &Catalog) -> impl Iterator<Item = Object> {
    found.objects().filter(|(key, _)| key.kind == Kind::DefaultPrivileges).map(|(_, object)| object.clone())
}

/// A catalog without what `setup` decides for each database: whose its schemas are, and the rights that new objects start
/// with.
pub(super) fn placed(catalog: &Catalog, dialect: &Dialect) -> Catalog {
    let objects = catalog.objects().filter(|(key, _)| !is_of_setup(key));
    let objects =
        objects.map(|(key, object)| if key.kind == Kind::Schema { place(object, dialect) } else { object.clone() });
    Catalog::new(catalog.server, catalog.role.clone(), objects)
}

/// Refuses a plan that something unmanaged stands in the way of.
///
/// # Errors
///
/// [`is_plan`](Error::is_plan), naming what stands in the way of what.
pub fn refuse_obstacles(found: &Catalog, unmanaged: &[Key], actions: &[Action]) -> Result<()> {
    let gone: BTreeSet<&Key> =
        actions.iter().filter(|action| is_felt(&action.verb)).map(|action| &action.key).collect();
    for key in unmanaged {
        let Some(object) = found.object(key) else { continue };
        let own = |need: &&Key| need.table() == key.table() && key.kind == Kind::Index;
        if let Some(need) = object.needs.iter().find(|need| gone.contains(need) && !own(need)) {
            return Err(Error::new(
                ErrorKind::Plan,
                format!("{need} cannot change: {key}, which no model manages, needs it"),
            )
            .help(format!("drop {key} in a migration of its own before, and make it anew after")));
        }
    }
    Ok(())
}

/// Whether what needs an object cannot stay as it is.
fn is_felt(verb: &Verb) -> bool {
    matches!(verb, Verb::Drop | Verb::Alter(Aspect::Type | Aspect::RemoveLabels(_)))
}

/// Whether `setup` made it, where it may, and no migration.
pub(crate) fn is_of_setup(key: &Key) -> bool {
    let is_guard = key.kind == Kind::Function && key.schema() == Some(LIBRARY) && key.name() == GUARD;
    is_guard || key.kind == Kind::DefaultPrivileges
}

/// What decides whose an object is.
struct View<'a> {
    found: &'a Catalog,
    models: &'a Catalog,
    /// The models' tables, and those that were models' once.
    tables: BTreeSet<Key>,
}

impl<'a> View<'a> {
    fn new(schema: &Schema, found: &'a Catalog, models: &'a Catalog) -> Self {
        let named = schema.tables().map(|table| Key::new(Kind::Table, [PUBLIC, table.name]));
        let earlier =
            found.objects().map(|(key, _)| key).filter(|key| key.kind == Kind::Table && was_model(found, key)).cloned();
        Self { found, models, tables: named.chain(earlier).collect() }
    }

    fn is_managed(&self, key: &Key) -> bool {
        match (key.kind, key.schema()) {
            _ if is_of_setup(key) => false,
            (Kind::Extension | Kind::Publication | Kind::Statistics, _) => false,
            (Kind::Schema, Some(schema)) => schema == PUBLIC || schema == LIBRARY,
            (_, Some(LIBRARY)) => true,
            (_, Some(PUBLIC)) => self.models.contains(key) || self.is_model_made(key),
            _ => false,
        }
    }

    /// Whether an object of `public` that the models lack is one that they could have made.
    fn is_model_made(&self, key: &Key) -> bool {
        let Some(object) = self.found.object(key) else { return false };
        let in_model = || key.table().is_some_and(|table| self.tables.contains(&table));
        match &object.is {
            Properties::Table(_) => self.tables.contains(key),
            Properties::Column(_) | Properties::Policy(_) => in_model(),
            Properties::Constraint(it) => in_model() && matches!(it.kind.as_str(), "p" | "u" | "f"),
            Properties::Index(it) => in_model() && is_expressible(it),
            Properties::Trigger(_) => in_model() && is_touch(key),
            Properties::Enum(_) => self.is_models_enum(key, object),
            _ => false,
        }
    }

    /// Whether an enum is used by models alone, or by nothing any more.
    fn is_models_enum(&self, key: &Key, object: &Object) -> bool {
        let mut users = self.found.objects().filter(|(_, user)| user.needs.contains(key)).map(|(user, _)| user);
        object.owner.as_deref() == Some(OWNER)
            && users.all(|user| user.table().is_some_and(|table| self.tables.contains(&table)))
    }

    /// Whether an object that is not managed is worth a word: not the parts of what is told, and not what `setup` makes.
    fn is_told(&self, key: &Key) -> bool {
        let is_part = key.table().is_some_and(|table| table != *key && !self.tables.contains(&table))
            || key.relation().is_some_and(|path| self.found.contains(&Key::new(Kind::View, path)));
        let is_own_column = key.kind == Kind::Sequence
            && matches!(self.found.object(key).map(|object| &object.is), Some(Properties::Sequence(it)) if it.owned_by.is_some());
        // What a database begins with, as the language of its functions, is in both.
        !is_part && !is_own_column && !is_of_setup(key) && !self.models.contains(key)
    }
}

/// Whether a table carries the policy that every model's has.
fn was_model(found: &Catalog, table: &Key) -> bool {
    let name = derived(table.name(), [], "owner");
    let path = table.path.iter().cloned().chain([name]);
    table.schema() == Some(PUBLIC)
        && found.object(&Key::new(Kind::Policy, path)).is_some_and(
            |object| matches!(&object.is, Properties::Policy(policy) if policy.roles == [OWNER.to_owned()]),
        )
}

/// Whether a model can declare such an index.
fn is_expressible(it: &Index) -> bool {
    let is_plain = |key: &crate::catalog::IndexKey| {
        key.column.is_some() && key.operator_class.is_none() && key.nulls_first == key.descending
    };
    matches!(it.method.as_str(), "btree" | "gin")
        && it.keys.iter().all(is_plain)
        && it.include.is_empty()
        && it.options.is_empty()
        && it.tablespace.is_none()
        && it.parent.is_none()
        && !it.nulls_not_distinct
}

fn is_touch(key: &Key) -> bool {
    key.table().is_some_and(|table| key.name() == derived(table.name(), [], "touch_updated_at"))
}

/// A schema as far as the models speak of it: the rights of the roles that they name. Whose it is, `setup` decides.
fn place(object: &Object, dialect: &Dialect) -> Object {
    let roles = [Some(dialect.app_role()), Some(dialect.service_role()), dialect.anon_role(), Some(LOGIN)];
    let is_ours = |grant: &&Grant| roles.iter().flatten().any(|role| *role == grant.role);
    let grants = object.grants.iter().filter(is_ours).cloned().collect();
    Object { owner: None, comment: None, grants, ..object.clone() }
}
