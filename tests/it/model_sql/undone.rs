//! What a text does beside answering does not stay: neither on the connection nor in the transaction.

use waygate::models::Integration;
use waygate_db::{Db, Model};

use crate::support::{Login, Outcome, Rows, TestDb, integration};

/// Sets a setting, to its second argument, for the session or the transaction, out of a string.
fn setting(name: &str, value: &str, is_local: bool) -> &'static str {
    let set = format!("SELECT set_config($${name}$$, $${value}$$, {is_local})::tsvector");
    let set = set.replace('\'', "''").replace("$$", "''");
    format!("SELECT {{columns}} FROM integrations WHERE (SELECT count(*) FROM ts_stat('{set}')) > 0").leak()
}

/// Gives the own rows where the setting has this value.
const HAS: &str = "SELECT {columns} FROM integrations WHERE coalesce(current_setting($1, true), '') = $2";

#[tokio::test]
async fn the_word_that_sets_is_refused_before_it_is_sent() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    for text in [
        "SELECT {columns} FROM integrations WHERE set_config('waygate.tenant_id', 'x', false) = ''",
        "SELECT {columns} FROM integrations WHERE pg_catalog.SET_CONFIG('row_security', 'off', true) = ''",
        "SELECT {columns} FROM integrations WHERE pg_catalog . /* a */ set_config('role', 'x', true) = ''",
        r#"SELECT {columns} FROM integrations WHERE "pg_catalog"."set_config"('role', 'x', true) = ''"#,
        r#"SELECT {columns} FROM integrations WHERE U&"set\005fconfig"('role', 'x', true) = ''"#,
        r#"SELECT {columns} FROM integrations WHERE pg_catalog.u&"set\005fconfig"('role', 'x', true) = ''"#,
    ] {
        let error = Integration::sql(text).all(&acme.scope).await.refused();
        assert!(error.is_invalid_query() && error.advice().is_some(), "{text}: {error}");
    }
    let harmless =
        r#"SELECT {columns} FROM integrations AS "u" WHERE 'set_config' <> U&'x' AND u.slug <> 'x' -- set_config"#;
    assert_eq!(Integration::sql(harmless).one(&acme.scope).await.unwrap().id, acme.integration.id);
}

#[tokio::test]
async fn a_setting_of_the_session_does_not_outlive_the_statement() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let db = Db::connect(test.config().pool_size(1)).await.unwrap();
    let (scope, service) = (db.tenant(acme.tenant.id), db.service("test"));
    let for_tenant = service.for_tenant(acme.tenant.id);
    for (name, value) in [("work_mem", "7MB"), ("statement_timeout", "59s"), ("waygate.left", "behind")] {
        let set = setting(name, value, false);
        for handle in [&scope, &for_tenant] {
            assert_eq!(Integration::sql(set).all(handle).await.unwrap().len(), 1, "{name}");
            let kept = Integration::sql(HAS).bind(name).bind(value).all(handle).await.unwrap();
            assert!(kept.is_empty(), "{name} is on the pool's only connection");
            let result = handle.transaction(async |tx| {
                assert_eq!(Integration::sql(set).all(tx).await?.len(), 1, "{name}");
                Integration::sql(HAS).bind(name).bind(value).all(tx).await
            });
            assert!(result.await.unwrap().is_empty(), "{name} is set in the transaction");
            let kept = Integration::sql(HAS).bind(name).bind(value).all(handle).await.unwrap();
            assert!(kept.is_empty(), "{name} is on the connection after the transaction");
        }
        Integration::sql(set).all(&service).await.unwrap();
        assert!(Integration::sql(HAS).bind(name).bind(value).all(&service).await.unwrap().is_empty(), "{name}");
    }
    // The control: the text does set, and one that reads what it set in the same statement sees it.
    let set = setting("waygate.left", "behind", false).replace("{columns}", "id");
    let bare = format!("BEGIN; {set}; COMMIT; SELECT current_setting('waygate.left')");
    let bare = test.as_tenant(acme.tenant.id, &bare).await.unwrap();
    assert!(bare.into_iter().flatten().flatten().any(|value| value == "behind"));
    drop(other);
}

#[tokio::test]
async fn a_tenant_that_a_text_sets_leads_no_later_statement_of_the_transaction_astray() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    for (place, is_local) in [true, false].into_iter().enumerate() {
        let set = setting("waygate.tenant_id", &other.tenant.id.to_string(), is_local);
        for (round, handle) in [&acme.scope, &test.service().for_tenant(acme.tenant.id)].into_iter().enumerate() {
            let (slug, beside) = (format!("s{place}{round}"), format!("b{place}{round}"));
            let made = handle.transaction(async |tx| {
                // Whether the text gives a row is the server's to choose; what it sets must not stay.
                let (_, beside) = tokio::join!(Integration::sql(set).all(tx), integration(&beside, tx));
                assert_eq!(beside?.tenant_id, acme.tenant.id);
                integration(&slug, tx).await
            });
            assert_eq!(made.await.unwrap().tenant_id, acme.tenant.id);
        }
    }
    let count = format!("SELECT count(*) FROM integrations WHERE tenant_id = '{}'", acme.tenant.id);
    assert_eq!(test.value(Login::Service, &count).await, "9", "what was written beside a text stays");
}
