//! Sealed columns: what the database holds, and what does not open.

mod moving;
mod on_demand;

use waygate::models::{Credential, CredentialType, Integration, IntegrationCredential};
use waygate_db::{Config, Db, Encrypted, EnvKeys, Error, Id, Json, Model, TenantScope};

use crate::support::{Login, MARKER, Outcome, Rows, TestDb, hex, integration};

/// A credential whose secrets are the marker.
async fn secret(parent: Id<Integration>, scope: &TenantScope) -> IntegrationCredential {
    IntegrationCredential::create()
        .integration_id(parent)
        .credential_type(CredentialType::ApiKey)
        .encrypted_data(Json(Credential::ApiKey { key: MARKER.to_owned() }))
        .encrypted_refresh_token(MARKER)
        .insert(scope)
        .await
        .unwrap()
}

/// A tenant with two credentials of equal secrets.
async fn two(test: &TestDb, name: &str) -> (TenantScope, IntegrationCredential, IntegrationCredential) {
    let scope = test.tenant(name).await;
    let parent = integration("slack", &scope).await.unwrap().id;
    let (one, two) = (secret(parent, &scope).await, secret(parent, &scope).await);
    (scope, one, two)
}

/// A column's stored bytes, as hex.
async fn stored(test: &TestDb, column: &str, id: Id<IntegrationCredential>) -> String {
    let read = format!("SELECT encode({column}, 'hex') FROM integration_credentials WHERE id = '{id}'");
    test.value(Login::Service, &read).await
}

/// Reads a row with keys that nobody has loaded yet.
async fn read_anew(test: &TestDb, scope: &TenantScope, id: Id<IntegrationCredential>) -> Error {
    let scope = test.another().await.tenant(scope.id());
    IntegrationCredential::find(id, &scope).await.refused()
}

#[tokio::test]
async fn the_database_holds_sealed_cells_and_no_plaintext() {
    let test = TestDb::new().await;
    let (_, one, two) = two(&test, "acme").await;
    let plaintext = hex(MARKER);
    for column in ["encrypted_data", "encrypted_refresh_token"] {
        let (first, second) = (stored(&test, column, one.id).await, stored(&test, column, two.id).await);
        for cell in [&first, &second] {
            assert!(cell.starts_with("f901") && cell.len() >= 2 * 48, "{column}: {cell}");
            assert!(!cell.contains(&plaintext), "{column}: {cell}");
        }
        assert_ne!(first, second, "equal secrets do not look equal");
    }
    let refresh = stored(&test, "encrypted_refresh_token", one.id).await;
    let padded = (MARKER.len() + 1).next_multiple_of(16);
    assert_eq!(refresh.len() / 2, 48 + padded, "a cell costs 48 bytes, and what hides its value's length");
}

#[tokio::test]
async fn printing_shows_no_secret() {
    let test = TestDb::new().await;
    let (_, one, _) = two(&test, "acme").await;
    let printed = format!("{one:?} {one:#?} {:?} {:?}", one.encrypted_data, one.encrypted_data.expose());
    assert!(!printed.contains(MARKER), "{printed}");
    assert!(!format!("{:?}", test.db).contains(MARKER));
    assert_eq!(format!("{:?}", Encrypted::new(MARKER.to_owned())), "Encrypted(<redacted>)");
}

#[tokio::test]
async fn a_cell_moved_to_another_row_does_not_open() {
    let test = TestDb::new().await;
    let (acme, one, two) = two(&test, "acme").await;
    let swap = format!(
        "UPDATE integration_credentials moved SET encrypted_data = other.encrypted_data
         FROM integration_credentials other WHERE moved.id = '{}' AND other.id = '{}'",
        one.id, two.id
    );
    test.rows_of(Login::Service, &swap).await;
    let error = IntegrationCredential::find(one.id, &acme).await.refused();
    assert!(error.is_decrypt(), "{error}");
    assert!(error.to_string().contains("integration_credentials.encrypted_data"), "{error}");
    assert!(read_anew(&test, &acme, one.id).await.is_decrypt());
    assert!(IntegrationCredential::find(one.id, &test.service()).await.refused().is_decrypt());
    assert!(IntegrationCredential::find(two.id, &acme).await.unwrap().is_some());
    let all = IntegrationCredential::query().all(&acme).await.refused();
    assert!(all.is_decrypt(), "one bad row is not left out in silence");
    IntegrationCredential::query().count(&acme).await.unwrap();
}

#[tokio::test]
async fn a_cell_moved_to_another_column_does_not_open() {
    let test = TestDb::new().await;
    let (acme, one, _) = two(&test, "acme").await;
    let swap = format!(
        "UPDATE integration_credentials SET encrypted_data = encrypted_refresh_token,
                encrypted_refresh_token = encrypted_data WHERE id = '{}'",
        one.id
    );
    test.rows_of(Login::Service, &swap).await;
    assert!(IntegrationCredential::find(one.id, &acme).await.refused().is_decrypt());
}

#[tokio::test]
async fn a_cell_of_another_tenant_does_not_open_whoever_reads_it() {
    let test = TestDb::new().await;
    let (acme, one, _) = two(&test, "acme").await;
    let (other, theirs, _) = two(&test, "other").await;
    let swap = format!(
        "UPDATE integration_credentials moved SET encrypted_data = other.encrypted_data
         FROM integration_credentials other WHERE moved.id = '{}' AND other.id = '{}'",
        one.id, theirs.id
    );
    test.rows_of(Login::Service, &swap).await;
    // The other tenant's key is out of acme's reach; the service has it, and it is not the row's.
    for error in [
        IntegrationCredential::find(one.id, &acme).await.refused(),
        read_anew(&test, &acme, one.id).await,
        IntegrationCredential::find(one.id, &test.service()).await.refused(),
        IntegrationCredential::find(one.id, &test.another().await.service("anew")).await.refused(),
    ] {
        assert!(error.is_key() || error.is_decrypt(), "{error}");
    }
    assert!(IntegrationCredential::find(theirs.id, &other).await.unwrap().is_some());
}

#[tokio::test]
async fn an_altered_cell_does_not_open() {
    let test = TestDb::new().await;
    let (acme, one, _) = two(&test, "acme").await;
    let cell = stored(&test, "encrypted_data", one.id).await;
    let bytes = cell.len() / 2;
    for place in [2, 3, 4, 20, 31, 32, bytes - 17, bytes - 1] {
        let change = format!(
            "UPDATE integration_credentials SET encrypted_data =
                 set_byte('\\x{cell}'::bytea, {place}, get_byte('\\x{cell}'::bytea, {place}) # 1) WHERE id = '{}'",
            one.id
        );
        test.rows_of(Login::Service, &change).await;
        let error = IntegrationCredential::find(one.id, &acme).await.refused();
        assert!(error.is_decrypt() || error.is_key(), "byte {place}: {error}");
    }
    let restore = format!("UPDATE integration_credentials SET encrypted_data = '\\x{cell}' WHERE id = '{}'", one.id);
    test.rows_of(Login::Service, &restore).await;
    assert!(IntegrationCredential::find(one.id, &acme).await.unwrap().is_some());
}

#[tokio::test]
async fn plaintext_is_refused_by_the_column_without_a_word_of_it() {
    let test = TestDb::new().await;
    let (_, one, _) = two(&test, "acme").await;
    for value in [format!("'{MARKER}'"), format!("'{MARKER}{}'", "x".repeat(60)), "'\\xf901'".to_owned()] {
        let write = format!("UPDATE integration_credentials SET encrypted_data = {value} WHERE id = '{}'", one.id);
        let error = test.sql(Login::Service, &write).await.refused();
        assert!(error.is_check_violation(), "{error}");
    }
}

/// A handle to the same database with these keys.
async fn with_keys(test: &TestDb, change: impl FnOnce(Config) -> Config) -> Db {
    Db::connect(change(test.config_without_key())).await.unwrap()
}

#[tokio::test]
async fn without_a_key_nothing_sealed_is_read_or_written_and_all_else_is() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let acme = with_keys(&test, |config| config).await.tenant(rows.tenant.id);
    let read = IntegrationCredential::find(rows.credential.id, &acme).await.refused();
    assert!(read.is_key() && read.advice().unwrap().contains("WAYGATE_KEK"), "{read}");
    let write = rows.credential.patch().encrypted_refresh_token(MARKER).save(&acme).await.refused();
    assert!(write.is_key(), "{write}");
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 1);
    assert_eq!(IntegrationCredential::query().count(&acme).await.unwrap(), 1);
    IntegrationCredential::update(rows.credential.id).scopes(["x"]).exec(&acme).await.unwrap();
}

#[tokio::test]
async fn the_wrong_key_opens_nothing() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let of_another_name = with_keys(&test, |config| config.keys(EnvKeys::throw_away().unwrap())).await;
    let error =
        IntegrationCredential::find(rows.credential.id, &of_another_name.tenant(rows.tenant.id)).await.refused();
    assert!(error.is_key(), "{error}");

    // Another key under the name that the data key was wrapped with.
    let kek = test.value(Login::Service, "SELECT kek_id FROM waygate.data_keys").await;
    let [(_, secret), (current, _)] = EnvKeys::fresh_vars().unwrap();
    let vars = [(format!("WAYGATE_KEK_{kek}"), secret.clone()), (current, kek)];
    let replaced = with_keys(&test, |config| config.keys(EnvKeys::from_vars(vars).unwrap())).await;
    let replaced = replaced.tenant(rows.tenant.id);
    let error = IntegrationCredential::find(rows.credential.id, &replaced).await.refused();
    assert!(error.is_key() && !format!("{error:?}").contains(&secret), "{error}");
    let write = rows.credential.patch().encrypted_refresh_token("x").save(&replaced);
    assert!(write.await.refused().is_key(), "a new key beside one that does not open would split the tenant's data");
}

#[tokio::test]
async fn a_data_key_that_is_gone_takes_its_secrets_with_it() {
    let test = TestDb::new().await;
    let (acme, one, _) = two(&test, "acme").await;
    test.rows_of(
        Login::Service,
        "UPDATE waygate.data_keys SET state = 'destroyed', wrapped = NULL, destroyed_at = now()",
    )
    .await;
    assert!(read_anew(&test, &acme, one.id).await.is_key());
    test.rows_of(Login::Service, "DELETE FROM waygate.data_keys").await;
    assert!(read_anew(&test, &acme, one.id).await.is_key());
}

#[tokio::test]
async fn a_wrapped_key_of_another_tenant_is_not_taken_for_the_own() {
    let test = TestDb::new().await;
    let (acme, one, _) = two(&test, "acme").await;
    let (other, _, _) = two(&test, "other").await;
    let swap = format!(
        "UPDATE waygate.data_keys mine SET wrapped = theirs.wrapped FROM waygate.data_keys theirs
         WHERE mine.scope = '{}' AND theirs.scope = '{}'",
        acme.id(),
        other.id()
    );
    test.rows_of(Login::Service, &swap).await;
    assert!(read_anew(&test, &acme, one.id).await.is_key());
}

#[tokio::test]
async fn the_service_writes_a_secret_only_for_a_tenant_it_names() {
    let test = TestDb::new().await;
    let (acme, one, _) = two(&test, "acme").await;
    let service = test.service();
    let bare = one.patch().encrypted_refresh_token("x").save(&service).await.refused();
    assert!(bare.is_tenant_missing() && bare.advice().unwrap().contains("for_tenant"), "{bare}");
    let for_acme = service.for_tenant(acme.id());
    one.patch().encrypted_refresh_token("by the service").save(&for_acme).await.unwrap();
    let read = IntegrationCredential::find(one.id, &acme).await.unwrap().unwrap();
    assert_eq!(read.encrypted_refresh_token.unwrap().expose(), "by the service");
    one.patch().scopes(["plain"]).save(&service).await.unwrap();
}

#[tokio::test]
async fn large_and_empty_secrets_open_again() {
    let test = TestDb::new().await;
    let (acme, one, _) = two(&test, "acme").await;
    for length in [0, 1, 15, 16, 17, 4096, 1024 * 1024] {
        let saved = one.patch().encrypted_refresh_token("s".repeat(length)).save(&acme).await.unwrap();
        assert_eq!(saved.encrypted_refresh_token.unwrap().expose().len(), length);
    }
    let too_long = one.patch().encrypted_refresh_token("s".repeat(16 * 1024 * 1024 + 1)).save(&acme).await.refused();
    assert!(too_long.is_encode(), "{too_long}");
}
