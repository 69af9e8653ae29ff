//! The statements that the library sends, as the server plans them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use waygate::models::{FieldMapping, Integration, RequestLog};
use waygate_db::Model;

use crate::support::{Login, Rows, TestDb};

/// The texts of the statements that this thread sent.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<BTreeSet<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut text = Text(None);
        event.record(&mut text);
        self.0.lock().unwrap().extend(text.0);
    }
}

struct Text(Option<String>);

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "db.query.text" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[tokio::test]
async fn every_statement_names_the_tenant_and_is_valid_for_the_tenants_login() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let heard = Heard::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(heard.clone()));
    Integration::find(acme.integration.id, &acme.scope).await.unwrap();
    Integration::query().filter(|one| one.tags.contains(["x"])).limit(3).all(&acme.scope).await.unwrap();
    Integration::query().order_by(|one| one.created_at.desc()).page(None, 2, &acme.scope).await.unwrap();
    Integration::query().count(&acme.scope).await.unwrap();
    Integration::query().exists(&acme.scope).await.unwrap();
    acme.integration.patch().name("n").save(&acme.scope).await.unwrap();
    Integration::update(acme.integration.id).name("n").exec(&acme.scope).await.unwrap();
    FieldMapping::find(acme.mapping.id, &acme.scope).await.unwrap();
    FieldMapping::query().count(&acme.scope).await.unwrap();
    RequestLog::query().order_by(|log| log.created_at.desc()).limit(50).all(&acme.scope).await.unwrap();
    Integration::sql("SELECT {columns} FROM integrations WHERE slug = $1")
        .bind("slack")
        .one(&acme.scope)
        .await
        .unwrap();
    waygate::models::Tenant::query().one(&acme.scope).await.unwrap();
    Integration::delete(acme.integration.id).exec(&acme.scope).await.unwrap();
    drop(listening);

    let heard: Vec<String> = heard.0.lock().unwrap().iter().cloned().collect();
    assert!(heard.len() >= 12, "{heard:#?}");
    for sql in heard {
        let scoped = ["tenant_id = $", "FROM tenants WHERE id = $", "FROM public.tenants WHERE id = $"];
        assert!(scoped.iter().any(|condition| sql.contains(condition)), "no tenant in: {sql}");
        // The very text, planned for any parameters, under row security.
        let parameters = (1..).take_while(|number| sql.contains(&format!("${number}"))).map(|_| "NULL");
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        let explain = format!(
            "SET plan_cache_mode = force_generic_plan; PREPARE heard AS {sql}; EXPLAIN EXECUTE heard ({parameters})"
        );
        test.as_tenant(acme.tenant.id, &explain).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// The plan of a query as the app login with this tenant set. Tables this small are scanned whole unless that is off.
async fn plan(test: &TestDb, rows: &Rows, sql: &str) -> String {
    let sql = format!("SET enable_seqscan = off; SET enable_bitmapscan = off; EXPLAIN (COSTS OFF) {sql}");
    let lines = test.as_tenant(rows.tenant.id, &sql).await.unwrap();
    lines.into_iter().flatten().flatten().collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn indexes_answer_the_basic_queries_under_row_security() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let id = acme.tenant.id;
    let by_slug = format!("SELECT id FROM integrations WHERE tenant_id = '{id}' AND slug = 'slack'");
    assert!(plan(&test, &acme, &by_slug).await.contains("integrations_tenant_slug_idx"));
    let newest = format!("SELECT id FROM request_logs WHERE tenant_id = '{id}' ORDER BY created_at DESC LIMIT 50");
    let newest = plan(&test, &acme, &newest).await;
    assert!(newest.contains("logs_tenant_created_idx") && !newest.contains("Sort"), "{newest}");
    let setting = plan(&test, &acme, "SELECT count(*) FROM integrations").await;
    assert!(setting.contains("InitPlan"), "the setting is read once per query, not once per row: {setting}");
}

/// The one statement that this call sends, with the tenant for each of its parameters.
async fn sent(rows: &Rows, call: impl Future<Output = ()>) -> String {
    let heard = Heard::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(heard.clone()));
    call.await;
    drop(listening);
    let heard = heard.0.lock().unwrap();
    assert_eq!(heard.len(), 1, "{heard:#?}");
    let sql = heard.first().unwrap();
    (1..10).fold(sql.clone(), |sql, number| sql.replace(&format!("${number}"), &format!("'{}'", rows.tenant.id)))
}

#[tokio::test]
async fn raw_sql_keeps_its_index_and_is_only_filtered_around() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let newest = "SELECT {columns} FROM request_logs ORDER BY created_at DESC LIMIT 50";
    let sql = sent(&acme, async { drop(RequestLog::sql(newest).all(&acme.scope).await.unwrap()) }).await;
    let newest = plan(&test, &acme, &sql).await;
    assert!(newest.starts_with("Subquery Scan"), "{newest}");
    assert!(newest.contains("logs_tenant_created_idx") && !newest.contains("Sort"), "{newest}");
    assert!(newest.contains("SubPlan") && !newest.contains("Join"), "{newest}");

    // Whose a key is, is asked of an index for each row, not of all the tenant's rows.
    let fill = "INSERT INTO request_logs (id, tenant_id, integration_id, action_id, request_summary, latency_ms)
                SELECT gen_random_uuid(), tenant_id, integration_id, action_id, '{}', 1
                FROM request_logs, generate_series(1, 20000); ANALYZE request_logs";
    test.rows_of(Login::Admin, fill).await;
    let lines = test.as_tenant(acme.tenant.id, &format!("EXPLAIN (COSTS OFF) {sql}")).await.unwrap();
    let many = lines.into_iter().flatten().flatten().collect::<Vec<_>>().join("\n");
    assert!(many.contains("(id = request_logs.id)") && many.contains("logs_tenant_created_idx"), "{many}");
    assert!(!many.contains("Seq Scan") && !many.contains("hashed") && !many.contains("Sort"), "{many}");

    let ordered = "SELECT {columns} FROM field_mappings ORDER BY source_path";
    let sql = sent(&acme, async { drop(FieldMapping::sql(ordered).all(&acme.scope).await.unwrap()) }).await;
    let ordered = plan(&test, &acme, &sql).await;
    // The order is made inside, and around it there is a filter and no join, which could change it.
    assert!(ordered.starts_with("Subquery Scan") && ordered.contains("->  Sort"), "{ordered}");
}
