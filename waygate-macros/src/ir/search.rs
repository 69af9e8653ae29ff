//! Blind indexes: what `searchable` comes to, and the columns and indexes that it adds to the table.

use super::{Field, Scope};
use crate::attr::{Normalizer, SearchScope, Searchable};

/// How the values of a sealed column are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Search {
    /// How many bits of a digest are kept.
    pub(crate) bits: u8,
    /// What makes two values one.
    pub(crate) normalizer: Normalizer,
    /// Whose key the index is made with.
    pub(crate) scope: SearchScope,
    /// Whether two rows may not hold the same value.
    pub(crate) unique: bool,
}

impl Search {
    /// The fewest bits that still tell most values apart.
    pub(crate) const LEAST: u8 = 8;
    /// The bits of a digest that stands for one value alone.
    pub(crate) const EXACT: u8 = 128;

    /// Bits out of range were reported, and stand for all.
    pub(super) fn resolve(written: &Searchable) -> Self {
        let bits = written.bits.as_ref().and_then(|bits| u8::try_from(bits.value).ok());
        Self {
            bits: bits.unwrap_or(Self::EXACT),
            normalizer: written.normalize.as_ref().map_or(Normalizer::Exact, |normalize| normalize.value),
            scope: written.scope.as_ref().map_or(SearchScope::Tenant, |scope| scope.value),
            unique: written.unique.is_some(),
        }
    }
}

/// The column of one field's digests, and its index.
pub(crate) struct BlindIndex {
    /// The place of the sealed column.
    pub(crate) of: usize,
    /// The place of the digests' column: after all of the struct's, and the plain ones that are read.
    pub(crate) place: usize,
    /// The digests' column.
    pub(crate) column: String,
    /// Its earlier name.
    pub(crate) renamed_from: Option<String>,
    /// The index's name.
    pub(crate) index: String,
    /// The column that the index starts with, where the digests alone do not.
    pub(crate) leads: Option<usize>,
    /// Whether two rows may not hold the same digest.
    pub(crate) unique: bool,
}

impl BlindIndex {
    /// The blind indexes of these fields, in their order.
    pub(super) fn of(table: &str, fields: &[Field<'_>], scope: Scope) -> Vec<Self> {
        let searched = fields.iter().enumerate().filter_map(|(place, field)| Some((place, field, field.search()?)));
        let plain = fields.iter().filter(|field| field.moved_from().is_some()).count();
        let blind = |(number, (of, field, search)): (usize, (usize, &Field<'_>, Search))| Self {
            of,
            place: fields.len() + plain + number,
            column: format!("{}_bidx", field.column),
            renamed_from: field.renamed_from.map(|name| format!("{name}_bidx")),
            index: format!("{table}_{}_bidx_idx", field.column),
            leads: leads(scope, search),
            unique: search.unique,
        };
        searched.enumerate().map(blind).collect()
    }
}

/// A tenant's digests are looked for among that tenant's rows. Those of the application are looked for across tenants, and
/// those below a parent across its siblings: there only a unique index starts with the owner.
fn leads(scope: Scope, search: Search) -> Option<usize> {
    match scope {
        Scope::Column(tenant) if search.scope == SearchScope::Tenant => Some(tenant),
        scope if search.unique => scope.owning_column(),
        _ => None,
    }
}
