//! The library on Supabase: the same verbs, as the platform's roles and by a token's claims.

use serde_json::json;
use waygate::models::{Action, Credential, CredentialType, Integration, IntegrationCredential, Tenant};
use waygate_db::local::roles::{Passwords, ensure_roles_for};
use waygate_db::local::{Urls, database};
use waygate_db::{Config, Db, Dialect, Json, Model, TenantScope, TokenVerifier};

use crate::postgrest::{AUDIENCE, ISSUER, SECRET, token, user_of};
use crate::support::supabase::dialect;
use crate::support::{Login, Outcome, SupabaseDb, action, integration, own_server, random_hash, trusted};

/// A handle of the library that accepts the tokens of the tests' issuer.
pub(crate) async fn connect(database: &SupabaseDb) -> Db {
    let tokens = TokenVerifier::new(ISSUER, AUDIENCE).hs256(SECRET).unwrap();
    Db::connect(database.config().tokens(tokens)).await.unwrap()
}

/// A new tenant's handle, by a token of its user.
async fn tenant(db: &Db, name: &str) -> TenantScope {
    let row = Tenant::create().name(name).email(format!("{name}@example.org")).waygate_api_key_hash(random_hash());
    let id = row.insert(&db.service("test")).await.unwrap().id;
    db.claims(&token(&user_of(&id.to_string()))).unwrap()
}

#[tokio::test]
async fn a_tokens_holder_reads_and_writes_the_rows_of_its_tenant_alone() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let db = connect(&database).await;
    let (a, b) = (tenant(&db, "a").await, tenant(&db, "b").await);
    let (of_a, of_b) = (integration("slack", &a).await.unwrap(), integration("slack", &b).await.unwrap());
    assert_eq!((of_a.tenant_id, of_b.tenant_id), (a.id(), b.id()), "the claims stamp the tenant");

    assert!(Integration::find(of_b.id, &a).await.unwrap().is_none());
    assert_eq!(Integration::query().count(&a).await.unwrap(), 1);
    assert!(Integration::update(of_b.id).name("stolen").exec(&a).await.refused().is_not_found());
    assert!(action(of_b.id, "send", &a).await.refused().is_foreign_key_violation());
    assert_eq!(Tenant::query().all(&a).await.unwrap().len(), 1);

    let sealed = IntegrationCredential::create()
        .integration_id(of_a.id)
        .credential_type(CredentialType::Bearer)
        .encrypted_data(Json(Credential::Bearer { token: "secret of a".to_owned() }))
        .insert(&a)
        .await
        .unwrap();
    assert!(IntegrationCredential::find(sealed.id, &a).await.unwrap().is_some(), "its data key is its own, too");
    a.transaction(async |tx| {
        let action = action(of_a.id, "send", tx).await?;
        Action::update(action.id).name("renamed").exec(tx).await
    })
    .await
    .unwrap();
    assert_eq!(Action::query().count(&a).await.unwrap(), 1);
    assert_eq!(Action::query().count(&b).await.unwrap(), 0);
}

#[tokio::test]
async fn a_tenants_handle_without_a_token_is_confined_alike() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let db = connect(&database).await;
    let (a, b) = (tenant(&db, "a").await, tenant(&db, "b").await);
    let of_b = integration("slack", &b).await.unwrap();
    let a = db.tenant(a.id());
    assert_eq!(integration("mine", &a).await.unwrap().tenant_id, a.id());
    assert_eq!(Integration::query().count(&a).await.unwrap(), 1);
    assert!(Integration::find(of_b.id, &a).await.unwrap().is_none());
    let nobody = db.tenant(trusted(uuid::Uuid::new_v4()));
    assert_eq!(Integration::query().count(&nobody).await.unwrap(), 0);
}

#[tokio::test]
async fn the_service_works_across_tenants_and_is_logged() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let db = connect(&database).await;
    let (a, b) = (tenant(&db, "a").await, tenant(&db, "b").await);
    let service = db.service("a look at all");
    let stamped = integration("by the service", &service.for_tenant(b.id())).await.unwrap();
    assert_eq!(stamped.tenant_id, b.id());
    integration("slack", &a).await.unwrap();
    assert_eq!(Integration::query().count(&service).await.unwrap(), 2);
    let log = "SELECT role || ' ' || reason FROM waygate.service_log WHERE reason <> 'test'";
    assert_eq!(database.column(Login::Admin, log).await, ["waygate_service a look at all"]);
}

#[tokio::test]
async fn a_token_that_is_not_a_users_gives_no_handle() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let db = connect(&database).await;
    let id = tenant(&db, "a").await.id().to_string();
    for claims in [
        json!({"role": "anon", "app_metadata": {"tenant_id": id}}),
        json!({"role": "service_role", "app_metadata": {"tenant_id": id}}),
        json!({"role": "authenticated", "user_metadata": {"tenant_id": id}}),
        json!({"role": "authenticated", "app_metadata": {"tenant_id": id}, "exp": 1}),
        json!({"role": "authenticated", "app_metadata": {"tenant_id": id}, "iss": "somebody"}),
    ] {
        assert!(db.claims(&token(&claims)).refused().is_unauthenticated(), "{claims}");
    }
    let without_issuer = Db::connect(database.config()).await.unwrap();
    assert!(without_issuer.claims(&token(&user_of(&id))).refused().is_config());
}

#[tokio::test]
async fn a_login_with_other_memberships_is_refused_at_the_start() {
    let Some(server) = own_server().await else { return };
    let admin = database::connect(&server.admin_url()).await.unwrap();
    ensure_roles_for(&admin, &Passwords::default(), &dialect()).await.unwrap();
    let Urls { app, service, .. } = Urls::derive(&server.admin_url()).unwrap();
    let connect = async |dialect| {
        let config = Config::new(app.clone()).service_url(service.clone());
        Db::connect(config.dialect(dialect)).await
    };
    connect(dialect()).await.unwrap();
    assert!(connect(Dialect::Postgres).await.refused().is_unsafe_login(), "service_role is free of policies");
    for (spoil, mend) in [
        ("GRANT service_role TO waygate_app", "REVOKE service_role FROM waygate_app"),
        ("GRANT waygate_login TO waygate_app", "REVOKE waygate_login FROM waygate_app"),
        ("GRANT authenticated TO waygate_service", "REVOKE authenticated FROM waygate_service"),
        ("REVOKE authenticated FROM waygate_app", "GRANT authenticated TO waygate_app"),
        (
            "GRANT pg_read_all_data TO service_role; ALTER ROLE waygate_app BYPASSRLS",
            "ALTER ROLE waygate_app NOBYPASSRLS",
        ),
        ("ALTER ROLE authenticated BYPASSRLS", "ALTER ROLE authenticated NOBYPASSRLS"),
        ("ALTER ROLE service_role SUPERUSER", "ALTER ROLE service_role NOSUPERUSER"),
    ] {
        admin.batch_execute(spoil).await.unwrap();
        assert!(connect(dialect()).await.refused().is_unsafe_login(), "{spoil}");
        admin.batch_execute(mend).await.unwrap();
        connect(dialect()).await.unwrap();
    }
    if server.version().starts_with("15.") {
        // Later servers keep a membership as it was granted.
        admin.batch_execute("ALTER ROLE waygate_app INHERIT").await.unwrap();
        assert!(connect(dialect()).await.refused().is_unsafe_login());
    }
}
