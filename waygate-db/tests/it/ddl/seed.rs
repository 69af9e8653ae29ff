//! Two tenants with one row in each table, inserted by the service.

use crate::support::database::{Database, Session};

/// The first tenant.
pub(crate) const A: &str = "aaaaaaaa-0000-4000-8000-000000000000";
/// The other tenant.
pub(crate) const B: &str = "bbbbbbbb-0000-4000-8000-000000000000";
/// No tenant at all.
pub(crate) const NOBODY: &str = "cccccccc-0000-4000-8000-000000000000";

/// The six tables, parents first.
pub(crate) const TABLES: [&str; 6] =
    ["tenants", "integrations", "actions", "integration_credentials", "field_mappings", "request_logs"];

/// The id of a tenant's row in the table of this place: the tenant's own id with another end.
pub(crate) fn id(tenant: &str, table: usize) -> String {
    format!("{}{table}", &tenant[..tenant.len() - 1])
}

/// A sealed value's shape: its first bytes, and enough of them.
pub(crate) const SEALED: &str = r"'\xf901' || decode(repeat('00', 46), 'hex')";

/// Both tenants' rows.
pub(crate) async fn seed(database: &Database) -> Session {
    let service = database.login("waygate_service").await;
    for tenant in [A, B] {
        insert(&service, tenant).await;
    }
    service
}

async fn insert(service: &Session, tenant: &str) {
    let [integration, action, credential, mapping, log] = [1, 2, 3, 4, 5].map(|table| id(tenant, table));
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
             INSERT INTO field_mappings (id, action_id, source_path, target_path, direction)
                 VALUES ('{mapping}', '{action}', '$', '$', 'input');
             INSERT INTO request_logs (id, integration_id, action_id, request_summary, latency_ms)
                 VALUES ('{log}', '{integration}', '{action}', '{{}}', 1);
             COMMIT;"
        ))
        .await;
}
