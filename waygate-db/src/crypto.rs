//! Sealed fields: authenticated ciphertext, bound to its column, row and tenant.
//!
//! Pure and synchronous; only a [`KeyProvider`] may wait. A value goes through these files in this order:
//!
//! 1. [`Encrypted`] holds it in the program, and never prints it; [`Sealed`] is one that is not opened yet;
//! 2. a [`Codec`] turns it into bytes, a [`Plaintext`], whose length `padding` hides;
//! 3. a [`CellContext`] says which cell the bytes are for;
//! 4. a [`DataKey`], found in the [`Keyring`], gives the column's cipher;
//! 5. `wire` lays header, nonce, ciphertext and tag out as the stored cell, in the buffer of the `draft`.
//!
//! `blind` makes the digest by which a sealed value is found, under a data key that seals nothing.
//!
//! Data keys are stored wrapped by a [`KeyProvider`], of which [`EnvKeys`], [`FileKeys`] and `VaultTransit` are built
//! in; `which` makes the one that the environment asks for. [`SealKey`] stands apart: it opens nothing, and tells the
//! database who chose a session's tenant.
//!
//! ```text
//! key-encryption key   in the provider, never in the database
//!  └─ data key         random, stored wrapped; its id on the wire commits to it
//!      └─ column key   derived for each column's stable context id
//! ```
//!
//! Every label, number and order of fields in this room is part of the stored format. They never change: a new format
//! is a new suite number, and `tests/frozen.rs` and `vectors/enc-v1.json` hold cells that must open for ever.

mod blind;
mod cipher;
mod codec;
mod context;
mod data_key;
mod derive;
mod draft;
mod encrypted;
mod env_keys;
mod env_vars;
mod file_keys;
mod hex;
mod kek;
mod kek_text;
mod key;
mod keyring;
mod movable;
mod padding;
mod plain;
mod provider;
mod providers;
mod seal_key;
mod sealed;
mod secret;
#[cfg(feature = "vault")]
mod vault;
mod which;
mod wire;

#[cfg(test)]
mod tests;

pub use blind::{Findable, Searchable};
pub(crate) use blind::{Sought, index_value};
pub use codec::Codec;
pub use context::CellContext;
pub use data_key::DataKey;
pub use encrypted::Encrypted;
pub use env_keys::EnvKeys;
pub use file_keys::FileKeys;
pub(crate) use hex::hex;
pub use key::{KeyId, KeyPurpose, KeyScope, KeySecret};
pub use keyring::Keyring;
pub use movable::Movable;
pub use provider::{KeyFuture, KeyProvider, UnwrapRequest, WrapContext, WrapRequest, WrappedKey};
pub(crate) use providers::Providers;
pub use seal_key::SealKey;
pub use sealed::Sealed;
pub use secret::{Plaintext, Sealable, Secret};
#[cfg(feature = "vault")]
pub use vault::VaultTransit;
pub use which::provider_from;
pub use wire::{SealedCell, cell_key_id};
