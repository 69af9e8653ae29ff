//! The frozen cells of `vectors/enc-v1.json`, which another implementation wrote: sealed here to the same bytes, and
//! opened again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::cipher::{Nonce, NonceBytes};
use super::super::codec;
use super::super::wire::{HEADER_LEN, SealedCell};
use super::vectors::{Outcome, unhex};
use super::*;
use crate::value::Json;

const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/enc-v1.json"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    #[serde(rename = "about")]
    _about: String,
    secret: String,
    nonce: String,
    commitments: BTreeMap<String, String>,
    cells: Vec<Frozen>,
}

/// One cell, and all that went into it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frozen {
    name: String,
    codec: u8,
    key_scope: String,
    context: String,
    binding: String,
    padding: String,
    row: Uuid,
    tenant: Option<Uuid>,
    value: String,
    place: String,
    cell: String,
}

impl Frozen {
    /// The cell's place, in a table made for it.
    fn place(&self) -> std::result::Result<CellContext, Box<dyn std::error::Error>> {
        let binding = match self.binding.as_str() {
            "row" => Binding::Row,
            "tenant" => Binding::Tenant,
            "column" => Binding::Column,
            other => return Err(format!("{}: no binding is called {other}", self.name).into()),
        };
        let padding = match self.padding.split_once(' ') {
            None if self.padding == "auto" => Padding::Auto,
            None if self.padding == "none" => Padding::None,
            Some(("block", size)) => Padding::Block(size.parse()?),
            Some(("fixed", size)) => Padding::Fixed(size.parse()?),
            _ => return Err(format!("{}: no padding is called {}", self.name, self.padding).into()),
        };
        let scope = match (self.tenant, self.key_scope.as_str()) {
            (Some(_), _) => Scope::Column(ID),
            (None, "app") => Scope::Shared,
            (None, _) => Scope::Through { column: ID, owner: None },
        };
        let context: &'static str = Box::leak(self.context.clone().into_boxed_str());
        let columns = Box::leak(Box::new([ID_COLUMN, sealed_as("value", context, binding, padding)]));
        let table = Box::leak(Box::new(table("vectors", scope, columns)));
        Ok(CellContext::new(table, 1, self.row, self.tenant))
    }

    /// Reads the value by its codec, seals it again, and opens the frozen cell.
    fn check<T: Codec>(&self, key: &Arc<DataKey>, nonce: NonceBytes) -> Outcome {
        let (context, value, cell) = (self.place()?, unhex(&self.value)?, unhex(&self.cell)?);
        let decoded = T::decode(value.clone().into()).ok_or_else(|| format!("{}: is not of its codec", self.name))?;
        let plaintext = Encrypted::new(decoded).plaintext()?.ok_or("a value is not NULL")?;
        assert_eq!(hex(&plaintext.seal_under(Nonce::fixed(nonce), key, &context)?), self.cell, "{}", self.name);

        let opened = Encrypted::<T>::read(Some(&cell), &context, &keyring_of(&[key]))?;
        let written = opened.plaintext()?.ok_or("a value is not NULL")?;
        assert_eq!(written.value(), value, "{}", self.name);

        let header = SealedCell::parse(&cell).map_err(|malformed| malformed.to_string())?.header;
        let bound_to = context.bound_to(&header, context.encryption()?);
        assert_eq!(hex(&bound_to[HEADER_LEN..]), self.place, "{}", self.name);
        assert_eq!((header.codec, header.key_id), (self.codec, key.id()), "{}", self.name);
        Ok(())
    }
}

#[test]
fn every_frozen_cell_is_sealed_alike_and_opens() -> Outcome {
    let vectors: Vectors = serde_json::from_str(FILE)?;
    let nonce = unhex(&vectors.nonce)?.as_slice().try_into()?;
    for frozen in &vectors.cells {
        let secret = KeySecret::from_slice(&unhex(&vectors.secret)?).ok_or("a secret has 32 bytes")?;
        let key = Arc::new(DataKey::from_secret(secret, frozen.key_scope.parse()?, KeyPurpose::Encrypt, 1)?);
        assert_eq!(vectors.commitments.get(&frozen.key_scope), Some(&hex(&key.commitment())), "{}", frozen.name);
        let check = match frozen.codec {
            1 => Frozen::check::<String>,
            2 => Frozen::check::<Vec<u8>>,
            3 => Frozen::check::<i64>,
            4 => Frozen::check::<i32>,
            5 => Frozen::check::<bool>,
            6 => Frozen::check::<Uuid>,
            7 => Frozen::check::<f64>,
            8 => Frozen::check::<NaiveDate>,
            9 => Frozen::check::<DateTime<Utc>>,
            #[cfg(feature = "decimal")]
            10 => Frozen::check::<rust_decimal::Decimal>,
            // Without the feature there is no type to read it as.
            #[cfg(not(feature = "decimal"))]
            10 => continue,
            11 => Frozen::check::<Json>,
            12 => Frozen::check::<i16>,
            other => return Err(format!("{}: no codec has the number {other}", frozen.name).into()),
        };
        check(frozen, &key, nonce)?;
    }
    Ok(())
}

/// A new codec does not go without its frozen cells.
#[test]
fn every_codec_has_frozen_cells_with_and_without_padding() -> Outcome {
    let vectors: Vectors = serde_json::from_str(FILE)?;
    let mut frozen = BTreeSet::new();
    for one in &vectors.cells {
        let cell = unhex(&one.cell)?;
        let header = SealedCell::parse(&cell).map_err(|malformed| malformed.to_string())?.header;
        frozen.insert((header.codec, header.flags & super::super::wire::PADDED != 0));
    }
    let known = (0..=u8::MAX).filter(|codec| codec::name(*codec).is_some());
    let expected: BTreeSet<_> = known.flat_map(|codec| [(codec, false), (codec, true)]).collect();
    assert_eq!(frozen, expected);
    Ok(())
}
