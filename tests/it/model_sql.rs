//! Raw SQL through a model: typed, and confined like every other read, whatever the text says.

mod forged;
mod orders;
mod refusals;
mod shared;
mod undone;

use waygate::models::{
    Action, FieldMapping, HttpMethod, Integration, IntegrationCredential, IntegrationStatus, RequestLog, SCHEMA, Tenant,
};
use waygate_db::{Error, Id, Model};

use crate::support::{Rows, TestDb, action, integration, mapping, same};

/// Checks the texts that try to see more than one row of a model: this handle sees the own row alone.
macro_rules! sees_its_own {
    ($model:ty, $table:literal, $handle:expr, $own:expr, $other:expr) => {{
        let (own, other) = ($own, $other);
        let found = <$model>::sql(concat!("SELECT {columns} FROM ", $table)).all($handle).await.unwrap();
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [own.id], $table);
        same(&found[0], own);
        for text in [
            concat!("SELECT * FROM ", $table, " WHERE id = $1 OR true"),
            concat!("SELECT * FROM public.", $table, " WHERE id = $1 OR true"),
            concat!(
                "WITH ",
                $table,
                " AS (SELECT * FROM public.",
                $table,
                ") SELECT {columns} FROM ",
                $table,
                " WHERE id <> $1 OR true"
            ),
        ] {
            assert_eq!(<$model>::sql(text).bind(other.id).one($handle).await.unwrap().id, own.id, "{text}");
        }
        for text in [
            concat!("SELECT * FROM ", $table, " WHERE id = $1"),
            concat!("SELECT * FROM public.", $table, " WHERE id = $1"),
        ] {
            assert!(<$model>::sql(text).bind(other.id).optional($handle).await.unwrap().is_none(), "{text}");
        }
        $table
    }};
}

#[tokio::test]
async fn every_model_gives_the_own_rows_alone_to_a_tenant_and_to_the_service_for_it() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let for_tenant = test.service().for_tenant(acme.tenant.id);
    for handle in [&acme.scope, &for_tenant] {
        let seen = [
            sees_its_own!(Tenant, "tenants", handle, &acme.tenant, &other.tenant),
            sees_its_own!(Integration, "integrations", handle, &acme.integration, &other.integration),
            sees_its_own!(Action, "actions", handle, &acme.action, &other.action),
            sees_its_own!(
                IntegrationCredential,
                "integration_credentials",
                handle,
                &acme.credential,
                &other.credential
            ),
            sees_its_own!(FieldMapping, "field_mappings", handle, &acme.mapping, &other.mapping),
            sees_its_own!(RequestLog, "request_logs", handle, &acme.log, &other.log),
        ];
        assert_eq!(seen.to_vec(), SCHEMA.tables().map(|table| table.name).collect::<Vec<_>>());
    }
    assert_eq!(FieldMapping::sql("SELECT {columns} FROM field_mappings").all(&test.service()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_limit_in_the_text_counts_the_tenants_rows_alone_even_for_the_service() {
    let test = TestDb::new().await;
    let (older, acme) = (Rows::of(&test, "older").await, Rows::of(&test, "acme").await);
    integration("second", &acme.scope).await.unwrap();
    for handle in [&acme.scope, &test.service().for_tenant(acme.tenant.id)] {
        let first = Integration::sql("SELECT {columns} FROM integrations ORDER BY created_at, id LIMIT 1");
        assert_eq!(first.one(handle).await.unwrap().id, acme.integration.id);
        let only = "SELECT {columns} FROM integrations WHERE (SELECT count(*) FROM integrations) = $1";
        assert_eq!(Integration::sql(only).bind(2_i64).all(handle).await.unwrap().len(), 2);
    }
    assert_eq!(Integration::query().one(&older.scope).await.unwrap().id, older.integration.id);
}

#[tokio::test]
async fn enums_arrays_json_and_sealed_values_come_back_as_they_were_written() {
    let test = TestDb::new().await;
    let (acme, _other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let text = "SELECT {columns} FROM integration_credentials WHERE integration_id = $1";
    let sealed = IntegrationCredential::sql(text).bind(acme.integration.id).one(&acme.scope).await.unwrap();
    assert_eq!(sealed.encrypted_refresh_token.unwrap().expose(), "refresh of acme");
    let elsewhere = test.another().await.tenant(acme.tenant.id);
    let sealed = IntegrationCredential::sql(text).bind(acme.integration.id).one(&elsewhere).await.unwrap();
    assert_eq!(sealed.encrypted_data.expose().0, acme.credential.encrypted_data.expose().0);

    Integration::update(acme.integration.id)
        .status(IntegrationStatus::Active)
        .tags(["team", "{braces}"])
        .metadata(serde_json::json!({"plan": "pro"}))
        .exec(&acme.scope)
        .await
        .unwrap();
    let written = Integration::find(acme.integration.id, &acme.scope).await.unwrap().unwrap();
    let text = r#"SELECT {columns} -- every one of {these}
        FROM integrations /* ; ) */
        WHERE status = $1 AND status = ANY($2) AND tags @> $3 AND tags && '{team,"{braces}"}'
          AND metadata @> $4 AND metadata @> '{"plan": "pro"}' AND slug = $5 AND slug <> $$;)$$ AND slug <> ') x; --'
        -- the end"#;
    let read = Integration::sql(text)
        .bind(IntegrationStatus::Active)
        .bind(vec![IntegrationStatus::Active, IntegrationStatus::Draft])
        .bind(["{braces}"])
        .bind(serde_json::json!({"plan": "pro"}))
        .bind("slack");
    same(&read.one(&acme.scope).await.unwrap(), &written);
}

#[tokio::test]
async fn values_of_every_kind_are_bound_and_stay_values() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let mut ids: Vec<Id<Integration>> = vec![acme.integration.id];
    ids.push(integration("two", &acme.scope).await.unwrap().id);
    let any = "SELECT {columns} FROM integrations WHERE id = ANY($1) AND created_at <= $2 AND ($3::text IS NULL OR name = $3)";
    let query = || Integration::sql(any).bind(ids.clone()).bind(chrono::Utc::now());
    assert_eq!(query().bind(None::<&str>).all(&acme.scope).await.unwrap().len(), 2);
    assert_eq!(query().bind(&acme.integration.name).all(&acme.scope).await.unwrap().len(), 2);
    for text in ["' OR '1'='1", "'; DROP TABLE integrations; --", "{columns}", "$1"] {
        assert!(query().bind(text).all(&acme.scope).await.unwrap().is_empty(), "{text}");
    }
    let twice = "SELECT * FROM integrations WHERE slug = $1 OR name = $1 OR tenant_id = $2 AND $3";
    let twice = Integration::sql(twice).bind("two").bind(acme.tenant.id).bind(false);
    assert_eq!(twice.one(&acme.scope).await.unwrap().slug, "two");
}

#[tokio::test]
async fn joins_recursion_and_computed_columns_are_for_the_text() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let busy = integration("busy", &acme.scope).await.unwrap();
    for slug in ["a", "b"] {
        action(busy.id, slug, &acme.scope).await.unwrap();
    }
    let joined = "SELECT i.*, count(*) OVER (PARTITION BY i.id) AS actions FROM integrations i \
                  JOIN actions a ON (a.tenant_id, a.integration_id) = (i.tenant_id, i.id) \
                  WHERE a.http_method = $1 ORDER BY actions DESC, a.slug";
    for handle in [&acme.scope, &test.service().for_tenant(acme.tenant.id)] {
        let found = Integration::sql(joined).bind(HttpMethod::Get).all(handle).await.unwrap();
        assert_eq!(found.iter().map(|row| &*row.slug).collect::<Vec<_>>(), ["busy", "busy", "slack"]);
    }
    let recursive = "WITH RECURSIVE walk AS (SELECT id FROM integrations WHERE slug = $1 \
                     UNION SELECT i.id FROM walk, integrations i) \
                     SELECT {columns} FROM integrations WHERE id IN (SELECT id FROM walk)";
    assert_eq!(Integration::sql(recursive).bind("busy").all(&acme.scope).await.unwrap().len(), 2);
    let united =
        "(SELECT {columns} FROM actions WHERE slug = 'a') UNION ALL (SELECT {columns} FROM actions WHERE slug = $1)";
    assert_eq!(Action::sql(united).bind("b").all(&acme.scope).await.unwrap().len(), 2);
    let through = "SELECT m.* FROM field_mappings m JOIN actions a ON a.id = m.action_id WHERE a.slug = $1";
    assert_eq!(FieldMapping::sql(through).bind("send").one(&other.scope).await.unwrap().id, other.mapping.id);
}

#[tokio::test]
async fn a_transaction_sees_what_it_wrote() {
    let test = TestDb::new().await;
    let (acme, _other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let text = "SELECT {columns} FROM field_mappings";
    let result = acme.scope.transaction(async |tx| {
        mapping(acme.action.id, tx).await?;
        let seen = FieldMapping::sql(text).all(tx).await?.len();
        assert_eq!(seen, 2);
        Err::<(), Error>(FieldMapping::sql(text).one(tx).await.err().unwrap())
    });
    assert!(result.await.is_err_and(|error| error.is_too_many_rows()));
    assert_eq!(FieldMapping::sql(text).one(&acme.scope).await.unwrap().id, acme.mapping.id, "rolled back");
    let service = test.service();
    let all = service.transaction(async |tx| FieldMapping::sql(text).all(tx).await).await.unwrap();
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn raw_sql_runs_in_a_task_and_beside_itself() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let scope = acme.scope.clone();
    let task = tokio::spawn(async move { Integration::sql("SELECT {columns} FROM integrations").one(&scope).await });
    let (actions, mappings) = tokio::join!(
        Action::sql("SELECT {columns} FROM actions").all(&acme.scope),
        FieldMapping::sql("SELECT {columns} FROM field_mappings").all(&acme.scope),
    );
    assert_eq!((actions.unwrap().len(), mappings.unwrap().len()), (1, 1));
    assert_eq!(task.await.unwrap().unwrap().id, acme.integration.id);
}
