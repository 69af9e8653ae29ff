//! How the values of a sealed column are found: by a blind index, a keyed digest in a column of its own.

use super::{ColumnRole, Table};

/// The blind index of a sealed column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// The place of the column that holds the digests.
    pub column: usize,
    /// How many bits of a digest are kept: from 8 to 128. With fewer than 128, different values may share a digest, and a
    /// reader of the database learns less from it.
    pub bits: u8,
    /// What makes two values one when they are looked for.
    pub normalizer: Normalizer,
    /// Whose key the digests are made with.
    pub scope: SearchScope,
    /// Whether two rows may not hold the same value.
    pub unique: bool,
}

impl Search {
    /// The bits of a digest that stands for one value alone.
    pub const EXACT: u8 = 128;

    /// Whether a digest stands for one value alone.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.bits == Self::EXACT
    }
}

/// What makes two values one when they are looked for.
///
/// Each has a number in the index's key: another one is another index, whose digests have to be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Normalizer {
    /// Nothing: the same bytes.
    Exact,
    /// A text in lower case.
    Lower,
    /// A text without the white space around it.
    Trim,
    /// A text in lower case, without the white space around it.
    TrimLower,
    /// The digits 0 to 9 of a text: a telephone number, however it is written.
    Digits,
    /// So many characters at the end of a text: of a card number, of an account.
    Last(u16),
}

/// Whose key the digests of a blind index are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchScope {
    /// The row's tenant's: nobody can tell whether two tenants hold the same value.
    Tenant,
    /// The application's: a value is found whosever it is, and a reader of the database sees that tenants share it.
    App,
}

impl Table {
    /// The columns of the struct, which come first; a blind index is none.
    pub fn row_columns(&self) -> impl Iterator<Item = &'static super::Column> + use<> {
        self.columns.iter().filter(|column| !matches!(column.role, ColumnRole::BlindIndex(_)))
    }

    /// Whether, on the tenant table, a column's value is unique among all tenants, by itself or by its blind index, or
    /// says how long one such value counts.
    pub(crate) fn is_global(&self, index: usize) -> bool {
        let encryption = self.column_at(index).encryption;
        let blind = encryption.and_then(|encryption| encryption.search).map(|search| search.column);
        let is_it = |column: usize| column == index || Some(column) == blind;
        self.login.is_some_and(|login| login.columns().any(is_it))
            || self.indexes.iter().any(|one| one.unique && one.columns.iter().any(|column| is_it(column.column)))
    }
}
