//! The stored form's parser: strict, and total.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::cell_key_id;
use super::super::wire::{HEADER_LEN, Malformed, SealedCell};
use super::*;

#[test]
fn each_malformed_header_is_named() -> Result<()> {
    let cell = seal("x".to_owned(), &*acme_key()?, &acme_token())?;
    let with = |index: usize, byte: u8| {
        let mut altered = cell.clone();
        altered[index] = byte;
        altered
    };
    let cases = [
        (Vec::new(), Malformed::TooShort),
        (cell[..47].to_vec(), Malformed::TooShort),
        (b"a plain text that is longer than forty-eight bytes".to_vec(), Malformed::Magic),
        (with(0, 0xFA), Malformed::Magic),
        (with(1, 0x00), Malformed::Suite),
        (with(1, 0x02), Malformed::Suite),
        (with(2, 0b0000_1011), Malformed::Flags),
        (with(2, 0b1000_0011), Malformed::Flags),
        (with(3, 0), Malformed::Codec),
        (with(3, 13), Malformed::Codec),
        ([&cell[..32], &vec![0; 16 * 1024 * 1024 + 512 * 1024 + 17]].concat(), Malformed::TooLong),
    ];
    assert!(SealedCell::parse(&[&cell[..32], &vec![0; 16 * 1024 * 1024 + 512 * 1024 + 16]].concat()).is_ok());
    for (bytes, expected) in cases {
        assert_eq!(SealedCell::parse(&bytes).err(), Some(expected));
        assert_eq!(cell_key_id(&bytes), None);
        let error = open::<String>(&bytes, &acme_token(), &Keyring::default()).unwrap_err();
        assert!(error.is_decrypt() && error.message().starts_with("tokens.token: "), "{error}");
    }
    Ok(())
}

#[test]
fn the_key_id_is_read_without_a_key() -> Result<()> {
    let key = acme_key()?;
    let cell = seal(String::new(), &key, &acme_token())?;
    assert_eq!(cell_key_id(&cell), Some(key.id()));
    assert_eq!(cell.len(), 48);
    Ok(())
}

/// Bytes that are often nearly a cell, so that the parser's later steps are reached.
fn nearly_a_cell() -> impl Strategy<Value = Vec<u8>> {
    let start = prop_oneof![Just(vec![]), Just(vec![0xF9]), Just(vec![0xF9, 1, 3]), Just(vec![0xF9, 1, 1, 11])];
    (start, vec(any::<u8>(), 0..120)).prop_map(|(start, rest)| [start, rest].concat())
}

proptest! {
    #[test]
    fn the_parser_never_panics_and_accepts_only_what_it_can_write(bytes in nearly_a_cell()) {
        if let Ok(cell) = SealedCell::parse(&bytes) {
            let header = cell.header.to_bytes();
            prop_assert_eq!(header.len(), HEADER_LEN);
            let again = [&header[..], cell.nonce, cell.ciphertext, cell.tag].concat();
            prop_assert_eq!(again, bytes);
        }
    }

    #[test]
    fn bytes_that_nobody_sealed_never_open(bytes in nearly_a_cell()) {
        let key = fixed_key(KeyScope::Tenant(ACME)).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let keyring = keyring_of(&[&key]);
        prop_assert!(open::<String>(&bytes, &acme_token(), &keyring).is_err());
        // And with a header that names the key, so that the cipher itself decides.
        let header = [&[0xF9, 1, 3, 1], key.id().0.as_slice(), &bytes].concat();
        let error = open::<String>(&header, &acme_token(), &keyring).unwrap_err();
        prop_assert!(error.is_decrypt());
    }

    #[test]
    fn any_text_and_any_bytes_come_back(text in ".*", bytes in vec(any::<u8>(), 0..600)) {
        let key = fixed_key(KeyScope::Tenant(ACME)).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let keyring = keyring_of(&[&key]);
        let comes_back = || -> Result<(String, Vec<u8>)> {
            Ok((
                open(&seal(text.clone(), &key, &acme_token())?, &acme_token(), &keyring)?,
                open(&seal(bytes.clone(), &key, &acme_token())?, &acme_token(), &keyring)?,
            ))
        };
        prop_assert_eq!(comes_back().ok(), Some((text.clone(), bytes.clone())));
    }
}
