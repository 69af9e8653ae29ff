//! Models as data: what the files say, before it is text.

use std::collections::{BTreeMap, BTreeSet};

use super::enums::PgEnum;
use super::fields::{Field, Fields};
use super::naming;
use super::scope::Scope;
use super::shape::Shape;
use super::words::words;
use super::world::World;
use super::write::Word;

/// The models of a database, parents before their children.
#[derive(Debug)]
pub(super) struct Models<'a> {
    pub(super) schema: String,
    pub(super) models: Vec<Model<'a>>,
}

/// One model and the enums that are declared beside it.
#[derive(Debug)]
pub(super) struct Model<'a> {
    pub(super) table: String,
    pub(super) rust: String,
    /// The module that it stands in, where each has its own.
    pub(super) module: String,
    pub(super) comment: Option<String>,
    pub(super) scope: Scope,
    /// The words on the struct.
    pub(super) words: Vec<Word>,
    pub(super) fields: Vec<Field>,
    pub(super) enums: Vec<PgEnum<'a>>,
}

impl<'a> Models<'a> {
    pub(super) fn of(world: &mut World<'a>) -> Self {
        let shapes: Vec<Shape<'a>> = world.shapes.values().cloned().collect();
        let mut all: BTreeMap<&'a str, Fields<'a>> = BTreeMap::new();
        for shape in &shapes {
            let fields = Fields::of(world, shape);
            all.insert(shape.name, fields);
        }
        let (mut modules, mut declared) = (BTreeSet::new(), BTreeSet::new());
        let mut models = Vec::new();
        for table in in_order(&all) {
            let (Some(shape), Some(fields)) = (world.shapes.get(table), all.get(table)) else { continue };
            let rust = world.rust(table).to_owned();
            let module = naming::module(&rust, &modules);
            modules.insert(module.clone());
            models.push(Model {
                table: table.to_owned(),
                words: struct_words(world, shape, fields, &all),
                enums: enums(world, fields, &mut declared),
                rust,
                module,
                comment: shape.object.comment.clone(),
                scope: world.scope(table).clone(),
                fields: fields.fields.clone(),
            });
        }
        Self { schema: world.request.schema.clone(), models }
    }
}

/// The tables, parents before their children; a circle is entered where its first name is.
fn in_order<'a>(all: &BTreeMap<&'a str, Fields<'a>>) -> Vec<&'a str> {
    let mut order: Vec<&'a str> = Vec::new();
    while order.len() < all.len() {
        let is_open = |table: &&&'a str| !order.contains(*table);
        let is_ready = |table: &&'a str| {
            let parents = all.get(*table).into_iter().flat_map(|fields| fields.references.values());
            parents.into_iter().all(|belongs_to| belongs_to.parent == *table || order.contains(&belongs_to.parent))
        };
        let next = all.keys().filter(is_open).find(|table| is_ready(table)).or_else(|| all.keys().find(is_open));
        let Some(next) = next.copied() else { break };
        order.push(next);
    }
    order
}

/// The words above a struct.
fn struct_words<'a>(
    world: &World<'a>,
    shape: &Shape<'a>,
    fields: &Fields<'a>,
    all: &BTreeMap<&'a str, Fields<'a>>,
) -> Vec<Word> {
    let mut words = vec![Word::plain(format!("table = {:?}", shape.name))];
    match world.scope(shape.name) {
        Scope::Shared => words.push(Word::plain("shared")),
        Scope::Through { column, owner } => {
            let through = Word::plain(format!("through = {}", fields.names.field(column)));
            let owner = owner.as_ref().map(|owner| Word::plain(format!("owner = {}", fields.names.field(owner))));
            words.push(Word::list("tenant", [through].into_iter().chain(owner)));
        }
        Scope::Key | Scope::Column(_) => {}
    }
    words.extend(fields.roles.append_only.then(|| Word::plain("append_only")));
    words.extend(fields.indexes.iter().cloned());
    let relations = relations(world, shape, fields, all);
    if !relations.is_empty() {
        words.push(Word::list("has_many", relations));
    }
    words
}

/// The relations to children, each child once.
fn relations<'a>(
    world: &World<'a>,
    shape: &Shape<'a>,
    fields: &Fields<'a>,
    all: &BTreeMap<&'a str, Fields<'a>>,
) -> Vec<Word> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut relations = Vec::new();
    for (child, of_child) in all {
        if !of_child.references.values().any(|belongs_to| belongs_to.parent == shape.name) {
            continue;
        }
        let is_free = |name: &String| !fields.names.is_field(name) && !taken.contains(name);
        let Some(name) = relation_names(shape.name, child).find(is_free) else { continue };
        relations.push(Word::plain(format!("{name}: {}", world.rust(child))));
        taken.insert(name);
    }
    relations
}

/// What a relation to this child may be called: without the parent's name before it, in full, in full and numbered.
fn relation_names(parent: &str, child: &str) -> impl Iterator<Item = String> {
    let parent = super::words::of_one_row(parent);
    let all = words(child);
    let short = all.strip_prefix(parent.as_slice()).filter(|rest| !rest.is_empty()).map(<[String]>::to_vec);
    let full = if all.is_empty() { "rows".to_owned() } else { all.join("_") };
    let numbered = (2_u32..).map({
        let full = full.clone();
        move |number| format!("{full}_{number}")
    });
    let names = short.map(|words| words.join("_")).into_iter().chain([full]).chain(numbered);
    names.filter_map(|name| naming::fields([name.as_str()].into_iter()).pop())
}

/// The enums of these fields that no model before declares.
fn enums<'a>(world: &World<'a>, fields: &Fields<'a>, declared: &mut BTreeSet<String>) -> Vec<PgEnum<'a>> {
    let mut found = Vec::new();
    for field in &fields.fields {
        for pg_enum in world.enums.all() {
            if mentions(&field.ty, &pg_enum.rust) && declared.insert(pg_enum.rust.clone()) {
                found.push(pg_enum.clone());
            }
        }
    }
    found
}

/// Whether a type, as it is written, names this one.
pub(super) fn mentions(ty: &str, name: &str) -> bool {
    ty.split(|char: char| !(char.is_ascii_alphanumeric() || char == '_')).any(|part| part == name)
}
