//! What is in the database and in no model, object by object.

use std::collections::{BTreeMap, BTreeSet};

use super::About;
use super::enums::can_be_said;
use super::model::Models;
use super::shape::Shape;
use super::world::World;
use super::write::is_documentation;
use crate::catalog::{Key, Kind, Object, Properties};
use crate::schema::roles::{LOGIN, OWNER};
use crate::sql::ddl::names::derived;
use crate::sql::identifier::ident;

/// The schema of the library's own objects.
const LIBRARY: &str = "waygate";

/// Notes every object that the models leave out.
pub(super) fn note(world: &mut World<'_>, models: &Models<'_>) {
    let shapes: Vec<Shape<'_>> = world.shapes.values().cloned().collect();
    for shape in &shapes {
        of_table(world, shape);
    }
    of_enums(world, models);
    of_schema(world, models);
    of_other_schemas(world);
}

/// What belongs to a table that has a model.
fn of_table(world: &mut World<'_>, shape: &Shape<'_>) {
    let table = shape.object.key();
    let is = shape.is;
    let kept = [
        (is.persistence == "u").then(|| "it is not logged, so a crash empties it".to_owned()),
        (!is.options.is_empty()).then(|| format!("its storage parameters {}", is.options.join(", "))),
        is.tablespace.as_ref().map(|name| format!("its tablespace {name}")),
        is.access_method.as_ref().filter(|name| *name != "heap").map(|name| format!("its access method {name}")),
        (is.replica_identity != "d").then(|| "what identifies its rows in replication".to_owned()),
    ];
    for text in kept.into_iter().flatten() {
        world.note(About::Unsaid, table.clone(), text);
    }
    for constraint in shape.constraints.iter().filter(|constraint| matches!(constraint.is.kind.as_str(), "c" | "x")) {
        world.note(About::Unsaid, constraint.key(), constraint.is.definition.clone());
    }
    keys(world, shape);
    security(world, shape);
    let touch = derived(shape.name, [], "touch_updated_at");
    for trigger in shape.triggers.iter().filter(|trigger| trigger.name != touch) {
        world.note(About::Unsaid, trigger.key(), trigger.is.definition.clone());
    }
    comments(world, shape);
}

/// The primary key's name.
fn keys(world: &mut World<'_>, shape: &Shape<'_>) {
    let name = derived(shape.name, [], "pkey");
    for primary in shape.constraints("p").filter(|primary| primary.name != name) {
        world.note(About::Change, primary.key(), format!("the model's key is named {name}"));
    }
}

/// Policies, rights and the owner, where they are not the library's.
fn security(world: &mut World<'_>, shape: &Shape<'_>) {
    let dialect = &world.request.dialect;
    let mut own = vec![("app", dialect.app_role()), ("service", dialect.service_role()), ("owner", OWNER)];
    own.extend(dialect.anon_role().map(|role| ("anon", role)));
    own.push(("login", LOGIN));
    let roles: BTreeSet<&str> = own.iter().map(|(_, role)| *role).collect();
    let is_own = |name: &str| own.iter().any(|(suffix, _)| name == derived(shape.name, [], suffix));
    let others: Vec<(Key, String)> = shape
        .policies
        .iter()
        .filter(|policy| !is_own(policy.name))
        .map(|policy| (policy.key(), "row security of the models is the library's alone".to_owned()))
        .collect();
    let strangers: BTreeSet<String> = shape
        .columns
        .iter()
        .map(|column| column.object)
        .chain([shape.object])
        .flat_map(|object| &object.grants)
        .filter(|grant| !roles.contains(grant.role.as_str()))
        .map(|grant| grant.role.clone())
        .collect();
    let table = shape.object.key();
    let added = added(world, shape);
    for (key, text) in others {
        world.note(About::Change, key, text);
    }
    if !added.is_empty() {
        world.note(About::Change, table.clone(), format!("the model adds {}", added.join("; ")));
    }
    if !strangers.is_empty() {
        let list = strangers.into_iter().collect::<Vec<_>>().join(", ");
        world.note(About::Unsaid, table, format!("the rights of {list}"));
    }
}

/// What the model gives a table beside its columns, as far as it is not there.
fn added(world: &World<'_>, shape: &Shape<'_>) -> Vec<String> {
    let has_policies =
        ["app", "service", "owner"].iter().all(|name| shape.policy(&derived(shape.name, [], name)).is_some());
    let is_secured = has_policies && shape.is.row_security && shape.is.forced;
    let tenant = world.scope(shape.name).tenant_column();
    let is_stamped = |column: &str| {
        let default = shape.column(column).and_then(|column| column.is.default.as_deref());
        default.is_some_and(|default| default.contains("current_setting("))
    };
    let has_key = |column: &str| {
        let name = derived(shape.name, [column, shape.key], "key");
        shape.constraints("u").any(|constraint| constraint.name == name)
    };
    let security =
        (!is_secured).then(|| "row security, a policy for each role, and rights column by column".to_owned());
    let stamp = tenant
        .filter(|column| !is_stamped(column))
        .map(|column| format!("the session's tenant as the default of {column}"));
    let key = tenant.filter(|column| !has_key(column)).map(|column| {
        format!("UNIQUE ({}, {}), which the keys of its children refer to", ident(column), ident(shape.key))
    });
    let owner = shape.object.owner.as_ref().filter(|owner| *owner != OWNER);
    let owner = owner.map(|owner| format!("the owner {OWNER}, where it is {owner}'s"));
    [security, stamp, key, owner].into_iter().flatten().collect()
}

/// Comments that no struct or field carries.
fn comments(world: &mut World<'_>, shape: &Shape<'_>) {
    let is_lost = |object: &Object| {
        let text = object.comment.as_deref();
        let is_carried = matches!(object.kind(), Kind::Table | Kind::Column);
        text.is_some_and(|text| !is_carried || !is_documentation(text))
    };
    let constraints = shape.constraints.iter().map(|part| part.object);
    let others = shape.policies.iter().map(|part| part.object).chain(shape.triggers.iter().map(|part| part.object));
    let columns = shape.columns.iter().map(|part| part.object);
    let indexes = shape.indexes.iter().map(|part| part.object);
    let all = [shape.object].into_iter().chain(columns).chain(constraints).chain(indexes).chain(others);
    let lost: Vec<Key> = all.filter(|object| is_lost(object)).map(Object::key).collect();
    for key in lost {
        world.note(About::Unsaid, key, "its comment");
    }
}

/// The owners of the models' enums, and their comments.
fn of_enums(world: &mut World<'_>, models: &Models<'_>) {
    for pg_enum in models.models.iter().flat_map(|model| &model.enums) {
        let key = pg_enum.object.key();
        if let Some(owner) = pg_enum.object.owner.as_ref().filter(|owner| *owner != OWNER) {
            let text = format!("the model gives it the owner {OWNER}, where it is {owner}'s");
            world.note(About::Change, key.clone(), text);
        }
        if pg_enum.object.comment.as_deref().is_some_and(|comment| !is_documentation(comment)) {
            world.note(About::Unsaid, key, "its comment");
        }
    }
}

/// Objects of the schema, and of the database, that are no part of a model's table.
fn of_schema(world: &mut World<'_>, models: &Models<'_>) {
    let declared: BTreeSet<&str> =
        models.models.iter().flat_map(|model| &model.enums).map(|pg_enum| pg_enum.name).collect();
    let catalog = world.catalog;
    let schema = world.request.schema.as_str();
    let is_whole = world.request.tables.is_empty();
    for (key, object) in catalog.objects().filter(|(key, _)| key.schema().is_none_or(|name| name == schema)) {
        let text = match &object.is {
            Properties::View(view) if view.materialized => "a materialized view",
            Properties::View(_) => "a view",
            Properties::Function(_) => "a function of your own",
            Properties::Sequence(sequence) => match &sequence.owned_by {
                Some(owned_by) => &format!("the numbers of {}", owned_by.column.join(".")),
                None => "a sequence of its own",
            },
            Properties::Enum(is) if !can_be_said(&is.labels) => "a label of it is blank, which no model can say",
            Properties::Enum(_) if !declared.contains(key.name()) => "no model has a column of it",
            Properties::Domain(domain) => &format!("a domain over {}", domain.base),
            Properties::Composite(_) => "a composite type",
            Properties::Range(_) => "a range type",
            Properties::Collation(_) => "a collation",
            Properties::Statistics(_) => "statistics over several columns",
            Properties::DefaultPrivileges(_) => "rights that new objects start with",
            Properties::Publication(_) => "a publication",
            Properties::Extension(_) if key.name() != "plpgsql" => "an extension",
            Properties::Rule(_) => "a rewrite rule",
            _ => continue,
        };
        if is_whole {
            world.note(About::Unsaid, key.clone(), text);
        }
    }
}

/// The other schemas, each by the number of its tables.
fn of_other_schemas(world: &mut World<'_>) {
    let schema = world.request.schema.as_str();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (key, _) in world.catalog.objects() {
        match key.schema() {
            Some(name) if name != schema && name != LIBRARY && key.kind == Kind::Table => {
                *counts.entry(name).or_default() += 1;
            }
            _ => {}
        }
    }
    for (name, count) in counts {
        let tables = if count == 1 { "1 table".to_owned() } else { format!("{count} tables") };
        let text = format!("{tables} in it; `db pull --schema` reads one schema at a time");
        world.note(About::Unsaid, Key::new(Kind::Schema, [name]), text);
    }
}
