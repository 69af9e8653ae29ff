//! [`Cursor`]: an opaque text that says after which row a page starts.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Kind, Result};
use crate::schema::Table;
use crate::sql::Order;
use crate::value::Param;

/// The version of the cursor's form.
const VERSION: u8 = 1;
/// How many bytes name the table and order.
const FINGERPRINT: usize = 8;

/// Where a page starts, to hand to a client and take back. It holds the order's values of one row, encoded, so treat it
/// like the row; what it can reach is still confined to the session's tenant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    pub(super) fn new<'a>(table: &Table, order: &[Order], values: impl Iterator<Item = Option<&'a [u8]>>) -> Self {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&fingerprint(table, order));
        for value in values.map(Option::unwrap_or_default) {
            let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(value);
        }
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The values, if the cursor is of this table and order.
    pub(super) fn into_values(self, table: &Table, order: &[Order]) -> Result<Vec<Param>> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| invalid())?;
        let rest = bytes.strip_prefix(&[VERSION]).ok_or_else(invalid)?;
        let mut rest = rest.strip_prefix(&fingerprint(table, order)).ok_or_else(invalid)?;
        let mut values = Vec::with_capacity(order.len());
        for Order { column, .. } in order {
            let (length, after) = rest.split_first_chunk::<4>().ok_or_else(invalid)?;
            let (value, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or_else(invalid)?;
            values.push(Param::raw(table.column_at(*column).ty.wire_type(), value));
            rest = after;
        }
        if rest.is_empty() { Ok(values) } else { Err(invalid()) }
    }
}

/// Names the table and order, so that a cursor of another query is refused instead of misread.
fn fingerprint(table: &Table, order: &[Order]) -> [u8; FINGERPRINT] {
    let mut hash = Sha256::new();
    hash.update(table.name);
    for Order { column, descending } in order {
        hash.update([b'/']);
        hash.update(table.column_at(*column).name);
        hash.update([u8::from(*descending)]);
    }
    let digest: [u8; 32] = hash.finalize().into();
    digest.first_chunk().copied().unwrap_or_default()
}

pub(super) fn invalid() -> Error {
    Error::new(Kind::InvalidCursor, "this cursor is damaged, or was made by another query or order")
        .help("start again from the first page")
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor(<opaque>)")
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// Takes any text; whether it is a cursor of the query is checked when the page is read.
    fn from_str(text: &str) -> Result<Self> {
        Ok(Self(text.to_owned()))
    }
}
