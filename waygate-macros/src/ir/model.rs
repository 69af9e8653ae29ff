//! One table.

use proc_macro2::Ident;
use syn::Visibility;
use syn::ext::IdentExt;

use super::{BlindIndex, Field, Index};
use crate::attr;
use crate::diagnostics::Diagnostics;
use crate::suggest;

/// A model, resolved.
pub(crate) struct Model<'a> {
    /// The struct.
    pub(crate) ident: &'a Ident,
    /// The struct's visibility, which everything generated shares.
    pub(crate) vis: &'a Visibility,
    /// The table's name.
    pub(crate) table: String,
    /// Whose data it is.
    pub(crate) scope: Scope,
    /// The columns, in the struct's order.
    pub(crate) fields: Vec<Field<'a>>,
    /// The primary key's place.
    pub(crate) key: usize,
    /// The indexes: the struct's, then the fields'.
    pub(crate) indexes: Vec<Index<'a>>,
    /// The blind indexes of sealed fields, with the columns that they add.
    pub(crate) blind: Vec<BlindIndex>,
    /// The relations to children.
    pub(crate) has_many: &'a [attr::HasMany],
    /// Whether rows are only ever inserted and read.
    pub(crate) append_only: bool,
    /// The columns that a login looks a tenant up by.
    pub(crate) login: Option<Login>,
    /// The table's earlier name.
    pub(crate) renamed_from: Option<&'a str>,
    /// What the struct's doc comment says.
    pub(crate) comment: Option<&'a str>,
}

/// The columns that a login looks a tenant up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Login {
    /// The place of the live key's hash.
    pub(crate) hash: usize,
    /// The places of the hash of the key before, and of the time until which it is live too.
    pub(crate) previous: Option<(usize, usize)>,
}

/// Whose data a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// None could be read, and an error says so.
    Unknown,
    Shared,
    Key,
    Column(usize),
    Through {
        column: usize,
        owner: Option<usize>,
    },
}

impl Scope {
    /// The column that says whose a row is, where that is not the key: every unique index starts with it.
    pub(crate) fn owning_column(self) -> Option<usize> {
        match self {
            Self::Column(column) | Self::Through { column, .. } => Some(column),
            Self::Shared | Self::Key | Self::Unknown => None,
        }
    }
}

impl<'a> Model<'a> {
    /// Resolves every name. A name that is not there is reported; a key, scope or table that is missing has been.
    pub(crate) fn resolve(written: &'a attr::Model<'a>, diagnostics: &Diagnostics) -> Self {
        let attrs = &written.attrs;
        let table = attrs.table.as_ref().map_or_else(String::new, |table| table.value.clone());
        let fields: Vec<_> = written.fields.iter().map(|field| Field::resolve(field, &table)).collect();
        let place_of = |has: fn(&attr::FieldAttrs) -> bool| written.fields.iter().position(|field| has(&field.attrs));
        let scope = resolve_scope(written, &fields, diagnostics);
        let on_struct = attrs.indexes.iter().map(|index| Index::on_struct(index, &table, &fields, diagnostics));
        let mut indexes: Vec<_> = on_struct.collect();
        // A key has its own index; a word that says so again is refused.
        let no_keys = written.fields.iter().enumerate().filter(|(_, field)| field.attrs.key.is_none());
        for (place, field) in no_keys {
            let both = field.attrs.unique.iter().chain(&field.attrs.index);
            indexes.extend(both.map(|index| Index::on_field(index, place, &table, &fields, scope)));
        }
        Self {
            ident: written.ident,
            vis: written.vis,
            scope,
            key: place_of(|attrs| attrs.key.is_some()).unwrap_or(0),
            indexes,
            blind: BlindIndex::of(&table, &fields, scope),
            has_many: &attrs.has_many,
            append_only: attrs.append_only.is_some(),
            login: resolve_login(written, &fields, diagnostics),
            renamed_from: attrs.renamed_from.as_ref().map(|name| name.value.as_str()),
            comment: written.comment.as_deref(),
            table,
            fields,
        }
    }

    /// The places of the columns that have no field: the plain ones, after the fields', each with its sealed field's place.
    pub(crate) fn plain_columns(&self) -> impl Iterator<Item = (usize, usize)> {
        let moved = self.fields.iter().enumerate().filter(|(_, field)| field.moved_from().is_some());
        let first = self.fields.len();
        moved.enumerate().map(move |(number, (sealed, _))| (first + number, sealed))
    }

    /// The place of the plain column that the values of the field at this place are being moved out of.
    pub(crate) fn plain_column_of(&self, sealed: usize) -> Option<usize> {
        self.plain_columns().find(|(_, of)| *of == sealed).map(|(place, _)| place)
    }

    /// The primary key's field; `None` only after an error.
    pub(crate) fn key_field(&self) -> Option<&Field<'a>> {
        self.fields.get(self.key)
    }

    /// The field that holds the row's tenant, if it is a column of its own.
    pub(crate) fn tenant_field(&self) -> Option<&Field<'a>> {
        match self.scope {
            Scope::Column(place) => self.fields.get(place),
            Scope::Key | Scope::Through { .. } | Scope::Shared | Scope::Unknown => None,
        }
    }
}

fn resolve_scope(written: &attr::Model<'_>, fields: &[Field<'_>], diagnostics: &Diagnostics) -> Scope {
    for (place, field) in written.fields.iter().enumerate() {
        match (&field.attrs.tenant, &field.attrs.key) {
            (Some(_), Some(_)) => return Scope::Key,
            (Some(_), None) => return Scope::Column(place),
            (None, _) => {}
        }
    }
    if let Some(through) = &written.attrs.through {
        let column = find_field(fields, &through.column, diagnostics);
        let owner = through.owner.as_ref().and_then(|owner| find_field(fields, owner, diagnostics));
        if let Some(column) = column {
            return Scope::Through { column, owner };
        }
    }
    if written.attrs.shared.is_some() { Scope::Shared } else { Scope::Unknown }
}

fn resolve_login(written: &attr::Model<'_>, fields: &[Field<'_>], diagnostics: &Diagnostics) -> Option<Login> {
    let hash = written.fields.iter().position(|field| field.attrs.login.is_some())?;
    let written = written.fields.get(hash).and_then(|field| field.attrs.login.as_ref());
    let previous = written.and_then(|login| login.value.as_ref()).and_then(|previous| {
        let hash = find_field(fields, &previous.hash, diagnostics);
        let expires_at = find_field(fields, &previous.expires_at, diagnostics);
        hash.zip(expires_at)
    });
    Some(Login { hash, previous })
}

/// The place of the field with this Rust name, or an error that suggests the nearest.
pub(super) fn find_field(fields: &[Field<'_>], name: &Ident, diagnostics: &Diagnostics) -> Option<usize> {
    let wanted = name.unraw().to_string();
    let found = fields.iter().position(|field| field.name == wanted);
    if found.is_none() {
        let names = || fields.iter().map(|field| field.name.as_str());
        let help = match fields.iter().find(|field| field.column == wanted) {
            // The attribute speaks Rust: a field may have another name than its column.
            Some(field) => format!("name the field, `{}`, not its column", field.name),
            None => match suggest::nearest(&wanted, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the fields are {}", suggest::list(names())),
            },
        };
        diagnostics.error(name, format_args!("the struct has no field `{wanted}`"), help);
    }
    found
}
