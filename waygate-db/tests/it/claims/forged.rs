//! Tokens that must not be accepted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use serde_json::{Value, json};

use super::{A, ISSUER, RSA_PUBLIC, SECRET, all_keys, changed, hs256, refused, sign, tenant, user_of, verifier};

#[test]
fn the_times_hold_with_a_little_leeway() {
    let now = get_current_timestamp();
    for (claim, value, accepted) in [
        ("exp", now - 3, true),
        ("exp", now - 60, false),
        ("exp", 0, false),
        ("nbf", now + 3, true),
        ("nbf", now + 60, false),
    ] {
        let token = hs256(&changed(claim, json!(value)));
        let result = all_keys().verify(&token);
        if accepted {
            assert_eq!(tenant(result), A, "{claim}");
        } else {
            refused(&token, result);
        }
    }
}

#[test]
fn issuer_audience_and_end_must_be_there_and_right() {
    for (claim, values) in [
        ("iss", [Value::Null, json!("https://other.example.org/auth/v1"), json!(["https://other.example.org"])]),
        ("aud", [Value::Null, json!("others"), json!([])]),
        ("exp", [Value::Null, json!("tomorrow"), json!(-1)]),
    ] {
        for value in values {
            let token = hs256(&changed(claim, value));
            refused(&token, all_keys().verify(&token));
        }
    }
    let among_others = hs256(&changed("aud", json!(["others", "authenticated"])));
    assert_eq!(tenant(all_keys().verify(&among_others)), A);
    let lookalike = hs256(&changed("iss", json!(format!("{ISSUER}/"))));
    refused(&lookalike, all_keys().verify(&lookalike));
}

#[test]
fn a_token_without_a_signature_is_refused() {
    let payload = URL_SAFE_NO_PAD.encode(user_of(A).to_string());
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let header = URL_SAFE_NO_PAD.encode(json!({"alg": algorithm, "typ": "JWT"}).to_string());
        for token in [format!("{header}.{payload}."), format!("{header}.{payload}")] {
            refused(&token, all_keys().verify(&token));
        }
    }
    let signed = hs256(&user_of(A));
    let stripped = &signed[..=signed.rfind('.').unwrap()];
    refused(stripped, all_keys().verify(stripped));
}

#[test]
fn a_public_key_is_no_secret() {
    let key = EncodingKey::from_secret(RSA_PUBLIC.as_bytes());
    let token = encode(&Header::new(Algorithm::HS256), &user_of(A), &key).unwrap();
    refused(&token, verifier().rs256(RSA_PUBLIC).unwrap().verify(&token));
    refused(&token, all_keys().verify(&token));
}

#[test]
fn a_key_signs_its_own_algorithm_alone() {
    let secret = EncodingKey::from_secret(SECRET.as_bytes());
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = encode(&Header::new(algorithm), &user_of(A), &secret).unwrap();
        refused(&token, all_keys().verify(&token));
    }
    for algorithm in [Algorithm::RS384, Algorithm::PS256] {
        let key = super::signing_key(Algorithm::RS256);
        let token = encode(&Header::new(algorithm), &user_of(A), &key).unwrap();
        refused(&token, all_keys().verify(&token));
    }
    for (algorithm, other) in [(Algorithm::ES256, Algorithm::RS256), (Algorithm::HS256, Algorithm::ES256)] {
        let token = sign(algorithm, &user_of(A));
        let only_other = match other {
            Algorithm::RS256 => verifier().rs256(RSA_PUBLIC).unwrap(),
            _ => verifier().es256(super::EC_PUBLIC).unwrap(),
        };
        refused(&token, only_other.verify(&token));
    }
    let token = hs256(&user_of(A));
    refused(&token, verifier().verify(&token));
}

#[test]
fn a_changed_token_is_refused() {
    let token = hs256(&user_of(A));
    let parts: Vec<&str> = token.split('.').collect();
    let other = hs256(&user_of(super::B));
    let others: Vec<&str> = other.split('.').collect();
    for forged in [
        [parts[0], others[1], parts[2]].join("."),
        [parts[0], parts[1], others[2]].join("."),
        format!("{token}A"),
        format!("{token}="),
        format!(" {token}"),
        format!("{token}.{}", parts[2]),
        token.to_uppercase(),
        String::new(),
        "..".to_owned(),
        "\0".to_owned(),
    ] {
        refused(&forged, all_keys().verify(&forged));
    }
}

#[test]
fn no_role_but_a_visitors_or_a_users_is_accepted() {
    for role in ["service_role", "postgres", "waygate_service", "supabase_admin", "Authenticated", "authenticated ", ""]
    {
        let token = hs256(&changed("role", json!(role)));
        refused(&token, all_keys().verify(&token));
    }
    for role in [Value::Null, json!(["authenticated"]), json!({"authenticated": true}), json!(true)] {
        let token = hs256(&changed("role", role));
        refused(&token, all_keys().verify(&token));
    }
}

#[test]
fn a_user_without_a_well_formed_tenant_is_refused() {
    for metadata in [
        Value::Null,
        json!({}),
        json!([]),
        json!(A),
        json!({"tenant_id": null}),
        json!({"tenant_id": ""}),
        json!({"tenant_id": 1}),
        json!({"tenant_id": [A]}),
        json!({"tenant_id": {"id": A}}),
        json!({"tenant_id": "acme"}),
        json!({"tenant_id": format!("{A} ")}),
        json!({"tenant_id": format!("{{{A}}}")}),
        json!({"tenant_id": A.replace('-', "")}),
        json!({"tenant_id": format!("{A}' OR true --")}),
        json!({"Tenant_id": A}),
    ] {
        let token = hs256(&changed("app_metadata", metadata));
        refused(&token, all_keys().verify(&token));
    }
}

#[test]
fn a_tenant_that_its_user_may_edit_counts_for_nothing() {
    let mut claims = changed("app_metadata", json!({}));
    claims["user_metadata"] = json!({"tenant_id": A, "app_metadata": {"tenant_id": A}});
    claims["tenant_id"] = json!(A);
    claims["app_metadata.tenant_id"] = json!(A);
    let token = hs256(&claims);
    refused(&token, all_keys().verify(&token));
}

#[test]
fn of_a_claim_that_stands_twice_the_server_reads_the_same_as_we() {
    let now = get_current_timestamp() + 600;
    let metadata = |tenant: &str| format!(r#""app_metadata":{{"tenant_id":"{tenant}"}}"#);
    let payload = format!(
        r#"{{"iss":"{ISSUER}","aud":"authenticated","exp":{now},"role":"authenticated",{},{}}}"#,
        metadata(super::B),
        metadata(A)
    );
    // Signed as it stands: written by a serializer, one of the two would be gone.
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#), URL_SAFE_NO_PAD.encode(&payload));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(SECRET.as_bytes()), Algorithm::HS256)
            .unwrap();
    let claims = all_keys().verify(&format!("{message}.{signature}")).unwrap();
    let tenant = claims.tenant().unwrap().to_string();
    assert_eq!(claims.json().matches("tenant_id").count(), 1, "{}", claims.json());
    assert!(claims.json().contains(&tenant));
}

#[test]
fn a_token_that_asks_for_an_extension_is_refused() {
    let header = Header { crit: Some(vec!["b64".to_owned()]), ..Header::new(Algorithm::HS256) };
    let token = encode(&header, &user_of(A), &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
    refused(&token, all_keys().verify(&token));
}

#[test]
fn a_huge_token_is_refused_unread() {
    let huge = hs256(&changed("padding", json!("x".repeat(20_000))));
    refused(&huge, all_keys().verify(&huge));
    let large = hs256(&changed("padding", json!("x".repeat(8_000))));
    assert_eq!(tenant(all_keys().verify(&large)), A);
    let start = std::time::Instant::now();
    let megabytes = "a.".repeat(10_000_000);
    refused(&megabytes, all_keys().verify(&megabytes));
    assert!(start.elapsed().as_secs() < 2);
}

#[test]
fn deep_claims_are_an_error_and_no_crash() {
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#),
        URL_SAFE_NO_PAD.encode(format!(r#"{{"deep":{deep}}}"#))
    );
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    let token = format!("{message}.{signature}");
    refused(&token, all_keys().verify(&token));
}
