//! Lengths hidden, bindings chosen, and values that stay sealed.

use proptest::prelude::*;

use super::*;
use crate::value::Json;

fn at(column: usize) -> CellContext {
    CellContext::new(&TOKENS, column, ROW, Some(ACME))
}

/// The length of the ciphertext of a text of this length.
fn sealed_length(length: usize, column: usize) -> Result<usize> {
    Ok(seal("x".repeat(length), &*acme_key()?, &at(column))?.len() - 48)
}

#[test]
fn short_texts_fall_into_steps_of_sixteen() -> Result<()> {
    for (length, padded) in [(0, 16), (1, 16), (15, 16), (16, 32), (200, 208), (255, 256)] {
        assert_eq!(sealed_length(length, PADDED)?, padded, "{length}");
    }
    Ok(())
}

#[test]
fn long_texts_grow_by_at_most_an_eighth() -> Result<()> {
    for length in [256, 300, 1_000, 4_096, 100_000, 1 << 20] {
        let padded = sealed_length(length, PADDED)?;
        assert!(padded > length && padded <= (length + 1) * 9 / 8, "{length}: {padded}");
    }
    // Of all the lengths between them, few are left.
    let lengths: std::collections::HashSet<_> =
        (1_000..2_000).map(|length| sealed_length(length, PADDED)).collect::<Result<_>>()?;
    assert!(lengths.len() < 20, "{}", lengths.len());
    Ok(())
}

#[test]
fn a_fixed_length_hides_all_of_it_and_refuses_more() -> Result<()> {
    assert_eq!(sealed_length(0, STATE)?, 32);
    assert_eq!(sealed_length(31, STATE)?, 32);
    let error = sealed_length(32, STATE).unwrap_err();
    assert!(error.is_encode() && error.message().starts_with("tokens.state: "), "{error}");
    assert_eq!(sealed_length(99, STEPPED)?, 100);
    assert_eq!(sealed_length(100, STEPPED)?, 200);
    Ok(())
}

#[test]
fn fixed_widths_are_not_padded_and_json_is() -> Result<()> {
    let key = acme_key()?;
    assert_eq!(seal(7_i64, &key, &at(PADDED))?.len(), 48 + 8);
    assert_eq!(seal(Json(serde_json::json!({"a": 1})), &key, &at(PADDED))?.len(), 48 + 16);
    Ok(())
}

#[test]
fn the_padded_flag_is_authenticated() -> Result<()> {
    let key = acme_key()?;
    let mut cell = seal("a".to_owned(), &key, &at(PADDED))?;
    assert_eq!(cell[2], 0b111);
    cell[2] = 0b011;
    assert!(open::<String>(&cell, &at(PADDED), &keyring_of(&[&key])).unwrap_err().is_altered());
    Ok(())
}

#[test]
fn what_was_sealed_without_padding_still_opens_where_padding_is_asked_for() -> Result<()> {
    let key = acme_key()?;
    let mut unpadded = TOKENS;
    let columns = [ID_COLUMN, sealed("padded", "tokens.padded")];
    unpadded.columns = Box::leak(Box::new(columns));
    let before = CellContext::new(Box::leak(Box::new(unpadded)), 1, ROW, Some(ACME));
    let cell = seal("older".to_owned(), &key, &before)?;
    assert_eq!(open::<String>(&cell, &at(PADDED), &keyring_of(&[&key]))?, "older");
    Ok(())
}

#[test]
fn a_tenants_binding_follows_the_tenant_and_not_the_row() -> Result<()> {
    let key = acme_key()?;
    let keyring = keyring_of(&[&key]);
    let cell = seal("of acme".to_owned(), &key, &at(TENANTS))?;
    let other_row = CellContext::new(&TOKENS, TENANTS, OTHER_ROW, Some(ACME));
    assert_eq!(open::<String>(&cell, &other_row, &keyring)?, "of acme");
    let rival = DataKey::generate(KeyScope::Tenant(RIVAL), KeyPurpose::Encrypt, 1).map(Arc::new)?;
    let others = CellContext::new(&TOKENS, TENANTS, ROW, Some(RIVAL));
    assert!(open::<String>(&cell, &others, &keyring_of(&[&key, &rival])).unwrap_err().is_key_mismatch());
    Ok(())
}

#[test]
fn a_cell_of_a_weaker_binding_is_refused_where_a_stronger_is_declared() -> Result<()> {
    let key = acme_key()?;
    let keyring = keyring_of(&[&key]);
    for weaker in [TENANTS, ANYWHERE] {
        let cell = seal("free".to_owned(), &key, &at(weaker))?;
        assert!(open::<String>(&cell, &at(TOKEN), &keyring).unwrap_err().is_sealed_binding_wrong());
    }
    let cell = seal("free".to_owned(), &key, &at(ANYWHERE))?;
    assert_eq!(open::<String>(&cell, &CellContext::new(&TOKENS, ANYWHERE, OTHER_ROW, Some(ACME)), &keyring)?, "free");
    Ok(())
}

#[test]
fn a_sealed_field_reads_without_a_key_and_says_what_is_wrong_when_it_is_opened() -> Result<()> {
    let key = acme_key()?;
    let cell = seal("later".to_owned(), &key, &at(TOKEN))?;
    let none = Keyring::default();
    let sealed = Sealed::<String>::read(Some(&cell), &at(TOKEN), &none)?;
    assert_eq!(format!("{sealed:?}"), "Sealed(<redacted>)");
    assert!(sealed.open_with(&none).unwrap_err().is_key_unknown());
    assert_eq!(sealed.clone().open_with(&keyring_of(&[&key]))?.expose(), "later");
    // A damaged cell is read too: the list that it stands in is not lost.
    let damaged = Sealed::<String>::read(Some(b"nothing sealed"), &at(TOKEN), &none)?;
    assert!(damaged.open_with(&keyring_of(&[&key])).unwrap_err().is_not_sealed());
    assert!(Option::<Sealed<String>>::read(None, &at(TOKEN), &none)?.is_none());
    assert!(Sealed::<String>::read(None, &at(TOKEN), &none).unwrap_err().is_decode());
    Ok(())
}

#[test]
fn equality_is_of_the_values() {
    let one = Encrypted::new("a".to_owned());
    assert!(one.ct_eq(&Encrypted::new("a".to_owned())));
    assert!(!one.ct_eq(&Encrypted::new("b".to_owned())));
    assert!(!one.ct_eq(&Encrypted::new("aa".to_owned())));
}

proptest! {
    #[test]
    fn whatever_is_padded_comes_back(text in ".*", bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let key = fixed_key(KeyScope::Tenant(ACME)).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let keyring = keyring_of(&[&key]);
        for column in [PADDED, STEPPED] {
            let comes_back = || -> Result<(String, Vec<u8>)> {
                Ok((
                    open(&seal(text.clone(), &key, &at(column))?, &at(column), &keyring)?,
                    open(&seal(bytes.clone(), &key, &at(column))?, &at(column), &keyring)?,
                ))
            };
            prop_assert_eq!(comes_back().ok(), Some((text.clone(), bytes.clone())));
        }
    }
}
