//! What the sealed format promises, tried on values, cells and keys.

mod blind;
mod cells;
mod enc_v1;
mod env;
#[cfg(unix)]
mod files;
mod flips;
mod frozen;
mod keys;
mod leaks;
mod padding;
mod plain;
mod rfc8452;
mod swaps;
#[cfg(feature = "vault")]
mod vault;
mod vectors;
mod which;
mod wire;

use std::sync::Arc;

use uuid::Uuid;

use super::{
    CellContext, Codec, DataKey, Encrypted, KeyPurpose, KeyScope, KeySecret, Keyring, Sealable, Sealed, Secret,
};
use crate::error::Result;
use crate::schema::{Binding, Column, ColumnRole, DefaultValue, Encryption, Opened, Padding, Scope, SqlType, Table};

const ROW: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
const OTHER_ROW: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002);
const ACME: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00aa);
const RIVAL: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00bb);

/// The places of the columns in every table below.
const ID: usize = 0;
const TOKEN: usize = 1;
const REFRESH: usize = 2;
const PADDED: usize = 3;
const STATE: usize = 4;
const STEPPED: usize = 5;
const TENANTS: usize = 6;
const ANYWHERE: usize = 7;

static TOKENS: Table = table(
    "tokens",
    Scope::Column(0),
    &[
        ID_COLUMN,
        sealed("token", "tokens.token"),
        sealed("refresh", "tokens.refresh"),
        sealed_as("padded", "tokens.padded", Binding::Row, Padding::Auto),
        sealed_as("state", "tokens.state", Binding::Row, Padding::Fixed(32)),
        sealed_as("stepped", "tokens.stepped", Binding::Row, Padding::Block(100)),
        sealed_as("tenants", "tokens.tenants", Binding::Tenant, Padding::None),
        sealed_as("anywhere", "tokens.anywhere", Binding::Column, Padding::None),
    ],
);
static OTHERS: Table = table("others", Scope::Column(0), &[ID_COLUMN, sealed("token", "others.token")]);
/// `tokens` after a rename of table and column.
static RENAMED: Table = table("secrets", Scope::Column(0), &[ID_COLUMN, sealed("access", "tokens.token")]);
static SHARED: Table = table("shared", Scope::Shared, &[ID_COLUMN, sealed("token", "shared.token")]);
static CHILDREN: Table =
    table("children", Scope::Through { column: 0, owner: None }, &[ID_COLUMN, sealed("token", "children.token")]);

const ID_COLUMN: Column = column("id", SqlType::Uuid, None);

const fn sealed(name: &'static str, context: &'static str) -> Column {
    sealed_as(name, context, Binding::Row, Padding::None)
}

const fn sealed_as(name: &'static str, context: &'static str, binding: Binding, padding: Padding) -> Column {
    let encryption =
        Encryption { context, codec: 1, binding, padding, opened: Opened::WithRow, search: None, moved_from: None };
    column(name, SqlType::Encrypted, Some(encryption))
}

const fn column(name: &'static str, ty: SqlType, encryption: Option<Encryption>) -> Column {
    Column {
        name,
        field: name,
        ty,
        nullable: false,
        default: DefaultValue::None,
        role: ColumnRole::Data,
        encryption,
        renamed_from: None,
        backfill: None,
        using: None,
        comment: None,
    }
}

const fn table(name: &'static str, scope: Scope, columns: &'static [Column]) -> Table {
    Table {
        name,
        model: "Token",
        scope,
        columns,
        key: ID,
        indexes: &[],
        foreign_keys: &[],
        has_many: &[],
        append_only: false,
        login: None,
        renamed_from: None,
        comment: None,
        declared_at: (file!(), line!()),
    }
}

/// The cell that most tests seal: `tokens.token` of Acme's row.
fn acme_token() -> CellContext {
    CellContext::new(&TOKENS, TOKEN, ROW, Some(ACME))
}

fn acme_key() -> Result<Arc<DataKey>> {
    DataKey::generate(KeyScope::Tenant(ACME), KeyPurpose::Encrypt, 1).map(Arc::new)
}

/// A key whose secret is the same in every run: the bytes 0 to 31.
fn fixed_key(scope: KeyScope) -> Result<Arc<DataKey>> {
    let bytes = std::array::from_fn(|index| u8::try_from(index).unwrap_or_default());
    DataKey::from_secret(KeySecret::new(bytes), scope, KeyPurpose::Encrypt, 7).map(Arc::new)
}

fn keyring_of(keys: &[&Arc<DataKey>]) -> Keyring {
    let keyring = Keyring::default();
    for key in keys {
        keyring.insert(Arc::clone(key));
    }
    keyring
}

fn seal<T: Codec>(value: T, key: &DataKey, context: &CellContext) -> Result<Vec<u8>> {
    let plaintext = Encrypted::new(value).plaintext()?;
    plaintext.ok_or_else(|| context.refuse(crate::error::Kind::Encode, "no value"))?.seal(key, context)
}

fn open<T: Codec>(cell: &[u8], context: &CellContext, keyring: &Keyring) -> Result<T> {
    Encrypted::<T>::read(Some(cell), context, keyring).map(Encrypted::into_exposed)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
