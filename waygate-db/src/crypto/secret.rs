//! Sealing a field's value, and opening it again.

use std::fmt;

use zeroize::Zeroizing;

use super::cipher::Nonce;
use super::codec::{self, Codec};
use super::context::CellContext;
use super::data_key::DataKey;
use super::encrypted::Encrypted;
use super::keyring::Keyring;
use super::wire::{Header, MAX_VALUE, OVERHEAD, SealedCell};
use crate::error::{Error, Kind, Result};

/// The type of a sealed field: [`Encrypted`], or an `Option` of it for a nullable column.
///
/// NULL is stored as NULL, so whether a secret is there can be seen in the database.
#[diagnostic::on_unimplemented(
    message = "an encrypted field must be `Encrypted<…>` or `Option<Encrypted<…>>`, not `{Self}`",
    label = "a plain type would hold the secret unguarded",
    note = "write `Encrypted<String>` for a `String`, `Option<Encrypted<String>>` for an `Option<String>`"
)]
pub trait Secret: Sized + Send + Sync + 'static {
    /// Whether a column of this type takes NULL.
    const NULLABLE: bool;

    /// Opens a stored cell; `None` is NULL.
    #[doc(hidden)]
    fn open(cell: Option<&[u8]>, context: &CellContext, keyring: &Keyring) -> Result<Self>;

    /// The bytes to seal; `None` for NULL.
    #[doc(hidden)]
    fn plaintext(&self) -> Result<Option<Plaintext>>;
}

impl<T: Codec> Secret for Encrypted<T> {
    const NULLABLE: bool = false;

    fn open(cell: Option<&[u8]>, context: &CellContext, keyring: &Keyring) -> Result<Self> {
        Option::<Self>::open(cell, context, keyring)?
            .ok_or_else(|| context.refuse(Kind::Decode, "NULL came for a field that is not an `Option`"))
    }

    fn plaintext(&self) -> Result<Option<Plaintext>> {
        Ok(Some(Plaintext { codec: T::CODEC, bytes: self.expose().encode()? }))
    }
}

impl<T: Codec> Secret for Option<Encrypted<T>> {
    const NULLABLE: bool = true;

    fn open(cell: Option<&[u8]>, context: &CellContext, keyring: &Keyring) -> Result<Self> {
        let Some(cell) = cell else { return Ok(None) };
        let bytes = open_cell(cell, T::CODEC, context, keyring)?;
        let value = T::decode(bytes).ok_or_else(|| {
            context
                .refuse(Kind::Decode, "the opened value is not of the field's type")
                .help("it was sealed by a struct of another shape: read it with the type that wrote it")
        })?;
        Ok(Some(Encrypted::new(value)))
    }

    fn plaintext(&self) -> Result<Option<Plaintext>> {
        self.as_ref().map_or(Ok(None), Secret::plaintext)
    }
}

/// A value's bytes on their way into a cell: never printed, wiped when dropped.
pub struct Plaintext {
    codec: u8,
    bytes: Zeroizing<Vec<u8>>,
}

impl Plaintext {
    /// The stored form of this value for this cell.
    ///
    /// # Errors
    ///
    /// [`is_encode`](Error::is_encode) when it is longer than 16 MiB, [`is_key`](Error::is_key) when the key is of
    /// another scope, [`is_config`](Error::is_config) when the column is not an encrypted one.
    pub fn seal(&self, key: &DataKey, context: &CellContext) -> Result<Vec<u8>> {
        self.seal_under(Nonce::random()?, key, context)
    }

    pub(super) fn seal_under(&self, nonce: Nonce, key: &DataKey, context: &CellContext) -> Result<Vec<u8>> {
        require_scope(key, context)?;
        if self.bytes.len() > MAX_VALUE {
            return Err(too_long(context));
        }
        let header = Header { flags: context.binding(), codec: self.codec, key_id: key.id() };
        let cipher = key.cipher(context.context_id()?)?;
        let bound_to = context.bound_to(&header)?;
        let mut cell = Vec::with_capacity(OVERHEAD + self.bytes.len());
        cell.extend_from_slice(&header.to_bytes());
        cell.extend_from_slice(nonce.bytes());
        let start = cell.len();
        // The plaintext is encrypted where it is put, so the cell holds no other copy of it.
        cell.extend_from_slice(&self.bytes);
        let tag = cell
            .get_mut(start..)
            .and_then(|buffer| cipher.seal(nonce, &bound_to, buffer))
            .ok_or_else(|| too_long(context))?;
        cell.extend_from_slice(&tag);
        Ok(cell)
    }
}

impl fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plaintext(<redacted>)")
    }
}

/// Opens a stored cell, which must have been sealed for this context, by this codec.
fn open_cell(cell: &[u8], codec: u8, context: &CellContext, keyring: &Keyring) -> Result<Zeroizing<Vec<u8>>> {
    let cell = SealedCell::parse(cell).map_err(|malformed| {
        context
            .refuse(Kind::Decrypt, format_args!("the stored value is not a sealed value: {malformed}"))
            .help("it was written around the library, or by a newer version of it")
    })?;
    // The column declares what it accepts. A cell never chooses: an older, weaker form cannot be slipped in.
    if cell.header.flags != context.binding() {
        return Err(
            context.refuse(Kind::Decrypt, "the stored value is not bound to its row and tenant as the column requires")
        );
    }
    if cell.header.codec != codec {
        let name = |codec| codec::name(codec).unwrap_or("unknown");
        let (stored, expected) = (name(cell.header.codec), name(codec));
        return Err(context
            .refuse(
                Kind::Decrypt,
                format_args!("the stored value was sealed as {stored}, and the field holds {expected}"),
            )
            .help(
                "a sealed column keeps its type: add a column of the new type and move the values through the program",
            ));
    }
    let key_id = cell.header.key_id;
    let key = keyring.get(&key_id).ok_or_else(|| {
        context
            .refuse(
                Kind::Key,
                format_args!("the value is sealed under data key {}…, which is not at hand", key_id.short()),
            )
            .help("the key was destroyed, or belongs to another tenant")
    })?;
    require_scope(&key, context)?;
    let bound_to = context.bound_to(&cell.header)?;
    let mut bytes = Zeroizing::new(cell.ciphertext.to_vec());
    key.cipher(context.context_id()?)?.open(cell.nonce, &bound_to, &mut bytes, cell.tag).ok_or_else(|| {
        context
            .refuse(Kind::Decrypt, "the stored value was altered, or moved from another row, column or tenant")
            .help("write the secret again, or restore the row from a backup")
    })?;
    Ok(bytes)
}

fn require_scope(key: &DataKey, context: &CellContext) -> Result<()> {
    if context.admits(key.scope()) {
        return Ok(());
    }
    Err(context
        .refuse(
            Kind::Key,
            format_args!("data key {}… is not of the scope that this row's values are sealed in", key.id().short()),
        )
        .help("a row's secrets are sealed under its own tenant's keys, those of shared tables under the application's"))
}

fn too_long(context: &CellContext) -> Error {
    context.refuse(Kind::Encode, "the value is longer than the 16 MiB that a sealed column holds")
}
