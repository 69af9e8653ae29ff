//! The types that a sealed field may have, and the values on their way into a cell and out of it.

use std::fmt;

use zeroize::Zeroizing;

use super::cipher::Nonce;
use super::codec::{self, Codec};
use super::context::CellContext;
use super::data_key::DataKey;
use super::draft::Draft;
use super::encrypted::Encrypted;
use super::keyring::Keyring;
use super::padding::{self, Padded};
use super::wire::{BODY, HEADER_LEN, Header, MAX_VALUE, Malformed, PADDED, SealedCell, TAG_LEN};
use crate::error::{Error, Kind, Result};
use crate::schema::Opened;

/// The type of a sealed field: [`Encrypted`], which is opened with its row, or [`Sealed`](crate::Sealed), which is opened
/// on demand; or an `Option` of one for a nullable column.
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
        let value = T::decode(opened.bytes).ok_or_else(|| {
            context
                .refuse(Kind::Decode, "the opened value is not of the field's type")
                .help("it was sealed by a struct of another shape: read it with the type that wrote it")
        })?;
        Ok(Self::new(value))
    }
}

/// What an opened cell holds.
pub struct OpenedValue {
    codec: u8,
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
            return Err(too_long(context, MAX_VALUE));
        }
        let padded = match padding::padded_length(encryption.padding, self.codec, length) {
            None => None,
            Some(Padded::To(padded)) => Some(padded),
            Some(Padded::TooLong) => return Err(too_long_for_its_column(context)),
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
        let tag = cipher.seal(nonce, &bound_to, value).ok_or_else(|| too_long(context, MAX_VALUE))?;
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
        let cell = SealedCell::parse(cell).map_err(|malformed| not_a_cell(context, malformed))?;
        let encryption = context.encryption()?;
        let SealedCell { header, nonce, ciphertext, tag } = cell;
        // The column declares what it accepts. A cell never chooses: an older, weaker form cannot be slipped in.
        if header.flags & !PADDED != context.binding(encryption) {
            return Err(context
                .refuse(
                    Kind::SealedBinding,
                    "the stored value is not bound to its row and tenant as the column requires",
                )
                .help("it was sealed for a column of another binding: move such values through the program"));
        }
        if header.codec != codec {
            return Err(other_codec(context, header.codec, codec));
        }
        let key = keyring.get(&header.key_id).ok_or_else(|| no_key(context, &header, keyring))?;
        require_scope(&key, context)?;
        let bound_to = context.bound_to(&header, encryption);
        let mut bytes = Zeroizing::new(ciphertext.to_vec());
        let opened = key.cipher(encryption.context)?.open(nonce, &bound_to, &mut bytes, tag);
        opened.ok_or_else(|| altered(context, &header))?;
        if header.flags & PADDED != 0 {
            let length = padding::value_length(&bytes).ok_or_else(|| altered(context, &header))?;
            bytes.truncate(length);
        }
        Ok(OpenedValue { codec: header.codec, bytes })
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
    if context.admits(key.scope()) {
        return Ok(());
    }
    Err(context
        .refuse(
            Kind::KeyMismatch,
            format_args!("data key {}… is not of the scope that this row's values are sealed in", key.id().short()),
        )
        .help("a row's secrets are sealed under its own tenant's keys, those of shared tables under the application's"))
}

/// NULL where the field has no place for it.
pub(super) fn null(context: &CellContext) -> Error {
    context.refuse(Kind::Decode, "NULL came for a field that is not an `Option`")
}

fn not_a_cell(context: &CellContext, malformed: Malformed) -> Error {
    let kind = if malformed.is_unknown_form() { Kind::SealedForm } else { Kind::NotSealed };
    context
        .refuse(kind, format_args!("the stored value is not a sealed value: {malformed}"))
        .help("it was written around the library, or by a newer version of it")
}

fn other_codec(context: &CellContext, stored: u8, expected: u8) -> Error {
    let name = |codec| codec::name(codec).unwrap_or("unknown");
    let (stored, expected) = (name(stored), name(expected));
    context
        .refuse(
            Kind::SealedType,
            format_args!("the stored value was sealed as {stored}, and the field holds {expected}"),
        )
        .help("a sealed column keeps its type: add a column of the new type and move the values through the program")
}

fn no_key(context: &CellContext, header: &Header, keyring: &Keyring) -> Error {
    let id = header.key_id.short();
    if let Some(at) = keyring.destroyed(&header.key_id) {
        let at = at.format("%Y-%m-%d %H:%M UTC");
        return context
            .refuse(Kind::KeyDestroyed, format_args!("the value's data key {id}… was destroyed, at {at}"))
            .help("it cannot be opened any more; that is what destroying a key is for");
    }
    context
        .refuse(Kind::UnknownKey, format_args!("the value is sealed under data key {id}…, which is not at hand"))
        .help("the key was removed, or belongs to another tenant: `waygate keys doctor` looks for it")
}

fn altered(context: &CellContext, header: &Header) -> Error {
    let id = header.key_id.short();
    context
        .refuse(
            Kind::Decrypt,
            format_args!("the stored value was altered, or moved from another row, column or tenant (data key {id}…)"),
        )
        .help("write the secret again, or restore the row from a backup")
}

fn too_long(context: &CellContext, max: usize) -> Error {
    let max = max / 1024 / 1024;
    context.refuse(Kind::Encode, format_args!("the value is longer than the {max} MiB that a sealed column holds"))
}

fn too_long_for_its_column(context: &CellContext) -> Error {
    context
        .refuse(Kind::Encode, "the value is longer than the length that the column's values are padded to")
        .help("`pad = fixed(n)` takes values of at most n - 1 bytes: give the field a larger n")
}
