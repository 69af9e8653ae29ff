//! The scratch rows' keys, which say in every table that a row is an audit's, and whose.
//!
//! A key is a UUID of version 8 that begins with `waygat` and ends with the word of its audit.

use uuid::Uuid;

use crate::schema::{Schema, Scope, Table};

/// The lowest and highest key of a scratch row.
pub(super) const LOWEST: &str = "77617967-6174-8000-8000-000000000000";
pub(super) const HIGHEST: &str = "77617967-6174-8fff-8fff-ffffffffffff";
/// The place of a tenant without a table of tenants.
const NO_TABLE: usize = 0xfff;

/// Whose a scratch row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::audit) enum Who {
    /// The first tenant's.
    A,
    /// The second tenant's.
    B,
    /// A row that is never there.
    Missing,
    /// A row that a statement would add.
    New,
}

/// The keys of one audit's scratch rows.
#[derive(Debug, Clone, Copy)]
pub(in crate::audit) struct Keys {
    pub(super) models: Schema,
    pub(super) word: u32,
}

impl Keys {
    /// The key of a row: a tenant's own in a table of tenants.
    pub(in crate::audit) fn row(self, table: &Table, who: Who) -> Uuid {
        match table.scope {
            Scope::Key => self.tenant(who),
            Scope::Shared | Scope::Column(_) | Scope::Through { .. } => self.at(self.place(table), who),
        }
    }

    /// The tenant itself.
    pub(in crate::audit) fn tenant(self, who: Who) -> Uuid {
        self.at(NO_TABLE, who)
    }

    /// The name that the scratch tenants have.
    pub(super) fn name(self, who: Who) -> String {
        format!("waygate-audit-{:08x}-{}", self.word, who.letter())
    }

    /// A number that other audits hardly have.
    pub(super) fn number(self, who: Who) -> u32 {
        (self.word & 0x3fff) << 1 | u32::from(who == Who::B)
    }

    fn place(self, table: &Table) -> usize {
        self.models.tables().position(|model| model.name == table.name).unwrap_or(NO_TABLE)
    }

    fn at(self, place: usize, who: Who) -> Uuid {
        let place = u128::try_from(place & 0xfff).unwrap_or_default();
        let high = 0x7761_7967_6174_8000_8000_0000_0000_0000_u128;
        Uuid::from_u128(high | u128::from(who.nibble()) << 72 | place << 48 | u128::from(self.word) << 16)
    }
}

impl Who {
    fn nibble(self) -> u8 {
        match self {
            Self::A => 0xa,
            Self::B => 0xb,
            Self::Missing => 0xe,
            Self::New => 0xf,
        }
    }

    fn letter(self) -> char {
        match self {
            Self::A => 'a',
            Self::B => 'b',
            Self::Missing => 'm',
            Self::New => 'n',
        }
    }
}
