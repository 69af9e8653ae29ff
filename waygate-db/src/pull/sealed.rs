//! Sealed columns: how their values are found and where they are moved from, and the columns that a login reads.

use std::collections::BTreeMap;

use super::About;
use super::scope::Scope;
use super::shape::{Part, Shape};
use super::types::{Family, Type};
use super::world::World;
use super::write::Word;
use crate::catalog::{Column, Index};
use crate::schema::roles::LOGIN;
use crate::sql::ddl::names::derived;

/// What the sealed columns of a table are, as far as the database tells.
#[derive(Debug, Default)]
pub(super) struct Sealed<'a> {
    /// The words beside `encrypted`, by sealed column.
    pub(super) words: BTreeMap<&'a str, Vec<Word>>,
    /// The type of the values, by sealed column that a plain one is emptied into.
    pub(super) moved: BTreeMap<&'a str, Type>,
    /// The sealed columns that are found by digests.
    pub(super) searched: Vec<&'a str>,
    /// The columns that have no field of their own.
    pub(super) hidden: Vec<&'a str>,
    /// The indexes that belong to a sealed column.
    pub(super) indexes: Vec<&'a str>,
}

impl<'a> Sealed<'a> {
    /// Recognises digests by their column's and index's names, and a plain column being moved by its rights.
    pub(super) fn of(world: &mut World<'a>, shape: &Shape<'a>) -> Self {
        let mut sealed = Self::default();
        let encrypted: Vec<Part<'a, Column>> =
            shape.columns.iter().filter(|column| column.is.ty == "waygate.encrypted").copied().collect();
        for column in &encrypted {
            if let Some((digests, index)) = digests(shape, column) {
                sealed.hidden.push(digests.name);
                sealed.indexes.push(index.name);
                sealed.searched.push(column.name);
                sealed.words.insert(column.name, vec![searchable(world.scope(shape.name), index.is)]);
            }
        }
        let moving: Vec<Part<'a, Column>> =
            shape.columns.iter().filter(|column| is_being_moved(world, shape, column)).copied().collect();
        for plain in &moving {
            let ty = Type::of(&plain.is.ty, &world.enums);
            let target = target(plain, &encrypted, &sealed);
            if let Some(target) = target.filter(|_| ty.sql.is_none() && ty.max_len.is_none()) {
                sealed.hidden.push(plain.name);
                sealed.moved.insert(target, ty);
                let from = Word::plain(format!("migrate_from = {:?}", plain.name));
                sealed.words.insert(target, vec![from]);
            } else {
                let text = "its rights are those of a plain column whose values are being sealed, and it is not \
                            clear into which: the model has it as a column of its own";
                world.note(About::Guess, plain.key(), text);
            }
        }
        sealed
    }
}

/// The column of digests and its index, as the derive names them.
fn digests<'a>(shape: &Shape<'a>, column: &Part<'a, Column>) -> Option<(Part<'a, Column>, Part<'a, Index>)> {
    let digests = shape.column(&format!("{}_bidx", column.name)).filter(|digests| digests.is.ty == "bytea")?;
    let name = format!("{}_{}_bidx_idx", shape.name, column.name);
    let index = shape.indexes.iter().find(|index| index.name == name)?;
    let last = index.is.keys.last()?.column.as_deref();
    (last == Some(digests.name) && digests.is.not_null == column.is.not_null).then_some((digests, *index))
}

/// `searchable`, with what the index tells of it.
fn searchable(scope: &Scope, index: &Index) -> Word {
    let is_led = index.keys.len() > 1;
    let is_across = match scope {
        Scope::Column(_) => !is_led,
        Scope::Key | Scope::Shared => index.unique,
        Scope::Through { .. } => false,
    };
    let across = is_across.then(|| Word::plain("scope = app"));
    let unique = index.unique.then(|| Word::plain("unique"));
    Word::list("searchable", across.into_iter().chain(unique))
}

/// Whether the service may empty the column and nobody may fill it.
fn is_being_moved(world: &World<'_>, shape: &Shape<'_>, column: &Part<'_, Column>) -> bool {
    let service = world.request.dialect.service_role();
    let may = |privilege| shape.allows(service, privilege, Some(column.object));
    let can = !column.is.not_null && column.is.default.is_none() && column.is.ty != "waygate.encrypted";
    can && may("UPDATE") && !may("INSERT")
}

/// The sealed column that the values go to: the one that is named after the plain one, else the only one.
fn target<'a>(plain: &Part<'_, Column>, encrypted: &[Part<'a, Column>], sealed: &Sealed<'a>) -> Option<&'a str> {
    let free: Vec<&'a str> = encrypted
        .iter()
        .filter(|column| !column.is.not_null && !sealed.words.contains_key(column.name))
        .map(|column| column.name)
        .collect();
    let mut alike = free.iter().filter(|name| name.contains(plain.name) || plain.name.contains(**name));
    match (alike.next(), alike.next(), free.as_slice()) {
        (Some(name), None, _) | (None, None, [name]) => Some(name),
        _ => None,
    }
}

/// The word `login`, and the column that it stands on.
pub(super) fn login<'a>(shape: &Shape<'a>, field: impl Fn(&str) -> String) -> Option<(&'a str, Word)> {
    shape.policy(&derived(shape.name, [], "login"))?;
    let is_read = |column: &&Part<'a, Column>| {
        column.object.grants.iter().any(|grant| grant.role == LOGIN && grant.privilege == "SELECT")
    };
    let read: Vec<Part<'a, Column>> =
        shape.columns.iter().filter(is_read).filter(|column| column.name != shape.key).copied().collect();
    let is_time = |column: &&Part<'a, Column>| column.is.ty == "timestamp with time zone";
    let hash = read.iter().find(|column| column.is.not_null && !is_time(column))?;
    let previous = read.iter().find(|column| !column.is.not_null && !is_time(column));
    let until = read.iter().find(is_time);
    let options = previous.zip(until).map(|(previous, until)| {
        [format!("previous = {}", field(previous.name)), format!("until = {}", field(until.name))].map(Word::plain)
    });
    Some((hash.name, Word::list("login", options.into_iter().flatten())))
}

/// Whether a value of this type can be sealed as it is.
pub(super) fn sealable(ty: &Type) -> bool {
    !matches!(ty.family, Family::Array | Family::Other | Family::Encrypted)
}
