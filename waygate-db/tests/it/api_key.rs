//! API keys: their form, their hash, and that they never tell themselves.

use std::collections::BTreeSet;
use std::error::Error as _;

use waygate_db::{ApiKey, Error};

/// The development tenant's key, and its hash as the seed has always written it.
const DEV: (&str, &str) =
    ("wg_test_dev_abc123xyz789", "8fdcacbffeb15b53ff50e31d4be536d3613f63cdf75e1760edc5dee41c186ad2");

/// The refusal of a text that is no key; checks that it says what a key is and nothing of the text.
#[track_caller]
fn refusal(text: &str) -> Error {
    let error = ApiKey::parse(text).unwrap_err();
    assert!(error.is_invalid_api_key(), "{error:?}");
    assert!(error.source().is_none());
    assert!(error.to_string().contains("wg_live_"), "{error}");
    error
}

#[test]
fn a_generated_key_is_its_prefix_and_32_letters_that_are_not_mistaken_for_others() {
    for _ in 0..200 {
        let key = ApiKey::generate().unwrap();
        let letters = key.expose().strip_prefix("wg_live_").unwrap();
        assert_eq!(letters.len(), 32);
        assert!(letters.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()), "{letters}");
        assert!(!letters.contains(['i', 'l', 'o', 'u']), "{letters}");
        assert_eq!(ApiKey::parse(key.expose()).unwrap().hash(), key.hash());
    }
}

#[test]
fn generated_keys_differ_at_every_place() {
    let keys: Vec<String> = (0..1000).map(|_| ApiKey::generate().unwrap().expose().to_owned()).collect();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    for place in 8..40 {
        let seen: BTreeSet<u8> = keys.iter().map(|key| key.as_bytes()[place]).collect();
        // Of 1000 draws from 32 letters, one is missing somewhere once in 10¹⁰ runs.
        assert_eq!(seen.len(), 32, "place {place}");
    }
}

#[test]
fn a_hash_is_lower_case_hex_sha_256_of_the_whole_text() {
    let (text, hash) = DEV;
    assert_eq!(text.parse::<ApiKey>().unwrap().hash(), hash);
    let zeros = ApiKey::parse("wg_live_00000000000000000000000000000000").unwrap();
    assert_eq!(zeros.hash(), "885a82c46a798e2ab95ab69909f9ad8af61646f9df660bba012edcafe17337e7");
}

#[test]
fn what_has_another_form_is_refused_in_the_same_words_and_never_shown() {
    let letters = "0123456789abcdefghjkmnpqrstvwxyz";
    let upper = letters.to_uppercase();
    let refused = [
        String::new(),
        "wg_live_".to_owned(),
        "wg_test_".to_owned(),
        letters.to_owned(),
        format!("wg_live_{}", &letters[1..]),
        format!("wg_live_{letters}0"),
        format!("wg_live_{upper}"),
        format!("WG_LIVE_{letters}"),
        format!("wg_prod_{letters}"),
        format!(" wg_live_{letters}"),
        format!("wg_live_{letters}\n"),
        format!("wg_live_{}l", &letters[1..]),
        format!("wg_live_{}é", &letters[2..]),
        "wg_test_seven77".to_owned(),
        format!("wg_test_{}", "a".repeat(65)),
        "wg_test_dev-abc123".to_owned(),
        "wg_test_DEV_abc123".to_owned(),
        "wg_test_dev abc 123".to_owned(),
        "hunter2-hunter2-hunter2".to_owned(),
    ];
    let words: BTreeSet<String> = refused.iter().map(|text| format!("{0}\n{0:?}", refusal(text))).collect();
    assert_eq!(words.len(), 1, "{words:?}");
    assert!(!words.first().unwrap().contains("hunter2"));
    assert!(!words.first().unwrap().contains(letters));
}

#[test]
fn a_key_prints_as_its_prefix_alone() {
    let key = ApiKey::generate().unwrap();
    assert_eq!(format!("{key:?} {key:#?}"), "ApiKey(wg_live_<redacted>) ApiKey(wg_live_<redacted>)");
    let test = ApiKey::parse(DEV.0).unwrap();
    assert_eq!(format!("{test:?}"), "ApiKey(wg_test_<redacted>)");
    assert_eq!(test.expose(), DEV.0);
}
