//! Keys from environment variables, good and bad.

use super::super::{KeyProvider, UnwrapRequest, WrapRequest};
use super::*;
use crate::{EnvKeys, Error};

const A: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const B: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
const ZERO: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn read(vars: &[(&str, &str)]) -> Result<EnvKeys> {
    EnvKeys::from_vars(vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// Reading fails, and neither the text nor the debug form of the error shows any value.
fn refused(vars: &[(&str, &str)]) -> Error {
    let error = read(vars).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(vars.iter().all(|(_, value)| value.len() < 8 || !shown.contains(value)), "{shown}");
    error
}

#[test]
fn good_variables_are_read_and_others_ignored() -> Result<()> {
    let vars = [("PATH", "/bin"), ("WAYGATE_KEK_a", A), ("WAYGATE_KEK_2026_b", B), ("WAYGATE_KEK_CURRENT", "2026_b")];
    let keys = read(&vars)?;
    assert_eq!((keys.id(), keys.current_kek()), ("env", "2026_b"));
    Ok(())
}

#[test]
fn the_first_value_of_a_name_counts() -> Result<()> {
    let current = ("WAYGATE_KEK_CURRENT", "a");
    let (first, second) = (read(&[("WAYGATE_KEK_a", A), current])?, read(&[("WAYGATE_KEK_a", B), current])?);
    let both = read(&[("WAYGATE_KEK_a", A), current, ("WAYGATE_KEK_a", B), ("WAYGATE_KEK_CURRENT", "b")])?;
    let key = acme_key()?;
    let wrapped = both.wrap_all(&[WrapRequest::from(&*key)])?.remove(0);
    let request = UnwrapRequest { provider: "env", kek: "a", wrapped: &wrapped.bytes, context: key.wrap_context() };
    assert!(first.unwrap_one(&request).is_ok() && second.unwrap_one(&request).is_err());
    Ok(())
}

#[test]
fn no_key_at_all_says_how_to_make_one() {
    let error = refused(&[]);
    assert!(error.is_config() && error.message().contains("WAYGATE_KEK_CURRENT"), "{error}");
    assert!(error.advice().is_some_and(|advice| advice.contains("waygate setup")), "{error}");
}

#[test]
fn a_missing_current_key_is_named() {
    for vars in [&[("WAYGATE_KEK_a", A)][..], &[("WAYGATE_KEK_a", A), ("WAYGATE_KEK_CURRENT", " ")]] {
        let error = refused(vars);
        assert!(error.is_config(), "{error}");
        assert!(error.advice().is_some_and(|advice| advice.contains("WAYGATE_KEK_CURRENT=a")), "{error}");
    }
    // A key pasted where a name belongs is not repeated.
    assert!(refused(&[("WAYGATE_KEK_a", A), ("WAYGATE_KEK_CURRENT", B)]).is_config());
}

#[test]
fn a_malformed_key_names_its_variable() {
    let short = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==";
    let long = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";
    let very_long = &"AQEB".repeat(40);
    for value in ["", "not base64 at all!", "correct horse battery", short, long, very_long] {
        let error = refused(&[("WAYGATE_KEK_a", value), ("WAYGATE_KEK_CURRENT", "a")]);
        assert!(error.is_config() && error.message().contains("WAYGATE_KEK_a "), "{error}");
    }
    let error = refused(&[("WAYGATE_KEK_a-b", A), ("WAYGATE_KEK_CURRENT", "a-b")]);
    assert!(error.is_config() && error.message().contains("WAYGATE_KEK_"), "{error}");
}

#[test]
fn an_all_zero_key_and_one_key_under_two_names_are_refused() {
    let error = refused(&[("WAYGATE_KEK_a", ZERO), ("WAYGATE_KEK_CURRENT", "a")]);
    assert!(error.is_key() && error.message().contains("WAYGATE_KEK_a "), "{error}");
    let error = refused(&[("WAYGATE_KEK_a", A), ("WAYGATE_KEK_b", A), ("WAYGATE_KEK_CURRENT", "a")]);
    assert!(error.is_key() && error.message().contains("WAYGATE_KEK_a and WAYGATE_KEK_b"), "{error}");
}

#[test]
fn fresh_variables_are_accepted_and_differ() -> Result<()> {
    let (first, second) = (EnvKeys::fresh_vars()?, EnvKeys::fresh_vars()?);
    assert_ne!(first, second);
    assert_eq!(first[0].0, format!("WAYGATE_KEK_{}", first[1].1));
    EnvKeys::from_vars(first)?;
    Ok(())
}

#[test]
fn a_wrong_key_under_the_right_name_and_a_missing_one_are_told_apart() -> Result<()> {
    let current = ("WAYGATE_KEK_CURRENT", "a");
    let (right, wrong) = (read(&[("WAYGATE_KEK_a", A), current])?, read(&[("WAYGATE_KEK_a", B), current])?);
    let key = acme_key()?;
    let wrapped = right.wrap_all(&[WrapRequest::from(&*key)])?.remove(0);
    let request = |kek| UnwrapRequest { provider: "env", kek, wrapped: &wrapped.bytes, context: key.wrap_context() };

    let error = wrong.unwrap_one(&request("a")).unwrap_err();
    assert!(error.is_key() && error.message().contains("WAYGATE_KEK_a does not unwrap"), "{error}");
    let error = right.unwrap_one(&request("gone")).unwrap_err();
    assert!(error.is_key() && error.advice().is_some_and(|advice| advice.contains("WAYGATE_KEK_gone")), "{error}");
    Ok(())
}
