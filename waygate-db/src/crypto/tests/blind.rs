//! Blind indexes: what is written, under which key, and what counts as the same value.

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::super::{Sought, index_value};
use super::*;
use crate::schema::{Normalizer, Search, SearchScope};

const CONTEXT: &str = "tokens.found";

fn column(codec: u8, normalizer: Normalizer, bits: u8) -> &'static Encryption {
    in_context(CONTEXT, codec, normalizer, bits)
}

fn in_context(context: &'static str, codec: u8, normalizer: Normalizer, bits: u8) -> &'static Encryption {
    let search = Some(Search { column: 2, bits, normalizer, scope: SearchScope::Tenant, unique: false });
    let (binding, padding, opened) = (Binding::Row, Padding::None, Opened::WithRow);
    Box::leak(Box::new(Encryption { context, codec, binding, padding, opened, search, moved_from: None }))
}

fn texts(normalizer: Normalizer, bits: u8) -> &'static Encryption {
    column(1, normalizer, bits)
}

/// An index key of these bytes and number.
fn index_key(start: u8, version: i32) -> Result<DataKey> {
    let bytes = std::array::from_fn(|index| start.wrapping_add(u8::try_from(index).unwrap_or_default()));
    DataKey::from_secret(KeySecret::new(bytes), KeyScope::Tenant(ACME), KeyPurpose::Index, version)
}

/// Computed by another implementation (Python's HMAC) from the format's description. What breaks one of these finds
/// nothing that was stored before.
#[test]
fn digests_are_frozen() -> Result<()> {
    let key = index_key(0, 7)?;
    let is = |encryption, value: &[u8], frozen: &str| -> Result<()> {
        assert_eq!(hex(&index_value(&key, encryption, value)?), frozen);
        Ok(())
    };
    is(texts(Normalizer::Exact, 128), b"Ada@Example.org", "076f93c2294d141e006f093f08ddaadf72")?;
    is(texts(Normalizer::Lower, 24), "ADA@exÄmple.org".as_bytes(), "0782dae6")?;
    is(texts(Normalizer::Trim, 20), " Ada\n".as_bytes(), "07dc0a40")?;
    is(texts(Normalizer::TrimLower, 128), "\u{a0}ADA ".as_bytes(), "071012e7fe8b7b032f3e5b765f2aef68af")?;
    is(texts(Normalizer::Digits, 128), b"+49 (30) 12-34/56", "07e527d59c10d0d7991fdc08961e707eff")?;
    is(texts(Normalizer::Last(4), 128), b"4111-1111-123456", "0766b951fbecd2b5780a0e8561e838ed90")?;
    is(column(3, Normalizer::Exact, 128), &(-2_i64).to_be_bytes(), "07d6ac4e327aecfbd337d149ee8d50d7ff")?;
    is(texts(Normalizer::Exact, 9), b"Ada", "079080")?;
    is(texts(Normalizer::Exact, 15), b"Ada", "07fd60")?;
    is(texts(Normalizer::Exact, 8), b"Ada", "0753")?;
    let elsewhere = in_context("others.found", 1, Normalizer::Exact, 128);
    is(elsewhere, b"Ada@Example.org", "077337468b5d131ead80b5df8d167957ed")?;
    let secret = KeySecret::new(std::array::from_fn(|index| u8::try_from(index).unwrap_or_default()));
    let app = DataKey::from_secret(secret, KeyScope::App, KeyPurpose::Index, 1)?;
    assert_eq!(hex(&app.commitment()), "f81867ff98225e719cec827b8a7fc1259474a7e15295cc7751a1484de26ff435");
    Ok(())
}

#[test]
fn another_key_version_column_normalizer_or_length_is_another_digest() -> Result<()> {
    let key = index_key(0, 1)?;
    let mut seen = vec![index_value(&key, texts(Normalizer::Exact, 128), b"ada")?];
    for (key, encryption) in [
        (index_key(1, 1)?, texts(Normalizer::Exact, 128)),
        (index_key(0, 2)?, texts(Normalizer::Exact, 128)),
        (index_key(0, 1)?, in_context("others.found", 1, Normalizer::Exact, 128)),
        (index_key(0, 1)?, texts(Normalizer::Lower, 128)),
        (index_key(0, 1)?, texts(Normalizer::Last(3), 128)),
        (index_key(0, 1)?, texts(Normalizer::Last(4), 128)),
        (index_key(0, 1)?, texts(Normalizer::Exact, 120)),
    ] {
        let digest = index_value(&key, encryption, b"ada")?;
        // A shorter digest is not the start of a longer one: a change of `bits` cannot be read off the old index.
        assert!(seen.iter().all(|other| !other.starts_with(&digest) && !digest.starts_with(other)));
        seen.push(digest);
    }
    Ok(())
}

#[test]
fn a_key_that_seals_makes_no_digest_and_a_number_over_255_neither() -> Result<()> {
    let error = index_value(&*acme_key()?, texts(Normalizer::Exact, 128), b"ada").err();
    assert!(error.is_some_and(|error| error.is_key_mismatch()));
    let error = index_value(&index_key(0, 256)?, texts(Normalizer::Exact, 128), b"ada").err();
    assert!(error.is_some_and(|error| error.is_key()));
    assert!(index_value(&index_key(0, 255)?, texts(Normalizer::Exact, 128), b"ada")?.starts_with(&[255]));
    Ok(())
}

#[test]
fn a_column_without_an_index_has_no_digest() {
    let plain = TOKENS.column_at(TOKEN).encryption.as_ref();
    let error = plain.and_then(|plain| index_value(&index_key(0, 1).ok()?, plain, b"ada").err());
    assert!(error.is_some_and(|error| error.is_config()));
}

#[test]
fn what_is_sought_is_compared_as_it_is_looked_up_and_never_shown() -> Result<()> {
    let sought = Sought::new(texts(Normalizer::TrimLower, 128), b" Marker ")?;
    assert!(sought.is(b"MARKER") && sought.is(b"marker\t"));
    assert!(!sought.is(b"markers") && !sought.is(b"") && !sought.is(&[0xff]));
    assert!(!format!("{sought:?}").to_lowercase().contains("marker"));
    // A word's last sigma is a sigma.
    let sought = Sought::new(texts(Normalizer::Lower, 128), "ΣΑΣ".as_bytes())?;
    assert!(sought.is("σασ".as_bytes()));
    // Bytes and numbers are never read as texts.
    let sought = Sought::new(column(2, Normalizer::Lower, 128), b"A")?;
    assert!(sought.is(b"A") && !sought.is(b"a"));
    Ok(())
}

proptest! {
    /// Two values that count as the same have one digest; the digest has the length and the mask of its bits.
    #[test]
    fn a_digest_is_of_the_normalized_value(text in "\\PC{0,40}", bits in 8_u8..=128, last in 0_u16..6) {
        let key = index_key(3, 9)?;
        for normalizer in [
            Normalizer::Exact, Normalizer::Lower, Normalizer::Trim, Normalizer::TrimLower, Normalizer::Digits,
            Normalizer::Last(last),
        ] {
            let encryption = texts(normalizer, bits);
            let sought = Sought::new(encryption, text.as_bytes())?;
            prop_assert!(sought.is(text.as_bytes()));
            let digest = sought.index_value(&key)?;
            prop_assert_eq!(digest.len(), 1 + usize::from(bits.div_ceil(8)));
            let unused = (8 - bits % 8) % 8;
            prop_assert_eq!(digest.last().map_or(0, |last| last.trailing_zeros().min(u32::from(unused))), u32::from(unused));
            if normalizer == Normalizer::Trim {
                prop_assert_eq!(index_value(&key, encryption, format!(" {text}\n").as_bytes())?, digest);
            }
        }
    }
}
