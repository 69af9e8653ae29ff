//! The dialect of Supabase under the real PostgREST, asked by the real client of Supabase.

mod client;
mod server;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use serde_json::{Value, json};
use waygate::models::Integration;
use waygate_db::Model;

use crate::supabase::{A, B, seed};
use crate::support::{Login, SupabaseDb};
use client::{Answers, Client};
use server::Postgrest;

/// What PostgREST and the library share with the issuer of tokens.
pub(crate) const SECRET: &str = "the secret of a throw-away PostgREST, of 32 bytes and more";
pub(crate) const ISSUER: &str = "https://project.example.org/auth/v1";
pub(crate) const AUDIENCE: &str = "authenticated";

/// A token with these claims, for an hour, unless they say otherwise.
pub(crate) fn token(claims: &Value) -> String {
    let mut all = json!({"iss": ISSUER, "aud": AUDIENCE, "exp": get_current_timestamp() + 3600});
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    encode(&Header::new(Algorithm::HS256), &all, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

/// The claims of a user of this tenant.
pub(crate) fn user_of(tenant: &str) -> Value {
    json!({"role": "authenticated", "app_metadata": {"tenant_id": tenant}})
}

/// The answers to the client's requests, on a database with two tenants, and that database.
async fn asked() -> Option<(SupabaseDb, Answers)> {
    let client = Client::find()?;
    let database = SupabaseDb::deployed().await?;
    seed(&database).await;
    let server = Postgrest::start(client.postgrest(), &database.authenticator, SECRET);
    let expired = json!({"exp": get_current_timestamp() - 3600});
    let merged = |mut claims: Value, more: Value| {
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        claims
    };
    let asked = json!({
        "url": server.url(),
        "tenants": {"a": A, "b": B},
        "tokens": {
            "a": token(&user_of(A)),
            "b": token(&user_of(B)),
            "expired": token(&merged(user_of(A), expired)),
            "otherAudience": token(&merged(user_of(A), json!({"aud": "others"}))),
            "withoutTenant": token(&json!({"role": "authenticated"})),
            "editable": token(&json!({"role": "authenticated", "user_metadata": {"tenant_id": A}, "tenant_id": A})),
            "garbage": token(&user_of("acme")),
            "anon": token(&json!({"role": "anon", "app_metadata": {"tenant_id": A}})),
            "owner": token(&json!({"role": "waygate_owner"})),
            "service": token(&json!({"role": "service_role"})),
        },
    });
    Some((database, client.ask(&asked)))
}

#[tokio::test]
async fn postgrest_shows_and_changes_the_rows_of_a_tokens_tenant_alone() {
    let Some((database, answers)) = asked().await else { return };

    for (name, tenant) in [("selectOfA", A), ("selectOfB", B)] {
        let rows = answers.rows(name);
        assert!(rows.len() == 1 && rows[0]["tenant_id"] == tenant, "{name}: {rows:?}");
    }
    assert_eq!(answers.rows("tenantsOfA"), [json!({"id": A})]);
    assert_eq!(answers.rows("joined"), [json!({"slug": "slack", "actions": [{"slug": "send", "tenant_id": A}]})]);
    assert_eq!(answers.rows("mappingsOfA").len(), 1, "a child is its parent's tenant's");
    assert_eq!(answers.of("counted")["count"], 1);
    assert_eq!(answers.rows("otherTenantsRow"), [] as [Value; 0]);
    assert_eq!(answers.rows("inserted")[0]["tenant_id"], A, "the claims stamp the tenant");
    assert_eq!(answers.rows("updated")[0]["name"], "renamed");

    for name in ["insertForB", "moveToB", "upsertOfB", "insertOfATenant", "secondTenant", "deleteOfALog"] {
        assert_eq!(answers.code(name), "42501", "{name}: {}", answers.of(name));
    }
    assert_eq!(answers.code("childOfB"), "23503", "another tenant's parent is as good as missing");
    for name in ["updateOfB", "deleteOfB"] {
        assert_eq!(answers.rows(name), [] as [Value; 0], "{name}");
    }
    let db = crate::supabase::library::connect(&database).await;
    let a = db.claims(&token(&user_of(A))).unwrap();
    let mut slugs: Vec<_> = Integration::query().all(&a).await.unwrap().into_iter().map(|row| row.slug).collect();
    slugs.sort();
    assert_eq!(slugs, ["new", "slack"], "the same token shows the same rows to the library");

    let of_b = format!("SELECT name || ' ' || slug FROM integrations WHERE tenant_id = '{B}'");
    assert_eq!(database.column(Login::Admin, &of_b).await, ["I slack"], "B's row is untouched");
}

#[tokio::test]
async fn postgrest_refuses_who_has_no_right_to_a_tenant() {
    let Some((database, answers)) = asked().await else { return };
    for name in ["visitor", "visitorWrites", "anonToken", "owner"] {
        assert_eq!(answers.code(name), "42501", "{name}: {}", answers.of(name));
    }
    for name in ["expired", "otherAudience", "forged"] {
        assert_eq!(answers.of(name)["status"], 401, "{name}: {}", answers.of(name));
    }
    for name in ["withoutTenant", "editable"] {
        assert_eq!(answers.rows(name), [] as [Value; 0], "{name}");
    }
    assert_eq!(answers.code("withoutTenantWrites"), "42501");
    assert_eq!(answers.code("garbage"), "22P02");
    for name in ["hiddenSchema", "hiddenFunction"] {
        assert!(answers.code(name).starts_with("PGRST"), "{name}: {}", answers.of(name));
    }
    assert_eq!(answers.rows("service").len(), 2, "the service's own token sees all; the library takes none such");
    assert_eq!(database.column(Login::Admin, "SELECT count(*) FROM tenants").await, ["2"]);
}
