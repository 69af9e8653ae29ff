//! Each bad input gives one clear error with a predicate, writes nothing by half, and shows no value of a row.

use serde::{Deserialize, Serialize};
use serde_json::json;
use waygate::MIGRATIONS;
use waygate::models::{CredentialType, Integration, IntegrationCredential};
use waygate_db::local::run_sql;
use waygate_db::migrate::{DeployOptions, deploy, status};
use waygate_db::{Config, DatabaseUrl, Db, Encrypted, Environment, Id, Json, Maintenance, Model, TenantId};

use crate::support::{EmptyDb, Login, MARKER, Outcome, Rows, TestDb, integration, refusal};

/// What no error may show of a URL.
const PASSWORD: &str = "zebra-4711";

fn url(text: &str) -> DatabaseUrl {
    text.parse().unwrap()
}

#[test]
fn a_missing_url_is_a_configuration_error_that_names_the_variable() {
    let environment = Environment::from_vars([("UNRELATED", "x")]);
    let error = refusal(Config::from_environment(&environment));
    assert!(error.is_config(), "{error}");
    assert!(error.to_string().contains("WAYGATE_APP_URL") && error.advice().is_some(), "{error}");
}

#[test]
fn a_malformed_url_is_a_configuration_error_that_does_not_show_it() {
    for bad in [
        format!("mysql://u:{PASSWORD}@host/db"),
        format!("postgres://u:{PASSWORD}@host:port/db"),
        format!("postgres://u:{PASSWORD}@host:99999/db"),
        PASSWORD.to_owned(),
        format!("postgres://u:{PASSWORD}@host/db?sslmode={PASSWORD}"),
    ] {
        let environment = Environment::from_vars([("WAYGATE_APP_URL", bad.as_str())]);
        let error = refusal(Config::from_environment(&environment));
        assert!(error.is_config() && error.to_string().contains("WAYGATE_APP_URL"), "{error}");
    }
}

#[tokio::test]
async fn a_server_out_of_reach_is_a_connection_error() {
    for nowhere in [
        format!("postgres://waygate_app:{PASSWORD}@127.0.0.1:1/db"),
        format!("postgres://waygate_app:{PASSWORD}@/db?host=/nonexistent"),
    ] {
        let error = refusal(Db::connect(Config::new(url(&nowhere))).await);
        assert!(error.is_connect() && error.advice().is_some(), "{error}");
        assert!(refusal(Maintenance::connect(&url(&nowhere).to_config()).await).is_connect());
        assert!(run_sql(&url(&nowhere), "SELECT 1").await.refused().is_connect());
    }
}

#[tokio::test]
async fn a_login_or_a_database_that_is_not_there_is_a_connection_error() {
    let test = TestDb::new().await;
    let nobody = test.urls().app.with_user("waygate_nobody").unwrap().with_password(Some(PASSWORD));
    let error = refusal(Db::connect(Config::new(nobody)).await);
    assert!(error.is_connect() && error.advice().is_some(), "{error}");
    let nowhere = test.urls().app.with_database("waygate_nowhere");
    let error = refusal(Db::connect(Config::new(nowhere)).await);
    assert!(error.is_connect(), "{error}");
    assert_eq!(error.code(), Some("3D000"));
}

#[tokio::test]
async fn a_login_that_row_security_does_not_bind_is_refused() {
    let test = TestDb::new().await;
    for unsafe_login in [&test.urls().admin, &test.urls().migrator] {
        let as_app = refusal(Db::connect(Config::new(unsafe_login.clone())).await);
        assert!(as_app.is_unsafe_login() && as_app.advice().unwrap().contains("waygate_app"), "{as_app}");
        let config = Config::new(test.urls().app.clone()).service_url(unsafe_login.clone());
        assert!(refusal(Db::connect(config).await).is_unsafe_login());
    }
}

#[tokio::test]
async fn a_role_without_rights_is_told_so() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    test.rows_of(Login::Owner, "REVOKE ALL ON integrations FROM waygate_app").await;
    let read = Integration::query().all(&acme.scope).await.refused();
    assert!(read.is_permission_denied() && !read.is_undefined_object(), "{read}");
    let as_app = refusal(Maintenance::connect(&test.urls().app.to_config()).await);
    assert!(as_app.is_permission_denied() && as_app.advice().is_some(), "{as_app}");
    assert!(refusal(Maintenance::connect(&test.urls().service.to_config()).await).is_permission_denied());
}

#[tokio::test]
async fn a_database_without_tables_names_the_deploy() {
    let empty = EmptyDb::new().await;
    let db = Db::connect(empty.scratch.config()).await.unwrap();
    let tenant = db.tenant(crate::support::trusted(uuid::Uuid::new_v4()));
    let error = Integration::query().all(&tenant).await.refused();
    assert!(error.is_undefined_object() && error.advice().unwrap().contains("migrate"), "{error}");
    assert!(integration("slack", &tenant).await.refused().is_undefined_object());
    assert!(Integration::query().all(&db.service("none")).await.refused().is_undefined_object());
}

#[tokio::test]
async fn a_database_of_somebody_else_is_left_as_it_is() {
    let empty = EmptyDb::new().await;
    empty.sql(Login::Owner, &format!("CREATE TABLE invoices AS SELECT '{MARKER}' AS text")).await.unwrap();
    let error = empty.deploy().await.refused();
    assert!(error.is_foreign_schema() && error.to_string().contains("invoices"), "{error}");
    let left =
        empty.sql(Login::Admin, "SELECT to_regclass('waygate.migrations'), to_regclass('tenants')").await.unwrap();
    assert_eq!(left, [[None, None]], "nothing was made");
    empty.sql(Login::Owner, "DROP TABLE invoices; CREATE TYPE mood AS ENUM ('good')").await.unwrap();
    assert!(empty.deploy().await.refused().is_foreign_schema());
}

#[tokio::test]
async fn an_edited_migration_stops_the_deploy() {
    let test = TestDb::new().await;
    let edit = "UPDATE waygate.migrations SET checksum = sha256('another file'), words = sha256('its words')";
    test.rows_of(Login::Owner, edit).await;
    let mut session = Maintenance::connect(&test.urls().migrator.to_config()).await.unwrap();
    let error = deploy(&mut session, MIGRATIONS, DeployOptions::default(), &mut |_| {}).await.refused();
    assert!(error.is_migration_file() && error.to_string().contains(MIGRATIONS[0].id()), "{error}");
    let status = status(&session, MIGRATIONS).await.unwrap();
    assert!(!status.is_current() && status.problem.unwrap().contains("edited"));
    session.close().await;
}

#[tokio::test]
async fn a_duplicate_slug_is_a_unique_violation_and_an_unknown_tenant_a_foreign_key_one() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    integration(MARKER, &acme).await.unwrap();
    let duplicate = integration(MARKER, &acme).await.refused();
    assert!(duplicate.is_unique_violation() && duplicate.advice().is_some());
    let nobody = test.db.tenant(crate::support::trusted(uuid::Uuid::new_v4()));
    assert!(integration(MARKER, &nobody).await.refused().is_foreign_key_violation());
    let for_nobody = test.service().for_tenant(nobody.id());
    assert!(integration(MARKER, &for_nobody).await.refused().is_foreign_key_violation());
    assert_eq!(test.count("integrations").await, 1);
}

/// Integrations as a program sees them whose `auth_config` has a shape.
#[derive(Model, Debug)]
#[model(table = "integrations")]
struct Shaped {
    #[model(key)]
    id: Id<Shaped>,
    #[model(tenant)]
    #[expect(dead_code, reason = "the database stamps it and the tests do not ask")]
    tenant_id: TenantId,
    auth_config: Json<Shape>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Shape {
    port: u16,
}

#[tokio::test]
async fn json_of_another_shape_is_a_decode_error_that_names_its_column() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let id = Id::<Shaped>::from_uuid(acme.integration.id.as_uuid());
    for wrong in [json!({}), json!({"port": MARKER}), json!(MARKER), json!({"port": 65536}), json!([])] {
        acme.integration.patch().auth_config(wrong).save(&acme.scope).await.unwrap();
        let error = Shaped::find(id, &acme.scope).await.refused();
        assert!(error.is_decode() && error.to_string().contains("integrations.auth_config"), "{error}");
        assert!(Shaped::query().all(&acme.scope).await.refused().is_decode());
    }
    let right = Shaped::update(id).auth_config(Json(Shape { port: 443 }));
    right.exec(&acme.scope).await.unwrap();
    let found = Shaped::find(id, &acme.scope).await.unwrap().unwrap();
    assert_eq!((found.id, found.auth_config.0.port), (id, 443));
}

/// Credentials as a program sees them whose secret may be any JSON.
#[derive(Model, Debug)]
#[model(table = "integration_credentials")]
struct Loose {
    #[model(key)]
    id: Id<Loose>,
    #[model(tenant)]
    #[expect(dead_code, reason = "the database stamps it and the tests do not ask")]
    tenant_id: TenantId,
    integration_id: Id<Integration>,
    credential_type: CredentialType,
    #[model(encrypted)]
    encrypted_data: Encrypted<Json>,
}

#[tokio::test]
async fn a_secret_of_another_shape_is_a_decode_error_without_the_secret() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let loose = Loose::create()
        .integration_id(acme.integration.id)
        .credential_type(CredentialType::Basic)
        .encrypted_data(Json(json!({"type": "bearer", "unknown": MARKER})))
        .insert(&acme.scope)
        .await
        .unwrap();
    assert_eq!(loose.encrypted_data.expose().0["unknown"], MARKER);
    assert_eq!((loose.integration_id, loose.credential_type), (acme.integration.id, CredentialType::Basic));
    let error = IntegrationCredential::find(Id::from_uuid(loose.id.as_uuid()), &acme.scope).await.refused();
    assert!(error.is_decode(), "{error}");
    assert!(error.to_string().contains("integration_credentials.encrypted_data"), "{error}");
}

/// Integrations as an older program sees them, whose columns are of other types.
#[derive(Model, Debug)]
#[model(table = "integrations")]
#[expect(dead_code, reason = "it never decodes")]
struct Outdated {
    #[model(key)]
    id: Id<Outdated>,
    #[model(tenant)]
    tenant_id: TenantId,
    description: String,
    tags: Option<i32>,
}

#[tokio::test]
async fn a_column_of_another_type_is_a_decode_error_that_names_it() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let null = Outdated::query().all(&acme.scope).await.refused();
    assert!(null.is_decode() && null.to_string().contains("integrations.description"), "{null}");
    acme.integration.patch().description(MARKER).save(&acme.scope).await.unwrap();
    let other = Outdated::query().all(&acme.scope).await.refused();
    assert!(other.is_decode() && other.to_string().contains("integrations.tags"), "{other}");
}
