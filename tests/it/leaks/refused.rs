//! Writes and reads that fail, in every way in which the server or the library refuses a credential.

use serde_json::Value;
use waygate::models::{Credential, CredentialType, Integration, IntegrationCredential};
use waygate_db::local::run_sql;
use waygate_db::{Config, Db, Encrypted, EnvKeys, Error, Id, Json, Model, Result, TenantId};

use super::loud::Server;
use super::nosy::NOSY;
use super::writes::Written;
use super::{plain, secret};
use crate::support::refusal;

/// The table as a program sees it that forgets a required column.
#[derive(Model, Debug)]
#[model(table = "integration_credentials")]
#[expect(dead_code, reason = "it is printed alone")]
struct Untyped {
    #[model(key)]
    id: Id<Untyped>,
    #[model(tenant)]
    tenant_id: TenantId,
    integration_id: Id<Integration>,
    scopes: Vec<String>,
    #[model(encrypted)]
    encrypted_data: Encrypted<String>,
}

/// The table as a program sees it whose secrets are of other types.
#[derive(Model, Debug)]
#[model(table = "integration_credentials")]
#[expect(dead_code, reason = "it never decodes")]
struct Shaped {
    #[model(key)]
    id: Id<Shaped>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    encrypted_data: Encrypted<Json<u32>>,
    #[model(encrypted)]
    encrypted_refresh_token: Option<Encrypted<i64>>,
}

type Errors = Vec<(&'static str, Error)>;

/// All refusals, with what was done. Each carried the secret and the plain text to the server, or to the library.
pub(super) async fn everything(server: &Server, config: &Config, db: &Db, written: &Written) -> Errors {
    let mut errors = Errors::new();
    constraints(server, written, &mut errors).await;
    triggers(server, written, &mut errors).await;
    timeout(server, config, written, &mut errors).await;
    lengths(written, &mut errors).await;
    reads(server, config, db, written, &mut errors).await;
    errors
}

/// An insert with all that may not show.
async fn insert(
    written: &Written,
    id: Id<IntegrationCredential>,
    integration: Id<Integration>,
    scopes: &[&str],
) -> Result<IntegrationCredential> {
    let plain = plain().text();
    IntegrationCredential::create()
        .id(id)
        .integration_id(integration)
        .credential_type(CredentialType::Bearer)
        .encrypted_data(Json(Credential::Bearer { token: secret().text() }))
        .encrypted_refresh_token(secret().text())
        .scopes([scopes, &[plain.as_str()]].concat())
        .insert(&written.scope)
        .await
}

async fn constraints(server: &Server, written: &Written, errors: &mut Errors) {
    let Written { integration, credential, scope, .. } = written;
    let error = refusal(insert(written, *credential, *integration, &[]).await);
    assert!(error.is_unique_violation(), "{error}");
    errors.push(("unique", error));
    let error = refusal(insert(written, Id::new(), Id::new(), &[]).await);
    assert!(error.is_foreign_key_violation(), "{error}");
    errors.push(("foreign key", error));
    let check = "SET ROLE waygate_owner; ALTER TABLE integration_credentials ADD CONSTRAINT few CHECK (cardinality(scopes) < 4)";
    run_sql(&server.urls.migrator, check).await.unwrap();
    let error = refusal(insert(written, Id::new(), *integration, &["a", "b", "c"]).await);
    assert!(error.is_check_violation(), "{error}");
    errors.push(("check", error));
    let untyped =
        Untyped::create().integration_id(*integration).scopes([plain().text()]).encrypted_data(secret().text());
    let error = refusal(untyped.insert(scope).await);
    assert!(error.is_not_null_violation(), "{error}");
    errors.push(("not null", error));
    // For logins under row security the server leaves the row out of its DETAIL; for a superuser it does not.
    assert!(!server.log().contains("Failing row contains"));
    let by_admin = "UPDATE integration_credentials SET scopes = scopes || '{a,b,c}'";
    errors.push(("by an administrator", refusal(run_sql(&server.urls.admin, by_admin).await)));
    assert!(server.log().contains("Failing row contains"), "the log has whole rows");
}

async fn triggers(server: &Server, written: &Written, errors: &mut Errors) {
    run_sql(&server.urls.migrator, &format!("SET ROLE waygate_owner; {NOSY}")).await.unwrap();
    for wish in ["raise", "raise as check", "assert", "syntax", "cast", "late", "kill"] {
        let error = refusal(insert(written, Id::new(), written.integration, &[wish]).await);
        assert_eq!(error.is_connection_lost(), wish == "kill", "{error}");
        errors.push((wish, error));
    }
    // The driver tells its log what the server warns of.
    insert(written, Id::new(), written.integration, &["warn"]).await.unwrap();
}

async fn timeout(server: &Server, config: &Config, written: &Written, errors: &mut Errors) {
    run_sql(&server.urls.admin, "ALTER ROLE waygate_app SET statement_timeout = '200ms'").await.unwrap();
    let hasty = Db::connect(config.clone()).await.unwrap().tenant(written.scope.id());
    let update = IntegrationCredential::update(written.credential)
        .scopes(["sleep".to_owned(), plain().text()])
        .encrypted_refresh_token(secret().text());
    let error = refusal(update.exec(&hasty).await);
    assert_eq!(error.code(), Some("57014"), "{error}");
    errors.push(("timeout", error));
    run_sql(&server.urls.admin, "ALTER ROLE waygate_app RESET statement_timeout").await.unwrap();
}

async fn lengths(written: &Written, errors: &mut Errors) {
    let huge = secret().text().repeat(16 * 1024 * 1024 / secret().text().len() + 1);
    let update = IntegrationCredential::update(written.credential).encrypted_refresh_token(huge);
    let error = refusal(update.exec(&written.scope).await);
    assert!(error.is_encode(), "{error}");
    errors.push(("longer than a cell", error));
    let update = Integration::update(written.integration).name(plain().text().repeat(20));
    let error = refusal(update.exec(&written.scope).await);
    assert!(error.is_too_long(), "{error}");
    errors.push(("too long", error));
}

async fn reads(server: &Server, config: &Config, db: &Db, written: &Written, errors: &mut Errors) {
    let (id, scope) = (written.credential, &written.scope);
    let error = refusal(Shaped::find(Id::from_uuid(id.as_uuid()), scope).await);
    assert!(error.is_decode() || error.is_decrypt(), "{error}");
    errors.push(("a secret of another type", error));
    let strange = Db::connect(config.clone().keys(EnvKeys::throw_away().unwrap())).await.unwrap();
    let error = refusal(IntegrationCredential::find(id, &strange.tenant(scope.id())).await);
    assert!(error.is_key(), "{error}");
    errors.push(("another key", error));
    let swap = "UPDATE integration_credentials SET encrypted_refresh_token = encrypted_data";
    run_sql(&server.urls.service, &format!("{swap} WHERE id = '{id}'")).await.unwrap();
    for session in [db.tenant(scope.id()), scope.clone()] {
        let error = refusal(IntegrationCredential::find(id, &session).await);
        assert!(error.is_decrypt(), "{error}");
        errors.push(("moved", error));
    }
    let text = serde_json::from_str::<Value>(&secret().text());
    assert!(text.is_err(), "the secret is no JSON by itself");
}
