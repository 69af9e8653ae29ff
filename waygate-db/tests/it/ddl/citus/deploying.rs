//! What the DDL makes, and that each of its points is needed.

use super::{cluster, deployed, waygate};
use crate::ddl::seed::{A, B, NOBODY, SEALED, id};
use crate::support::database::{Database, Session};
use crate::support::waygate_schema::SCHEMA;

/// One tenant's rows, less the table that does not fit.
async fn insert(service: &Session, tenant: &str) {
    let [integration, action, credential, log] = [1, 2, 3, 5].map(|table| id(tenant, table));
    service
        .run(&format!(
            "BEGIN; SET LOCAL waygate.tenant_id = '{tenant}';
             INSERT INTO tenants (id, name, email, waygate_api_key_hash)
                 VALUES ('{tenant}', 'T', '{tenant}@example.org', 'hash of {tenant}');
             INSERT INTO integrations (id, name, slug, auth_type) VALUES ('{integration}', 'I', 'slack', 'oauth2');
             INSERT INTO actions (id, integration_id, name, slug, http_method, endpoint_template)
                 VALUES ('{action}', '{integration}', 'A', 'send', 'POST', '/');
             INSERT INTO integration_credentials (id, integration_id, credential_type, encrypted_data)
                 VALUES ('{credential}', '{integration}', 'basic', {SEALED});
             INSERT INTO request_logs (id, integration_id, action_id, request_summary, latency_ms)
                 VALUES ('{log}', '{integration}', '{action}', '{{}}', 1);
             COMMIT;"
        ))
        .await;
}

async fn seeded() -> (Database, Session) {
    let (database, _) = deployed(&SCHEMA).await;
    let service = database.login("waygate_service").await;
    for tenant in [A, B] {
        insert(&service, tenant).await;
    }
    (database, service)
}

#[tokio::test]
async fn tenants_are_copied_and_the_others_spread_beside_the_first() {
    let (_database, administrator) = deployed(&SCHEMA).await;
    let kinds = "SELECT concat_ws(' ', relation, spread_by, beside) FROM shim.tables ORDER BY relation::oid";
    let expected = [
        "tenants",
        "integrations tenant_id integrations",
        "actions tenant_id integrations",
        "integration_credentials tenant_id integrations",
        "request_logs tenant_id integrations",
    ];
    assert_eq!(administrator.column(kinds).await, expected);
    let there = "SELECT count(*) FROM pg_class WHERE relname = 'field_mappings'";
    assert_eq!(administrator.value(there).await, "0");
    let references = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'";
    assert_eq!(administrator.value(references).await, "8");
}

#[tokio::test]
async fn a_tenant_reads_and_writes_its_own_rows_alone() {
    let (database, service) = seeded().await;
    let (a, nobody) = (database.tenant(A).await, database.tenant(NOBODY).await);
    for (place, table) in [(0, "tenants"), (1, "integrations"), (2, "actions"), (5, "request_logs")] {
        let all = format!("SELECT id FROM {table}");
        assert_eq!(a.column(&all).await, [if place == 0 { A.to_owned() } else { id(A, place) }]);
        assert_eq!(nobody.column(&all).await, Vec::<String>::new(), "{table}");
        assert_eq!(service.column(&all).await.len(), 2, "{table}");
        let unset = database.login("waygate_app").await;
        assert_eq!(unset.refusal(&all).await, "42704", "{table}");
    }
    let foreign =
        format!("INSERT INTO integrations (tenant_id, name, slug, auth_type) VALUES ('{B}', 'x', 'x', 'basic')");
    assert_eq!(a.refusal(&foreign).await, "42501");
    let moved = format!("UPDATE integrations SET tenant_id = '{B}'");
    assert_eq!(a.refusal(&moved).await, "42501");
    let child = format!(
        "INSERT INTO actions (integration_id, name, slug, http_method, endpoint_template)
         VALUES ('{}', 'x', 'x', 'GET', '/')",
        id(B, 1)
    );
    assert_eq!(a.refusal(&child).await, "23503");
    assert_eq!(a.run("UPDATE integrations SET name = 'x', updated_at = now() RETURNING 1").await.len(), 1);
}

#[tokio::test]
async fn rights_are_on_whole_tables_and_none_where_a_column_is_the_services() {
    let (database, service) = seeded().await;
    let a = database.tenant(A).await;
    for refused in [
        "UPDATE tenants SET name = 'x'",
        "UPDATE tenants SET email = 'b@example.org'",
        "INSERT INTO tenants DEFAULT VALUES",
        "DELETE FROM tenants",
        "UPDATE request_logs SET latency_ms = 2",
        "DELETE FROM request_logs",
        "TRUNCATE integrations CASCADE",
    ] {
        assert_eq!(a.refusal(refused).await, "42501", "{refused}");
    }
    assert_eq!(service.refusal("UPDATE request_logs SET latency_ms = 2").await, "42501");
    service.run("UPDATE tenants SET name = 'x', updated_at = now(); DELETE FROM request_logs").await;
    service.run(&format!("DELETE FROM tenants WHERE id = '{A}'")).await;
    assert_eq!(service.value("SELECT count(*) FROM integration_credentials").await, "1");
}

#[tokio::test]
async fn the_librarys_own_objects_work() {
    let (database, service) = seeded().await;
    let app = database.login("waygate_app").await;
    assert_eq!(app.value(&format!("SELECT waygate.tenant_for_key('hash of {A}')")).await, A);
    service.run("INSERT INTO waygate.service_log (reason) VALUES ('x')").await;
    let key = |scope: &str, byte: &str| {
        format!(
            "INSERT INTO waygate.data_keys (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped)
             VALUES (decode(repeat('{byte}', 16), 'hex'), decode(repeat('{byte}', 32), 'hex'), '{scope}', 1, 1,
                     'active', 'env', 'one', 'x')"
        )
    };
    let a = database.tenant(A).await;
    a.run(&key(A, "0a")).await;
    assert_eq!(a.refusal(&key(B, "0b")).await, "42501");
    assert_eq!(app.refusal(&key(A, "0c")).await, "42704");
    service.run(&format!("{}; {}", key(B, "0b"), key("app", "0d"))).await;
    let read = "SELECT scope FROM waygate.data_keys ORDER BY scope";
    assert_eq!(a.column(read).await, [A, "app"]);
    assert_eq!(app.column(read).await, ["app"]);
}

#[tokio::test]
async fn a_server_without_citus_is_refused_at_the_first_statement() {
    let database = Database::empty().await;
    let migrator = database.login("waygate_migrator").await;
    assert_eq!(migrator.refusal(&format!("SET ROLE waygate_owner; BEGIN;\n{}", waygate())).await, "0A000");
    let administrator = database.administrator().await;
    assert_eq!(administrator.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'waygate'").await, "0");
}

/// What the DDL would be without each of its points: a text of it, what stands there instead, and the rule that is broken.
const MUTANTS: [(&str, &str, &str); 14] = [
    (
        "integrations_pkey PRIMARY KEY (tenant_id, id)",
        "integrations_pkey PRIMARY KEY (id)",
        "unique without the tenant",
    ),
    ("ON public.integrations (tenant_id, slug)", "ON public.integrations (slug)", "unique without the tenant"),
    (
        "USING (tenant_id = current_setting('waygate.tenant_id')::uuid)",
        "USING (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid))",
        "policy with a sub-select",
    ),
    (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON public.integrations TO waygate_app",
        "GRANT SELECT, INSERT (name) ON public.integrations TO waygate_app",
        "right on a column",
    ),
    (
        "GRANT SELECT ON public.tenants TO waygate_login",
        "GRANT SELECT (id) ON public.tenants TO waygate_login",
        "right on a column",
    ),
    ("SELECT create_reference_table('public.tenants');", "", "reference to a local table"),
    (
        "SELECT create_distributed_table('public.integrations', 'tenant_id', colocate_with => 'none');",
        "",
        "reference from a local table",
    ),
    (
        "SELECT create_distributed_table('public.actions', 'tenant_id', colocate_with => 'public.integrations');",
        "",
        "reference from a local table",
    ),
    (
        "'public.actions', 'tenant_id', colocate_with => 'public.integrations'",
        "'public.actions', 'tenant_id', colocate_with => 'none'",
        "reference to another group",
    ),
    (
        "FOREIGN KEY (tenant_id, integration_id)\n        REFERENCES public.integrations (tenant_id, id) ON DELETE CASCADE",
        "FOREIGN KEY (tenant_id, integration_id)\n        REFERENCES public.integrations (tenant_id, id) ON DELETE SET NULL (integration_id)",
        "set null with the tenant",
    ),
    (
        "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
        "SET LOCAL citus.multi_shard_modify_mode = 'parallel'",
        "parallel mode",
    ),
    (
        "\n    CONSTRAINT actions_pkey PRIMARY KEY (tenant_id, id)\n",
        "\n    CONSTRAINT actions_pkey PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id) REFERENCES public.tenants (id)\n",
        "reference from a local table",
    ),
    (
        "\nSELECT create_distributed_table('public.actions'",
        "\nCREATE FUNCTION pg_temp.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TRIGGER touch BEFORE UPDATE ON public.actions FOR EACH ROW EXECUTE FUNCTION pg_temp.touch();\nSELECT create_distributed_table('public.actions'",
        "trigger",
    ),
    (
        "colocate_with => 'public.integrations');\n\nALTER TABLE public.integration_credentials\n",
        "colocate_with => 'public.integrations');\nALTER TABLE public.integration_credentials ALTER encrypted_data SET STORAGE MAIN;\nALTER TABLE public.integration_credentials\n",
        "storage changed",
    ),
];

#[tokio::test]
async fn each_point_of_the_ddl_is_needed() {
    for (text, instead, rule) in MUTANTS {
        let sql = waygate();
        let mutant = sql.replacen(text, instead, 1);
        assert_ne!(sql, mutant, "{text}");
        let (database, _) = cluster().await;
        let migrator = database.login("waygate_migrator").await;
        let error = migrator.complaint(&format!("SET ROLE waygate_owner; BEGIN;\n{mutant}\nCOMMIT;")).await;
        assert!(error.starts_with(&format!("citus: {rule}:")), "{instead}: {error}");
    }
}
