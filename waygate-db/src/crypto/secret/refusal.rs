//! Why a value is not sealed or not opened: each names the column, and the data key where one is known.

use crate::crypto::codec;
use crate::crypto::context::CellContext;
use crate::crypto::data_key::DataKey;
use crate::crypto::key::KeyId;
use crate::crypto::keyring::Keyring;
use crate::crypto::wire::{Header, MAX_VALUE, Malformed};
use crate::error::{Error, Kind};

pub(super) fn not_a_cell(context: &CellContext, malformed: Malformed) -> Error {
    let kind = if malformed.is_unknown_form() { Kind::SealedForm } else { Kind::NotSealed };
    context
        .refuse(kind, format_args!("the stored value is not a sealed value: {malformed}"))
        .help("it was written around the library, or by a newer version of it")
}

pub(super) fn other_binding(context: &CellContext, header: &Header) -> Error {
    let id = header.key_id.short();
    context
        .refuse(
            Kind::SealedBinding,
            format_args!("the stored value is not bound to its row and tenant as the column requires (data key {id}…)"),
        )
        .help("it was sealed for a column of another binding: move such values through the program")
}

pub(super) fn other_codec(context: &CellContext, header: &Header, expected: u8) -> Error {
    let name = |codec| codec::name(codec).unwrap_or("unknown");
    let (stored, expected, id) = (name(header.codec), name(expected), header.key_id.short());
    context
        .refuse(
            Kind::SealedType,
            format_args!("the stored value was sealed as {stored}, and the field holds {expected} (data key {id}…)"),
        )
        .help("a sealed column keeps its type: add a column of the new type and move the values through the program")
}

pub(super) fn no_key(context: &CellContext, header: &Header, keyring: &Keyring) -> Error {
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

pub(super) fn altered(context: &CellContext, header: &Header) -> Error {
    let id = header.key_id.short();
    context
        .refuse(
            Kind::Decrypt,
            format_args!("the stored value was altered, or moved from another row, column or tenant (data key {id}…)"),
        )
        .help("write the secret again, or restore the row from a backup")
}

pub(super) fn too_long(context: &CellContext, key: &DataKey) -> Error {
    let (max, id) = (MAX_VALUE / 1024 / 1024, key.id().short());
    context
        .refuse(
            Kind::Encode,
            format_args!("the value is longer than the {max} MiB that a sealed column holds (data key {id}…)"),
        )
        .help("keep such a value in a file of its own, and seal the key that the file is sealed under")
}

pub(super) fn too_long_for_its_column(context: &CellContext, key: &DataKey) -> Error {
    let id = key.id().short();
    context
        .refuse(
            Kind::Encode,
            format_args!("the value is longer than the length that the column's values are padded to (data key {id}…)"),
        )
        .help("`pad = fixed(n)` takes values of at most n - 1 bytes: give the field a larger n")
}

pub(super) fn other_shape(context: &CellContext, key_id: KeyId) -> Error {
    let id = key_id.short();
    context
        .refuse(Kind::Decode, format_args!("the opened value is not of the field's type (data key {id}…)"))
        .help("it was sealed by a struct of another shape: read it with the type that wrote it")
}

pub(super) fn other_scope(context: &CellContext, key: &DataKey) -> Error {
    let id = key.id().short();
    context
        .refuse(
            Kind::KeyMismatch,
            format_args!("data key {id}… is not of the scope that this row's values are sealed in"),
        )
        .help("a row's secrets are sealed under its own tenant's keys, those of shared tables under the application's")
}
