//! The types that a sealed field may have, and the values on their way into a cell and out of it.

mod refusal;

use std::fmt;

use zeroize::Zeroizing;

use super::cipher::Nonce;
use super::codec::Codec;
use super::context::CellContext;
use super::data_key::DataKey;
use super::draft::Draft;
use super::encrypted::Encrypted;
use super::key::KeyId;
use super::keyring::Keyring;
use super::padding::{self, Padded};
use super::wire::{BODY, HEADER_LEN, Header, MAX_VALUE, PADDED, SealedCell, TAG_LEN};
use crate::error::{Error, Kind, Result};
use crate::schema::Opened;

/// The type of a sealed field: [`Encrypted`], which is opened with its row, or [`Sealed`](crate::Sealed), which is opened
/// on demand; or an `Option` of one for a nullable column.
///
/// NULL is stored as NULL, so whether a secret is there can be seen in the database.
#[diagnostic::on_unimplemented(
    message = "an encrypted field holds `waygate_db::Encrypted<…>` or `waygate_db::Sealed<…>`, not `{Self}`",
    label = "a type that would hold the secret unguarded",
    note = "write `Encrypted<T>` for a value that is opened with its row, `Sealed<T>` for one that is opened on demand",
    note = "a column that takes NULL is an `Option` of one of them"
)]
pub trait Secret: Sized + Send + Sync + 'static {
    /// Whether a column of this type takes NULL.
    const NULLABLE: bool;
    /// The number of the value's codec in the stored format.
    #[doc(hidden)]
    const CODEC: u8;
    /// When the value is opened.
    #[doc(hidden)]
    const OPENED: Opened;

    /// Reads a stored cell; `None` is NULL.
    #[doc(hidden)]
    fn read(cell: Option<&[u8]>, context: &CellContext, keyring: &Keyring) -> Result<Self>;
}

/// A value that is given to a sealed field: [`Encrypted`], or an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given to a sealed field",
    label = "expected `Encrypted<…>` or an `Option` of it",
    note = "give the bare value, or `Encrypted::new(value)`; a `Sealed` is opened first: `sealed.open(&session).await?`"
)]
pub trait Sealable: Send + Sync + 'static {
    /// The bytes to seal; `None` for NULL.
    #[doc(hidden)]
    fn plaintext(&self) -> Result<Option<Plaintext>>;
}

impl<T: Codec> Secret for Encrypted<T> {
    const NULLABLE: bool = false;
    const CODEC: u8 = T::CODEC;
    const OPENED: Opened = Opened::WithRow;

    fn read(cell: Option<&[u8]>, context: &CellContext, keyring: &Keyring) -> Result<Self> {
        let cell = cell.ok_or_else(|| null(context))?;
        Self::from_opened(Plaintext::open(cell, T::CODEC, context, keyring)?, context)
    }
}

impl<T: Codec> Secret for Option<Encrypted<T>> {
    const NULLABLE: bool = true;
    const CODEC: u8 = T::CODEC;
    const OPENED: Opened = Opened::WithRow;

    fn read(cell: Option<&[u8]>, context: &CellContext, keyring: &Keyring) -> Result<Self> {
        cell.map(|cell| Encrypted::read(Some(cell), context, keyring)).transpose()
    }
}

impl<T: Codec> Sealable for Encrypted<T> {
    fn plaintext(&self) -> Result<Option<Plaintext>> {
        Ok(Some(Plaintext::of_draft(T::CODEC, self.expose().encode()?)))
    }
}

impl<T: Codec> Sealable for Option<Encrypted<T>> {
    fn plaintext(&self) -> Result<Option<Plaintext>> {
        self.as_ref().map_or(Ok(None), Sealable::plaintext)
    }
}

impl<T: Codec> Encrypted<T> {
    /// The value with these opened bytes.
    pub(super) fn from_opened(opened: OpenedValue, context: &CellContext) -> Result<Self> {
        let OpenedValue { key_id, bytes, .. } = opened;
        T::decode(bytes).map(Self::new).ok_or_else(|| refusal::other_shape(context, key_id))
    }
}

/// What an opened cell holds.
pub struct OpenedValue {
    codec: u8,
    key_id: KeyId,
    bytes: Zeroizing<Vec<u8>>,
}

impl OpenedValue {
    /// The value, as its codec writes it.
    pub(crate) fn value(&self) -> &[u8] {
        &self.bytes
    }
}

/// A value's bytes on their way into a cell: never printed, wiped when dropped.
pub struct Plaintext {
    codec: u8,
    draft: Draft,
}

impl Plaintext {
    pub(super) fn of_draft(codec: u8, draft: Draft) -> Self {
        Self { codec, draft }
    }

    /// The value, as its codec writes it.
    pub(crate) fn value(&self) -> &[u8] {
        self.draft.value()
    }

    /// Seals the value for this cell, in the buffer that it stands in.
    ///
    /// # Errors
    ///
    /// [`is_encode`](Error::is_encode) when it is longer than 16 MiB or than the column's fixed length,
    /// [`is_key_mismatch`](Error::is_key_mismatch) when the key is of another scope, [`is_config`](Error::is_config) when
    /// the column is not an encrypted one.
    pub fn seal(self, key: &DataKey, context: &CellContext) -> Result<Vec<u8>> {
        self.seal_under(Nonce::random()?, key, context)
    }

    pub(super) fn seal_under(self, nonce: Nonce, key: &DataKey, context: &CellContext) -> Result<Vec<u8>> {
        require_scope(key, context)?;
        let encryption = context.encryption()?;
        let length = self.value().len();
        if length > MAX_VALUE {
            return Err(refusal::too_long(context, key));
        }
        let padded = match padding::padded_length(encryption.padding, self.codec, length) {
            None => None,
            Some(Padded::To(padded)) => Some(padded),
            Some(Padded::TooLong) => return Err(refusal::too_long_for_its_column(context, key)),
        };
        let flags = context.binding(encryption) | padded.map_or(0, |_| PADDED);
        let header = Header { flags, codec: self.codec, key_id: key.id() };
        let bound_to = context.bound_to(&header, encryption);
        let cipher = key.cipher(encryption.context)?;
        let mut cell = self.draft.into_buffer(padded.map_or(0, |padded| padded - length) + TAG_LEN);
        if let Some(padded) = padded {
            padding::pad(&mut cell, BODY + padded);
        }
        let (head, value) = cell.split_at_mut(BODY);
        let (head, number) = head.split_at_mut(HEADER_LEN);
        head.copy_from_slice(&header.to_bytes());
        number.copy_from_slice(nonce.bytes());
        let tag = cipher.seal(nonce, &bound_to, value).ok_or_else(|| refusal::too_long(context, key))?;
        cell.extend_from_slice(&tag);
        // What is taken out is ciphertext.
        Ok(std::mem::take(&mut *cell))
    }

    /// Opens a stored cell, which must have been sealed for this context, by this codec.
    ///
    /// # Errors
    ///
    /// [`is_decrypt`](Error::is_decrypt) and the predicates after it, [`is_key`](Error::is_key) when its key is not at
    /// hand.
    pub(crate) fn open(cell: &[u8], codec: u8, context: &CellContext, keyring: &Keyring) -> Result<OpenedValue> {
        let cell = SealedCell::parse(cell).map_err(|malformed| refusal::not_a_cell(context, malformed))?;
        let encryption = context.encryption()?;
        let SealedCell { header, nonce, ciphertext, tag } = cell;
        // The column declares what it accepts. A cell never chooses: an older, weaker form cannot be slipped in.
        if header.flags & !PADDED != context.binding(encryption) {
            return Err(refusal::other_binding(context, &header));
        }
        if header.codec != codec {
            return Err(refusal::other_codec(context, &header, codec));
        }
        let key = keyring.get(&header.key_id).ok_or_else(|| refusal::no_key(context, &header, keyring))?;
        require_scope(&key, context)?;
        let bound_to = context.bound_to(&header, encryption);
        let mut bytes = Zeroizing::new(ciphertext.to_vec());
        let opened = key.cipher(encryption.context)?.open(nonce, &bound_to, &mut bytes, tag);
        opened.ok_or_else(|| refusal::altered(context, &header))?;
        if header.flags & PADDED != 0 {
            let length = padding::value_length(&bytes).ok_or_else(|| refusal::altered(context, &header))?;
            bytes.truncate(length);
        }
        Ok(OpenedValue { codec: header.codec, key_id: header.key_id, bytes })
    }
}

impl fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plaintext(<redacted>)")
    }
}

impl fmt::Debug for OpenedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenedValue(<redacted>)")
    }
}

/// An opened value that is sealed again, as when its key is rotated.
impl From<OpenedValue> for Plaintext {
    fn from(opened: OpenedValue) -> Self {
        Self { codec: opened.codec, draft: Draft::of(&opened.bytes) }
    }
}

fn require_scope(key: &DataKey, context: &CellContext) -> Result<()> {
    if context.admits(key.scope()) { Ok(()) } else { Err(refusal::other_scope(context, key)) }
}

/// NULL where the field has no place for it.
pub(super) fn null(context: &CellContext) -> Error {
    context
        .refuse(Kind::Decode, "NULL came for a field that is not an `Option`")
        .help("write `Option<…>` around the field's type, or fill the column and make it NOT NULL")
}
