//! What one sealed cell is bound to: its column, row and tenant.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::codec::UUID;
use super::derive::length_prefix;
use super::key::KeyScope;
use super::wire::{HEADER_LEN, Header};
use crate::error::{Error, Kind, Result};
use crate::schema::{Binding, Encryption, Scope, Table};

/// The bytes that a seal authenticates beside the value: the cell's header, and a digest of its place. At 52 bytes they
/// stay below the 64 that the mode's security bounds assume.
pub(super) type BoundTo = [u8; HEADER_LEN + 32];

/// The binding in a header's flags: to the row.
pub(super) const BOUND_TO_ROW: u8 = 0b01;
/// The binding in a header's flags: to the tenant.
pub(super) const BOUND_TO_TENANT: u8 = 0b10;

/// The place of one cell: a value sealed for it opens nowhere else.
///
/// Taken once, from the row that is read or written, and given to seal and open alike.
#[derive(Clone)]
pub struct CellContext {
    table: &'static Table,
    column: usize,
    key: Uuid,
    tenant: Option<Uuid>,
}

impl CellContext {
    /// The cell of this column in the row with this key, and of this tenant when the row names one.
    #[must_use]
    pub fn new(table: &'static Table, column: usize, key: Uuid, tenant: Option<Uuid>) -> Self {
        Self { table, column, key, tenant }
    }

    /// The cell's column as `table.column`, for messages.
    #[must_use]
    pub fn column_name(&self) -> String {
        let column = self.table.columns.get(self.column).map_or("?", |column| column.name);
        format!("{}.{column}", self.table.name)
    }

    /// The cell's table.
    pub(crate) fn table(&self) -> &'static Table {
        self.table
    }

    /// The place of the cell's column.
    pub(crate) fn column(&self) -> usize {
        self.column
    }

    /// The tenant that the row names.
    pub(crate) fn tenant(&self) -> Option<Uuid> {
        self.tenant
    }

    /// The number of the codec that the column's values are sealed by.
    pub(crate) fn codec(&self) -> Result<u8> {
        Ok(self.encryption()?.codec)
    }

    /// How the column's values are sealed.
    pub(super) fn encryption(&self) -> Result<&'static Encryption> {
        self.table.columns.get(self.column).and_then(|column| column.encryption.as_ref()).ok_or_else(|| {
            self.refuse(Kind::Config, "the column is not declared as encrypted")
                .help("mark its field `#[model(encrypted)]`")
        })
    }

    /// The row's key and tenant, as far as the column's values are bound to them.
    fn bound_parts(&self, binding: Binding) -> (Option<Uuid>, Option<Uuid>) {
        match binding {
            Binding::Row => (Some(self.key), self.tenant),
            Binding::Tenant => (None, self.tenant),
            Binding::Column => (None, None),
        }
    }

    /// The binding that the column declares, as a header's flags.
    pub(super) fn binding(&self, encryption: &Encryption) -> u8 {
        let (row, tenant) = self.bound_parts(encryption.binding);
        row.map_or(0, |_| BOUND_TO_ROW) | tenant.map_or(0, |_| BOUND_TO_TENANT)
    }

    /// Whether a key of this scope may seal and open here: a tenant's row only under its own keys, so that destroying
    /// them destroys the row's secrets.
    pub(super) fn admits(&self, scope: KeyScope) -> bool {
        match (self.tenant, self.table.scope) {
            (Some(tenant), _) => scope == KeyScope::Tenant(tenant),
            (None, Scope::Shared) => scope == KeyScope::App,
            // The row's tenant is its parent's, which the row does not say.
            (None, Scope::Through { .. }) => true,
            // The table has a tenant column and the caller left it out: no key fits, rather than a weaker binding.
            (None, Scope::Key | Scope::Column(_)) => false,
        }
    }

    /// What a seal of this cell authenticates beside the value.
    pub(super) fn bound_to(&self, header: &Header, encryption: &Encryption) -> BoundTo {
        let (row, tenant) = self.bound_parts(encryption.binding);
        let tenant = tenant.as_ref().map_or(&[][..], |tenant| tenant.as_bytes());
        // The key's codec, then the key: 17 bytes on the stack, since this runs for every cell.
        let mut key = [UUID; 17];
        let key: &[u8] = match row {
            Some(row) => {
                key.split_at_mut(1).1.copy_from_slice(row.as_bytes());
                &key
            }
            None => &[],
        };
        let mut place = Sha256::new();
        place.update(b"waygate/ctx/v1");
        for field in [encryption.context.as_bytes(), tenant, key] {
            place.update(length_prefix(field));
            place.update(field);
        }
        let mut bound_to = [0; HEADER_LEN + 32];
        let (head, tail) = bound_to.split_at_mut(HEADER_LEN);
        head.copy_from_slice(&header.to_bytes());
        tail.copy_from_slice(&place.finalize());
        bound_to
    }

    /// An error about this cell.
    pub(super) fn refuse(&self, kind: Kind, what: impl fmt::Display) -> Error {
        Error::new(kind, format!("{}: {what}", self.column_name()))
    }
}

/// Names the column alone: keys and tenants belong to rows.
impl fmt::Debug for CellContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CellContext({})", self.column_name())
    }
}
