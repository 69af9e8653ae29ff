//! Rules that hold for every column of the schema, whatever its model: lengths, labels, NULL, timestamps.

use chrono::{DateTime, TimeDelta, Utc};
use waygate::models::{Action, AuthType, FieldMapping, Integration, SCHEMA, Tenant};
use waygate_db::schema::{ColumnRole, SqlType, Table};
use waygate_db::{Error, Model};

use crate::support::{Login, MARKER, Outcome, Rows, TestDb, integration, mapping};

/// Tries raw SQL as the service on this tenant's rows, and takes it back.
async fn attempt(test: &TestDb, rows: &Rows, sql: &str) -> Result<(), Error> {
    let script = format!("BEGIN; SET LOCAL waygate.tenant_id = '{}'; {sql}; ROLLBACK", rows.tenant.id);
    test.sql(Login::Service, &script).await.map(|_| ())
}

fn is_updated(table: &Table) -> bool {
    !table.append_only
}

#[tokio::test]
async fn every_limited_text_takes_its_length_in_characters_and_no_more() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let mut limited = 0;
    for table in SCHEMA.tables().filter(|table| is_updated(table)) {
        for column in table.columns {
            let SqlType::Varchar(length) = column.ty else { continue };
            let (table, column) = (table.name, column.name);
            let set = |length| format!("UPDATE {table} SET {column} = repeat('ß', {length})");
            attempt(&test, &rows, &set(length)).await.unwrap_or_else(|error| panic!("{table}.{column}: {error}"));
            assert!(attempt(&test, &rows, &set(length + 1)).await.refused().is_too_long(), "{table}.{column}");
            limited += 1;
        }
    }
    assert_eq!(limited, 10, "four of tenants, two each of integrations, actions and mappings");
}

#[tokio::test]
async fn a_text_over_its_length_is_refused_by_a_predicate_and_not_cut() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let long = format!("{MARKER}{}", "x".repeat(255));
    let name = Integration::create().name(long.as_str()).slug("s").auth_type(AuthType::Basic).insert(&acme.scope);
    assert!(name.await.refused().is_too_long());
    assert!(Action::update(acme.action.id).name(long.as_str()).exec(&acme.scope).await.refused().is_too_long());
    assert!(acme.mapping.patch().source_path(long.as_str()).save(&acme.scope).await.refused().is_too_long());
    assert!(Tenant::update(acme.tenant.id).name(long.as_str()).exec(&acme.scope).await.refused().is_too_long());
    let slug = integration(&long[..101], &acme.scope).await.refused();
    assert!(slug.is_too_long());
    assert!(!slug.is_invalid_value(), "one predicate for one reason");
    assert_eq!(Integration::query().count(&acme.scope).await.unwrap(), 1);
    // Not too long: 255 characters of four bytes each.
    let wide = "\u{1f980}".repeat(255);
    assert_eq!(acme.integration.patch().name(wide.as_str()).save(&acme.scope).await.unwrap().name, wide);
}

#[tokio::test]
async fn every_enum_in_the_database_has_the_labels_of_the_models_and_no_other() {
    let test = TestDb::new().await;
    let enums = SCHEMA.enums();
    assert_eq!(enums.len(), 6);
    for known in enums {
        let labels = format!("SELECT unnest(enum_range(NULL::public.{}))", known.name);
        let found: Vec<_> = test.rows_of(Login::App, &labels).await.into_iter().flatten().flatten().collect();
        assert_eq!(found, known.labels, "{}", known.name);
    }
    let rows = Rows::of(&test, "acme").await;
    for table in SCHEMA.tables().filter(|table| is_updated(table)) {
        for column in table.columns.iter().filter(|column| column.ty.enum_type().is_some()) {
            let set = format!("UPDATE {} SET {} = '{MARKER}'", table.name, column.name);
            let error = attempt(&test, &rows, &set).await.err().unwrap();
            assert!(error.is_invalid_value(), "{}.{}: {error}", table.name, column.name);
        }
    }
}

#[tokio::test]
async fn every_required_column_refuses_null_and_every_optional_one_takes_it() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    for table in SCHEMA.tables().filter(|table| is_updated(table)) {
        for column in table.columns.iter().filter(|column| column.role == ColumnRole::Data) {
            let outcome = attempt(&test, &rows, &format!("UPDATE {} SET {} = NULL", table.name, column.name)).await;
            match outcome {
                Ok(()) => assert!(column.nullable, "{}.{} took NULL", table.name, column.name),
                Err(error) => {
                    assert!(!column.nullable, "{}.{}: {error}", table.name, column.name);
                    assert!(error.is_not_null_violation(), "{}.{}: {error}", table.name, column.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_text_with_a_nul_is_an_invalid_value() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let error = integration(&format!("{MARKER}\0"), &acme).await.refused();
    assert!(error.is_invalid_value(), "{error}");
    let found = Integration::query().filter(|one| one.name.eq(format!("{MARKER}\0"))).all(&acme).await.refused();
    assert!(found.is_invalid_value(), "{found}");
    let json = Integration::create()
        .name("I")
        .slug("json")
        .auth_type(AuthType::Basic)
        .metadata(serde_json::json!({"text": format!("{MARKER}\0")}))
        .insert(&acme)
        .await
        .refused();
    assert!(json.is_invalid_value(), "jsonb stores no NUL: {json}");
}

#[tokio::test]
async fn timestamps_are_the_transactions_time() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let (one, two, moved) = acme
        .transaction(async |tx| {
            let one = integration("one", tx).await?;
            let two = integration("two", tx).await?;
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            let moved = one.patch().name("moved").save(tx).await?;
            Ok::<_, Error>((one, two, moved))
        })
        .await
        .unwrap();
    assert_eq!(one.created_at, two.created_at);
    assert_eq!(moved.updated_at, one.updated_at);
    let later = one.patch().name("later").save(&acme).await.unwrap();
    assert!(later.updated_at > one.updated_at);
    assert_eq!(later.created_at, one.created_at);
}

#[tokio::test]
async fn every_update_moves_updated_at_and_none_moves_created_at() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let tenant = rows.tenant.patch().name("new").save(&rows.scope).await.unwrap();
    assert!(tenant.updated_at > rows.tenant.updated_at && tenant.created_at == rows.tenant.created_at);
    let integration = rows.integration.patch().name("new").save(&rows.scope).await.unwrap();
    assert!(integration.updated_at > rows.integration.updated_at);
    assert_eq!(integration.created_at, rows.integration.created_at);
    let action = rows.action.patch().name("new").save(&rows.scope).await.unwrap();
    assert!(action.updated_at > rows.action.updated_at && action.created_at == rows.action.created_at);
    let credential = rows.credential.patch().scopes(["new"]).save(&rows.scope).await.unwrap();
    assert!(credential.updated_at > rows.credential.updated_at);
    assert_eq!(credential.created_at, rows.credential.created_at);
    let by_service = integration.patch().name("newer").save(&test.service()).await.unwrap();
    assert!(by_service.updated_at > integration.updated_at);
}

#[tokio::test]
async fn an_import_keeps_its_timestamps_and_only_the_service_imports() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let then = DateTime::from_timestamp_micros((Utc::now() - TimeDelta::days(400)).timestamp_micros()).unwrap();
    let import = |slug: &str| {
        Integration::create()
            .name("imported")
            .slug(slug)
            .auth_type(AuthType::Basic)
            .created_at(then)
            .updated_at(then + TimeDelta::days(1))
    };
    let error = import("by-the-tenant").insert(&acme).await.refused();
    assert!(error.is_permission_denied(), "{error}");
    let row = import("by-the-service").insert(&test.service().for_tenant(acme.id())).await.unwrap();
    assert_eq!((row.created_at, row.updated_at), (then, then + TimeDelta::days(1)));
    let parent = crate::support::action(row.id, "send", &acme).await.unwrap();
    let mapping = mapping(parent.id, &acme).await.unwrap();
    assert!(FieldMapping::find(mapping.id, &acme).await.unwrap().is_some());
}
