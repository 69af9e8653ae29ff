//! What the models' tables show and refuse to each role.

use super::seed::{A, B, NOBODY, SEALED, TABLES, id, seed};
use crate::support::database::Database;

#[tokio::test]
async fn a_session_without_a_tenant_gets_an_error_from_every_table() {
    let database = Database::deployed().await;
    seed(&database).await;
    for table in TABLES {
        let app = database.login("waygate_app").await;
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(app.refusal(&count).await, "42704", "{table}, never set");
        app.run(&format!("BEGIN; SET LOCAL waygate.tenant_id = '{A}'; COMMIT")).await;
        assert_eq!(app.refusal(&count).await, "22P02", "{table}, set no longer");
    }
}

#[tokio::test]
async fn a_tenant_sees_its_own_rows_alone() {
    let database = Database::deployed().await;
    seed(&database).await;
    let (a, nobody) = (database.tenant(A).await, database.tenant(NOBODY).await);
    for (place, table) in TABLES.iter().enumerate() {
        assert_eq!(a.column(&format!("SELECT id FROM {table}")).await, [id(A, place)], "{table}");
        assert_eq!(nobody.value(&format!("SELECT count(*) FROM {table}")).await, "0", "{table}");
    }
}

#[tokio::test]
async fn a_tenant_changes_and_deletes_no_row_of_another() {
    let database = Database::deployed().await;
    let service = seed(&database).await;
    let a = database.tenant(A).await;
    for (place, column) in [(0, "name"), (1, "name"), (2, "name"), (3, "scopes"), (4, "source_path")] {
        let (table, other) = (TABLES[place], id(B, place));
        let update = format!("UPDATE {table} SET {column} = '{{}}' WHERE id = '{other}' RETURNING id");
        assert_eq!(a.run(&update).await.len(), 0, "{table}");
        if place > 0 {
            let delete = format!("DELETE FROM {table} WHERE id = '{other}' RETURNING id");
            assert_eq!(a.run(&delete).await.len(), 0, "{table}");
            let own = format!("UPDATE {table} SET {column} = '{{}}' RETURNING id");
            assert_eq!(a.run(&own).await.len(), 1, "{table}: its own row");
        }
    }
    for table in TABLES {
        assert_eq!(a.refusal(&format!("TRUNCATE {table} CASCADE")).await, "42501", "{table}");
        assert_eq!(service.refusal(&format!("TRUNCATE {table} CASCADE")).await, "42501", "{table}");
        assert_eq!(service.value(&format!("SELECT count(*) FROM {table}")).await, "2", "{table}");
    }
    assert_eq!(a.refusal("DELETE FROM tenants").await, "42501");
    assert_eq!(a.refusal("DELETE FROM request_logs").await, "42501");
    assert_eq!(a.refusal("UPDATE request_logs SET latency_ms = 2").await, "42501");
    assert_eq!(service.refusal("UPDATE request_logs SET latency_ms = 2").await, "42501");
    assert_eq!(a.refusal("UPDATE tenants SET email = 'b@example.org'").await, "42501");
    assert_eq!(a.refusal("INSERT INTO tenants (name) VALUES ('C')").await, "42501");
}

#[tokio::test]
async fn nobody_names_the_tenant_in_a_write() {
    let database = Database::deployed().await;
    let service = seed(&database).await;
    service.run(&format!("SET waygate.tenant_id = '{A}'")).await;
    let app = database.tenant(A).await;
    for session in [&app, &service] {
        for tenant in [A, B] {
            for write in [
                format!(
                    "INSERT INTO integrations (tenant_id, name, slug, auth_type) VALUES ('{tenant}', 'I', 'x', 'basic')"
                ),
                format!("UPDATE integrations SET tenant_id = '{tenant}'"),
                format!("UPDATE actions SET tenant_id = '{tenant}'"),
                format!("UPDATE integration_credentials SET tenant_id = '{tenant}'"),
                format!("UPDATE tenants SET id = '{tenant}'"),
            ] {
                assert_eq!(session.refusal(&write).await, "42501", "{write}");
            }
        }
        let stamped = "INSERT INTO integrations (name, slug, auth_type) VALUES ('I', gen_random_uuid(), 'basic') \
                       RETURNING tenant_id";
        assert_eq!(session.value(stamped).await, A);
    }
    for time in ["created_at", "updated_at"] {
        assert_eq!(app.refusal(&format!("UPDATE integrations SET {time} = now()")).await, "42501");
    }
}

#[tokio::test]
async fn another_tenants_parent_is_as_good_as_a_missing_one() {
    let database = Database::deployed().await;
    seed(&database).await;
    let a = database.tenant(A).await;
    let missing = id(NOBODY, 1);
    for parent in [&id(B, 1), &missing] {
        for write in [
            format!(
                "INSERT INTO actions (integration_id, name, slug, http_method, endpoint_template) \
                 VALUES ('{parent}', 'A', 'x', 'GET', '/')"
            ),
            format!("UPDATE actions SET integration_id = '{parent}'"),
            format!(
                "INSERT INTO integration_credentials (integration_id, credential_type, encrypted_data) \
                 VALUES ('{parent}', 'basic', {SEALED})"
            ),
            format!(
                "INSERT INTO request_logs (integration_id, action_id, request_summary, latency_ms) \
                 VALUES ('{parent}', '{}', '{{}}', 1)",
                id(A, 2)
            ),
        ] {
            assert_eq!(a.refusal(&write).await, "23503", "{write}");
        }
    }
}

#[tokio::test]
async fn a_mapping_belongs_to_the_owner_of_its_action() {
    let database = Database::deployed().await;
    let service = seed(&database).await;
    let a = database.tenant(A).await;
    let insert = |action: &str, tenant: &str| {
        format!(
            "INSERT INTO field_mappings (action_id, tenant_id, source_path, target_path, direction) \
             VALUES ('{action}', {tenant}, '$', '$', 'output')"
        )
    };
    let (own, other, missing) = (id(A, 2), id(B, 2), id(NOBODY, 2));
    a.run(&insert(&own, "NULL")).await;
    a.run(&insert(&own, &format!("'{A}'"))).await;
    assert_eq!(a.refusal(&insert(&own, &format!("'{B}'"))).await, "23503");
    assert_eq!(service.refusal(&insert(&own, &format!("'{B}'"))).await, "23503");
    for action in [other, missing] {
        assert_eq!(a.refusal(&insert(&action, "NULL")).await, "42501");
        assert_eq!(a.refusal(&insert(&action, &format!("'{B}'"))).await, "42501");
        assert_eq!(a.refusal(&format!("UPDATE field_mappings SET action_id = '{action}'")).await, "42501");
    }
    assert_eq!(database.tenant(B).await.column("SELECT id FROM field_mappings").await, [id(B, 4)]);
}

#[tokio::test]
async fn two_tenants_may_use_the_same_slug_and_one_may_not_twice() {
    let database = Database::deployed().await;
    seed(&database).await;
    let again = "INSERT INTO integrations (name, slug, auth_type) VALUES ('I', 'slack', 'basic')";
    assert_eq!(database.tenant(A).await.refusal(again).await, "23505");
}

#[tokio::test]
async fn the_trigger_alone_moves_updated_at_and_rests_during_the_services_maintenance() {
    let database = Database::deployed().await;
    let service = seed(&database).await;
    let a = database.tenant(A).await;
    let moved = "UPDATE integrations SET name = name RETURNING updated_at = now() AND updated_at > created_at";
    assert_eq!(a.value(moved).await, "t");
    let read = format!("SELECT updated_at FROM integrations WHERE id = '{}'", id(A, 1));
    let before = service.value(&read).await;
    service.run("SET waygate.maintenance = 'on'; UPDATE integrations SET name = 'resealed'").await;
    assert_eq!(service.value(&read).await, before);
    service.run("SET waygate.maintenance = 'off'; UPDATE integrations SET name = 'changed'").await;
    assert_ne!(service.value(&read).await, before);
    let before = service.value(&read).await;
    a.run("SET waygate.maintenance = 'on'; UPDATE integrations SET name = 'changed again'").await;
    assert_ne!(service.value(&read).await, before, "the application has no maintenance");
}

#[tokio::test]
async fn deleting_a_tenant_takes_its_rows_and_no_others() {
    let database = Database::deployed().await;
    let service = seed(&database).await;
    service.run(&format!("DELETE FROM tenants WHERE id = '{A}'")).await;
    for (place, table) in TABLES.iter().enumerate() {
        assert_eq!(service.column(&format!("SELECT id FROM {table}")).await, [id(B, place)], "{table}");
    }
}

#[tokio::test]
async fn a_backfill_of_the_owner_reaches_every_tenant_and_its_checks_see_every_row() {
    let database = Database::deployed().await;
    let service = seed(&database).await;
    let owner = database.administrator().await;
    owner.run("SET ROLE waygate_owner").await;
    for (table, column) in [("tenants", "name"), ("integrations", "name"), ("field_mappings", "source_path")] {
        owner.run(&format!("UPDATE {table} SET {column} = 'filled'")).await;
        let filled = format!("SELECT count(*) FROM {table} WHERE {column} = 'filled'");
        assert_eq!(service.value(&filled).await, "2", "{table}");
    }
    owner.run("ALTER TABLE integrations ADD CONSTRAINT named CHECK (name <> 'filled') NOT VALID").await;
    assert_eq!(owner.refusal("ALTER TABLE integrations VALIDATE CONSTRAINT named").await, "23514");
    owner.run("CREATE TABLE parents (id uuid PRIMARY KEY)").await;
    owner.run("ALTER TABLE actions ADD CONSTRAINT parent FOREIGN KEY (id) REFERENCES parents NOT VALID").await;
    assert_eq!(owner.refusal("ALTER TABLE actions VALIDATE CONSTRAINT parent").await, "23503");
}
