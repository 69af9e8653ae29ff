//! Tokens: which are accepted, and that nothing about the others is told. The keys are of this test alone.

mod forged;

use std::fmt::Debug;
use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use serde_json::{Value, json};
use waygate_db::{Claims, Error, Result, TokenRole, TokenVerifier};

const SECRET: &str = "a secret of this test alone, of 32 bytes and more";
const EC_PRIVATE: &str = include_str!("claims/ec.private.pem");
const EC_PUBLIC: &str = include_str!("claims/ec.public.pem");
const RSA_PRIVATE: &str = include_str!("claims/rsa.private.pem");
const RSA_PUBLIC: &str = include_str!("claims/rsa.public.pem");

const ISSUER: &str = "https://project.example.org/auth/v1";
const AUDIENCE: &str = "authenticated";
const A: &str = "aaaaaaaa-0000-4000-8000-000000000000";
const B: &str = "bbbbbbbb-0000-4000-8000-000000000000";

/// A verifier without keys.
fn verifier() -> TokenVerifier {
    TokenVerifier::new(ISSUER, AUDIENCE).leeway(Duration::from_secs(5))
}

/// A verifier with a key of each kind.
fn all_keys() -> TokenVerifier {
    verifier().hs256(SECRET).unwrap().es256(EC_PUBLIC).unwrap().rs256(RSA_PUBLIC).unwrap()
}

/// The claims of a user of this tenant, for an hour.
fn user_of(tenant: &str) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "exp": get_current_timestamp() + 3600, "role": "authenticated",
        "sub": "11111111-0000-4000-8000-000000000000", "app_metadata": {"tenant_id": tenant},
    })
}

/// The same claims with one changed, or taken out by `null`.
fn changed(name: &str, value: Value) -> Value {
    let mut claims = user_of(A);
    let object = claims.as_object_mut().unwrap();
    if value.is_null() {
        object.remove(name).unwrap();
    } else {
        object.insert(name.to_owned(), value);
    }
    claims
}

fn sign(algorithm: Algorithm, claims: &Value) -> String {
    encode(&Header::new(algorithm), claims, &signing_key(algorithm)).unwrap()
}

fn hs256(claims: &Value) -> String {
    sign(Algorithm::HS256, claims)
}

fn signing_key(algorithm: Algorithm) -> EncodingKey {
    match algorithm {
        Algorithm::ES256 => EncodingKey::from_ec_pem(EC_PRIVATE.as_bytes()).unwrap(),
        Algorithm::RS256 => EncodingKey::from_rsa_pem(RSA_PRIVATE.as_bytes()).unwrap(),
        _ => EncodingKey::from_secret(SECRET.as_bytes()),
    }
}

/// A refusal that tells nothing: the same words for every token, and none of its own.
#[track_caller]
fn refused(token: &str, result: Result<Claims>) {
    let error = match result {
        Ok(claims) => panic!("accepted: {claims:?}"),
        Err(error) => error,
    };
    assert!(error.is_unauthenticated(), "{error:?}");
    let plain: Error = verifier().verify("").unwrap_err();
    assert_eq!((error.to_string(), format!("{error:?}")), (plain.to_string(), format!("{plain:?}")));
    assert!(token.len() < 8 || !error.to_string().contains(token));
}

#[track_caller]
fn tenant(result: Result<Claims>) -> String {
    result.unwrap().tenant().unwrap().to_string()
}

#[test]
fn a_token_by_a_key_of_each_kind_is_accepted() {
    for algorithm in [Algorithm::HS256, Algorithm::ES256, Algorithm::RS256] {
        let claims = all_keys().verify(&sign(algorithm, &user_of(A))).unwrap();
        assert_eq!(claims.role(), TokenRole::Authenticated);
        assert_eq!(claims.tenant().unwrap().to_string(), A);
        assert_eq!(serde_json::from_str::<Value>(claims.json()).unwrap()["app_metadata"]["tenant_id"], A);
    }
}

#[test]
fn each_token_has_its_own_tenant() {
    let verifier = all_keys();
    for of in [A, B, A] {
        assert_eq!(tenant(verifier.verify(&hs256(&user_of(of)))), of);
    }
}

#[test]
fn a_visitors_token_names_no_tenant() {
    let mut claims = changed("role", json!("anon"));
    for metadata in [json!({}), json!({"tenant_id": A})] {
        claims["app_metadata"] = metadata;
        let accepted = all_keys().verify(&hs256(&claims)).unwrap();
        assert_eq!((accepted.role(), accepted.tenant()), (TokenRole::Anon, None));
    }
}

#[test]
fn a_key_set_gives_its_keys_by_name_and_passes_over_the_others() {
    let named = |algorithm: Algorithm, id: &str| {
        let mut jwk = Jwk::from_encoding_key(&signing_key(algorithm), algorithm).unwrap();
        jwk.common.key_id = Some(id.to_owned());
        serde_json::to_value(jwk).unwrap()
    };
    let others = [json!({"kty": "oct", "k": "c2VjcmV0", "kid": "s"}), json!({"kty": "unheard of"}), json!("no key")];
    let mut keys = vec![named(Algorithm::ES256, "one"), named(Algorithm::RS256, "two")];
    keys.extend(others.clone());
    let verifier = verifier().jwks(&json!({"keys": keys}).to_string()).unwrap();
    let signed = |algorithm: Algorithm, id: Option<&str>| {
        let header = Header { kid: id.map(str::to_owned), ..Header::new(algorithm) };
        encode(&header, &user_of(A), &signing_key(algorithm)).unwrap()
    };
    for (algorithm, id) in [(Algorithm::ES256, "one"), (Algorithm::RS256, "two")] {
        assert_eq!(tenant(verifier.verify(&signed(algorithm, Some(id)))), A);
        assert_eq!(tenant(verifier.verify(&signed(algorithm, None))), A);
        let token = signed(algorithm, Some("three"));
        refused(&token, verifier.verify(&token));
    }
    let swapped = signed(Algorithm::ES256, Some("two"));
    refused(&swapped, verifier.verify(&swapped));
    for set in [json!({"keys": others}), json!({"keys": []}), json!([]), json!("keys")] {
        assert!(TokenVerifier::new(ISSUER, AUDIENCE).jwks(&set.to_string()).unwrap_err().is_config(), "{set}");
    }
}

#[test]
fn a_weak_or_wrong_key_is_refused_and_not_shown() {
    for (result, key) in [
        (verifier().hs256("a short secret"), "a short secret"),
        (verifier().es256(RSA_PUBLIC), RSA_PUBLIC),
        (verifier().es256(include_str!("claims/p384.public.pem")), "PUBLIC"),
        (verifier().es256(EC_PRIVATE), EC_PRIVATE),
        (verifier().rs256(EC_PUBLIC), EC_PUBLIC),
        (verifier().rs256(include_str!("claims/rsa1024.public.pem")), "PUBLIC"),
        (verifier().rs256("-----BEGIN"), "-----BEGIN"),
        (verifier().jwks("{not a key set"), "not a key set"),
    ] {
        let error = result.unwrap_err();
        assert!(error.is_config() && error.advice().is_some() && !format!("{error:?}").contains(key), "{error:?}");
    }
}

#[test]
fn what_is_printed_holds_no_key_and_no_claim() {
    fn printed(value: &impl Debug) -> String {
        format!("{value:?} {value:#?}")
    }
    let verifier = all_keys();
    let text = printed(&verifier);
    assert!(text.contains("HS256") && text.contains(ISSUER) && !text.contains("a secret"), "{text}");
    let text = printed(&verifier.verify(&hs256(&user_of(A))).unwrap());
    assert!(!text.contains("11111111") && !text.contains(ISSUER), "{text}");
}

#[test]
fn the_tenant_is_read_where_the_configuration_says() {
    let mut claims = user_of(B);
    claims["org"] = json!({"id": A});
    let verifier = all_keys().tenant_claim("org.id".parse().unwrap());
    assert_eq!(tenant(verifier.verify(&hs256(&claims))), A);
    let elsewhere = hs256(&user_of(B));
    refused(&elsewhere, verifier.verify(&elsewhere));
}
