//! Columns, as the fields of a struct.

mod roles;

use std::collections::BTreeMap;

use super::indexes::Indexes;
use super::naming;
use super::references::{self, References};
use super::scope::Scope;
use super::sealed::{self, Sealed};
use super::shape::{Part, Shape};
use super::types::{Family, Type, qualified};
use super::world::World;
use super::write::Word;
use super::{About, defaults};
use crate::catalog::{Column, Key, Kind, Object};

pub(super) use roles::Roles;

/// A field as it will be written.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    /// Its type, as written.
    pub(super) ty: String,
    pub(super) words: Vec<Word>,
    /// The column's comment.
    pub(super) comment: Option<String>,
    /// What whoever reads the field has to know.
    pub(super) remarks: Vec<&'static str>,
}

/// The fields of a table's columns.
#[derive(Debug)]
pub(super) struct Names<'a>(BTreeMap<&'a str, String>);

impl<'a> Names<'a> {
    fn of(columns: &[Part<'a, Column>]) -> Self {
        let fields = naming::fields(columns.iter().map(|column| column.name));
        Self(columns.iter().map(|column| column.name).zip(fields).collect())
    }

    /// The field of a column.
    pub(super) fn field(&self, column: &str) -> String {
        self.0.get(column).cloned().unwrap_or_default()
    }

    /// Whether the column has a field.
    pub(super) fn has(&self, column: &str) -> bool {
        self.0.contains_key(column)
    }

    /// Whether some field has this name.
    pub(super) fn is_field(&self, name: &str) -> bool {
        self.0.values().any(|field| field == name)
    }
}

/// What a table's columns and indexes become.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "the fields are what it is about")]
pub(super) struct Fields<'a> {
    pub(super) fields: Vec<Field>,
    pub(super) names: Names<'a>,
    pub(super) references: References<'a>,
    /// The words of indexes that stand on the struct.
    pub(super) indexes: Vec<Word>,
    pub(super) roles: Roles<'a>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(world: &mut World<'a>, shape: &Shape<'a>) -> Self {
        let roles = Roles::of(shape, world.scope(shape.name), &world.request.dialect);
        let sealed = Sealed::of(world, shape);
        let columns = kept(world, shape, &sealed);
        let names = Names::of(&columns);
        let references = references::of(world, shape);
        let takes = |column: &str, word: &str| match roles.role(column) {
            Role::Key => false,
            Role::Tenant | Role::CreatedAt | Role::UpdatedAt => word == "index",
            Role::Owner | Role::Data => true,
        };
        let indexes = Indexes::of(world, shape, &names, &sealed.indexes, takes);
        let login = sealed::login(shape, |column| names.field(column));
        let mut fields = Vec::new();
        for column in &columns {
            let mut field = plain(world, shape, column, &names, &roles, &references, &sealed);
            let own = indexes.on_field.iter().filter(|(on, _)| *on == column.name).map(|(_, word)| word.clone());
            field.words.extend(own);
            field.words.extend(login.iter().filter(|(on, _)| *on == column.name).map(|(_, word)| word.clone()));
            fields.push(field);
        }
        Self { fields, names, references, indexes: indexes.on_struct, roles }
    }
}

/// What the library does with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Key,
    Tenant,
    /// Repeats the parent's tenant, or is NULL.
    Owner,
    CreatedAt,
    UpdatedAt,
    Data,
}

/// The columns that have a field; the others are noted, unless a sealed one stands for them.
fn kept<'a>(world: &mut World<'a>, shape: &Shape<'a>, sealed: &Sealed<'a>) -> Vec<Part<'a, Column>> {
    let mut kept = Vec::new();
    for column in &shape.columns {
        if sealed.hidden.contains(&column.name) {
            continue;
        }
        let alone = match (&column.is.generated, &column.is.identity) {
            (Some(expression), _) => Some(format!("the server computes it from {expression}")),
            (_, Some(_)) => Some("the server numbers it (identity)".to_owned()),
            _ if column.name.trim().is_empty() => Some("its name is blank".to_owned()),
            _ => None,
        };
        match alone {
            Some(why) => {
                let text = format!("{why}, so it has no field; a migration from the models would drop the column");
                world.note(About::Unsaid, column.key(), text);
            }
            None => kept.push(*column),
        }
    }
    kept
}

/// A field with every word but those of indexes.
fn plain<'a>(
    world: &mut World<'a>,
    shape: &Shape<'a>,
    column: &Part<'a, Column>,
    names: &Names<'a>,
    roles: &Roles<'a>,
    references: &References<'a>,
    sealed: &Sealed<'a>,
) -> Field {
    let ty = Type::of(&column.is.ty, &world.enums);
    let role = roles.role(column.name);
    let name = names.field(column.name);
    let mut words = role_words(role, world.scope(shape.name));
    let mut remarks = Vec::new();
    if let Some(belongs_to) = references.get(column.name) {
        let parent = Word::plain(world.rust(belongs_to.parent));
        let action = Word::plain(format!("on_delete = {}", belongs_to.on_delete.word()));
        words.push(Word::list("belongs_to", [parent, action]));
    }
    if ty.family == Family::Encrypted {
        let inside = sealed.words.get(column.name).cloned().unwrap_or_default();
        let (moves, beside): (Vec<Word>, Vec<Word>) = inside.into_iter().partition(|word| word.is("migrate_from"));
        words.push(Word::list("encrypted", moves));
        words.extend(beside);
        remarks
            .push("The database does not say what is sealed here, nor its context, binding or padding: write the type");
        remarks.push("and the words of `encrypted(…)` that its values were sealed with.");
        if sealed.searched.contains(&column.name) {
            remarks
                .push("Nor does it say how values are made alike before they are searched, or how many bits are kept.");
        }
    }
    if name != column.name {
        words.push(Word::plain(format!("column = {:?}", column.name)));
    }
    words.extend(ty.max_len.map(|max_len| Word::plain(format!("max_len = {max_len}"))));
    words.extend(ty.sql.as_ref().map(|sql| Word::plain(format!("sql = {sql:?}"))));
    if matches!(role, Role::Data | Role::Owner) && ty.family != Family::Encrypted {
        let default = column.is.default.as_deref().filter(|_| stranger(column.object, &ty).is_none());
        words.extend(default.map(|default| defaults::word(default, &column.is.ty, &ty, &world.enums)));
    }
    note(world, column, role, &ty);
    let ty = type_of(world, shape, column, role, references, sealed.moved.get(column.name), ty);
    Field { name, ty, words, comment: column.object.comment.clone(), remarks }
}

fn role_words(role: Role, scope: &Scope) -> Vec<Word> {
    match role {
        Role::Key if *scope == Scope::Key => vec![Word::plain("key"), Word::plain("tenant")],
        Role::Key => vec![Word::plain("key")],
        Role::Tenant => vec![Word::plain("tenant")],
        Role::CreatedAt => vec![Word::plain("created_at")],
        Role::UpdatedAt => vec![Word::plain("updated_at")],
        Role::Owner | Role::Data => Vec::new(),
    }
}

/// The field's type, as written.
fn type_of(
    world: &World<'_>,
    shape: &Shape<'_>,
    column: &Part<'_, Column>,
    role: Role,
    references: &References<'_>,
    moved: Option<&Type>,
    ty: Type,
) -> String {
    let key_of = |table: &str| match world.scope(table) {
        Scope::Key => "TenantId".to_owned(),
        _ => format!("Id<{}>", world.rust(table)),
    };
    let rust = match (role, references.get(column.name), moved) {
        (Role::Key, ..) => key_of(shape.name),
        (Role::Tenant | Role::Owner, ..) => "TenantId".to_owned(),
        (_, Some(belongs_to), _) => key_of(belongs_to.parent),
        (.., Some(value)) if sealed::sealable(value) => format!("Encrypted<{}>", value.rust),
        _ => ty.rust,
    };
    if column.is.not_null { rust } else { format!("Option<{rust}>") }
}

/// What a column's default needs that the models' own DDL does not make. What brought the column's type is no such thing.
fn stranger<'a>(column: &'a Object, ty: &Type) -> Option<&'a Key> {
    column.needs.iter().find(|key| match key.kind {
        Kind::Function | Kind::Sequence => true,
        Kind::Extension => ty.sql.is_none(),
        _ => false,
    })
}

/// Notes what the field does not say of its column.
fn note(world: &mut World<'_>, column: &Part<'_, Column>, role: Role, ty: &Type) {
    let is = column.is;
    let stored_as_derived = is.storage == (ty.family == Family::Encrypted).then(|| "e".to_owned());
    let unsaid = [
        is.collation.as_ref().map(|collation| format!("its collation {collation}")),
        (!stored_as_derived).then(|| "how long values of it are stored".to_owned()),
        is.compression.as_ref().map(|_| "how values of it are compressed".to_owned()),
        is.statistics.map(|target| format!("its statistics target {target}")),
        (!is.options.is_empty()).then(|| format!("its options {}", is.options.join(", "))),
    ];
    for text in unsaid.into_iter().flatten() {
        world.note(About::Unsaid, column.key(), text);
    }
    if qualified(&is.ty).is_some() && ty.sql.is_some() {
        let text = format!("its type {} has to be there before the models' tables", is.ty);
        world.note(About::Unsaid, column.key(), text);
    }
    let default = is.default.as_deref().unwrap_or_default();
    if let (false, Some(needed), Role::Data | Role::Owner) = (default.is_empty(), stranger(column.object, ty), role) {
        let text = format!("its default {default} needs the {needed}, which no model makes: the model has no default");
        world.note(About::Change, column.key(), text);
    }
    let derived = match role {
        Role::Key => Some("gen_random_uuid()"),
        Role::CreatedAt | Role::UpdatedAt => Some("now()"),
        _ => None,
    };
    if let Some(derived) = derived.filter(|derived| *derived != default) {
        let now = if default.is_empty() { "it has none" } else { default };
        world.note(About::Change, column.key(), format!("the model's default is {derived}; {now}"));
    }
}
