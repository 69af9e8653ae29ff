//! Texts that are not one SELECT of the model's columns, and values that do not fit.

use waygate::models::{FieldMapping, Integration};
use waygate_db::Model;

use crate::support::{MARKER, Outcome, Rows, TestDb};

#[tokio::test]
async fn a_text_that_is_not_one_select_is_refused_before_it_is_sent() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    for text in [
        "",
        " -- nothing",
        "DELETE FROM integrations RETURNING *",
        "UPDATE integrations SET name = 'x' RETURNING *",
        "VALUES (1)",
        "SELECT {columns} FROM integrations;",
        "SELECT {columns} FROM integrations; DELETE FROM integrations",
        "SELECT {columns} FROM integrations) AS x; --",
        "SELECT {columns} FROM integrations) AS x UNION ALL (SELECT {columns} FROM public.integrations",
        "SELECT 1) AS x UNION ALL SELECT {columns} FROM (SELECT {columns} FROM public.integrations",
        "SELECT '(' FROM integrations) --",
        "SELECT {columns} FROM (SELECT * FROM integrations",
        "SELECT {columns} FROM integrations FOR UPDATE",
        "SELECT {columns} FROM integrations FOR NO KEY UPDATE",
        "SELECT {columns} FROM integrations FOR  /* a */ share OF integrations",
    ] {
        let error = Integration::sql(text).all(&acme.scope).await.refused();
        assert!(error.is_invalid_query() && error.advice().is_some(), "{text}: {error}");
        assert!(error.message().starts_with("integrations: "), "{error}");
    }
    assert_eq!(Integration::query().count(&acme.scope).await.unwrap(), 1);
}

#[tokio::test]
async fn a_text_cannot_write() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    for text in [
        "WITH gone AS (DELETE FROM integrations RETURNING *) SELECT * FROM gone",
        "WITH gone AS (DELETE FROM public.integrations RETURNING *) SELECT * FROM gone",
        "SELECT * FROM (WITH gone AS (DELETE FROM public.integrations RETURNING *) SELECT * FROM gone) x",
        "SELECT {columns} INTO copied FROM integrations",
        "WITH x AS (SELECT 1) DELETE FROM public.integrations RETURNING *",
    ] {
        for handle in [&acme.scope, &test.service().for_tenant(acme.tenant.id)] {
            Integration::sql(text).all(handle).await.refused();
            let result = handle.transaction(async |tx| Integration::sql(text).all(tx).await).await;
            result.refused();
        }
        Integration::sql(text).all(&test.service()).await.refused();
    }
    assert_eq!(Integration::query().count(&acme.scope).await.unwrap(), 1);
    assert_eq!(test.count("integrations").await, 1);
    let read_only = "SELECT {columns} FROM integrations WHERE current_setting('transaction_read_only') = $1";
    assert_eq!(Integration::sql(read_only).bind("on").all(&acme.scope).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_text_names_as_many_parameters_as_there_are_values() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let two = "SELECT {columns} FROM integrations WHERE slug = $1 AND name = $2";
    let missing = Integration::sql(two).bind(MARKER).all(&acme.scope).await.refused();
    assert!(missing.is_invalid_query(), "{missing}");
    let none = Integration::sql(two).all(&acme.scope).await.refused();
    assert!(none.is_invalid_query() && none.message().contains("$1"), "{none}");
    let more = Integration::sql(two).bind("a").bind("b").bind(MARKER).all(&acme.scope).await.refused();
    assert!(more.is_invalid_query() && more.message().contains("3 values"), "{more}");
    for text in [
        "SELECT {columns} FROM integrations WHERE slug = $0",
        "SELECT * FROM integrations WHERE slug = $99999999999999999999",
    ] {
        assert!(Integration::sql(text).bind("a").all(&acme.scope).await.refused().is_invalid_query(), "{text}");
    }
}

#[tokio::test]
async fn braces_other_than_the_columns_are_refused() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    for text in [
        "SELECT {colums} FROM integrations",
        "SELECT {} FROM integrations",
        "SELECT {i.columns} FROM integrations i",
        "SELECT { columns } FROM integrations",
        "SELECT {columns FROM integrations",
    ] {
        let error = Integration::sql(text).all(&acme.scope).await.refused();
        assert!(error.is_invalid_query() && error.advice().unwrap().contains("{columns}"), "{text}: {error}");
    }
}

#[tokio::test]
async fn a_column_that_is_missing_or_of_another_type_is_named() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let missing = Integration::sql("SELECT id, tenant_id FROM integrations").all(&acme.scope).await.refused();
    assert!(missing.message().contains("integrations.name"), "{missing}");
    let twice = "SELECT a.*, b.* FROM integrations a, integrations b";
    let twice = Integration::sql(twice).all(&acme.scope).await.refused();
    assert!(twice.message().contains("ambiguous"), "{twice}");
    let no_tenant = "SELECT id, name FROM integrations";
    let no_tenant = Integration::sql(no_tenant).all(&acme.scope).await.refused();
    let unknown = Integration::sql("SELECT {columns} FROM integratons").all(&acme.scope).await.refused();
    for error in [&missing, &twice, &no_tenant, &unknown] {
        assert!(error.advice().unwrap().contains("{columns}"), "{error}");
    }

    let columns = "id, action_id, tenant_id, target_path, transform_config, created_at";
    assert!(FieldMapping::TABLE.columns.iter().all(|column| {
        columns.split(", ").any(|name| name == column.name) || ["source_path", "direction"].contains(&column.name)
    }));
    let number = "SELECT id, action_id, tenant_id, 7 AS source_path, target_path, transform_config, direction, created_at \
                  FROM field_mappings";
    let number = FieldMapping::sql(number).all(&acme.scope).await.refused();
    assert!(number.is_decode() && number.message().starts_with("field_mappings.source_path: "), "{number}");
    let label = "SELECT id, action_id, tenant_id, source_path, target_path, transform_config, $1 AS direction, created_at \
                 FROM field_mappings";
    let label = FieldMapping::sql(label).bind(MARKER).all(&acme.scope).await.refused();
    assert!(label.is_decode() && label.message().starts_with("field_mappings.direction: "), "{label}");
    let null = "SELECT id, action_id, tenant_id, NULL::text AS source_path, target_path, transform_config, direction, \
                created_at FROM field_mappings";
    let null = FieldMapping::sql(null).all(&acme.scope).await.refused();
    assert!(null.is_decode() && null.message().contains("field_mappings.source_path"), "{null}");
}

#[tokio::test]
async fn a_row_that_lies_about_its_tenant_does_not_open() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let relabelled = "SELECT c.id, c.integration_id, $1 AS tenant_id, c.credential_type, c.encrypted_data, \
                      c.encrypted_refresh_token, c.expires_at, c.scopes, c.status, c.created_at, c.updated_at \
                      FROM public.integration_credentials c WHERE c.id = $2";
    let lie = || waygate::models::IntegrationCredential::sql(relabelled).bind(acme.tenant.id).bind(other.credential.id);
    let service = test.service();
    assert!(lie().all(&service.for_tenant(acme.tenant.id)).await.unwrap().is_empty(), "nor does it come");
    let error = lie().all(&service).await.refused();
    assert!(error.is_key() || error.is_decrypt(), "{error}");
}
