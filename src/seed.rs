//! Development data: one tenant with a mock Slack integration. Run twice, the second run changes nothing.

mod slack;

use serde_json::json;
use uuid::{Uuid, uuid};
use waygate_db::cli::{Seed, SeedReport};
use waygate_db::{ApiKey, Db, Id, Model, Result, ServiceScope, TenantId, TenantScope};

use crate::models::{
    AuthType, Credential, CredentialType, FieldMapping, Integration, IntegrationCredential, IntegrationStatus,
    MappingDirection, RequestLog, Tenant,
};

/// The development tenant's API key, for tests and local work only.
pub const API_KEY: &str = "wg_test_dev_abc123xyz789";

const TENANT: Uuid = uuid!("01900000-0000-7000-8000-000000000001");
const INTEGRATION: Uuid = uuid!("01900000-0000-7000-8000-000000000002");
const CREDENTIAL: Uuid = uuid!("01900000-0000-7000-8000-000000000003");
const MAPPING: Uuid = uuid!("01900000-0000-7000-8000-000000000004");
const LOGS: [Uuid; 3] = [
    uuid!("01900000-0000-7000-8000-000000000005"),
    uuid!("01900000-0000-7000-8000-000000000006"),
    uuid!("01900000-0000-7000-8000-000000000007"),
];

/// The seed, for the command line.
pub const SEED: Seed = Seed { is_foreign: |db| Box::pin(has_other_tenants(db)), run: |db| Box::pin(run(db)) };

/// The development tenant.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the seed's tenant is a constant of this program, not a request's")]
pub fn tenant_id() -> TenantId {
    TenantId::trust(TENANT)
}

/// The mock Slack integration.
#[must_use]
pub fn integration_id() -> Id<Integration> {
    Id::from_uuid(INTEGRATION)
}

/// The mock Slack credential.
#[must_use]
pub fn credential_id() -> Id<IntegrationCredential> {
    Id::from_uuid(CREDENTIAL)
}

/// Whether a tenant other than the seed's exists: then this is not a database to put development data into.
///
/// # Errors
///
/// The server's refusals and the connection's errors.
pub async fn has_other_tenants(db: &Db) -> Result<bool> {
    let service = db.service("seed: look for other tenants");
    Tenant::query().filter(|tenant| tenant.id.ne(tenant_id())).exists(&service).await
}

/// Inserts what is missing of the development data: the tenant as the service, the rest for the tenant.
///
/// # Errors
///
/// [`is_key`](waygate_db::Error::is_key) when no key provider is configured, the server's refusals and the connection's
/// errors. What was inserted before an error stays; the next run goes on.
pub async fn run(db: &Db) -> Result<SeedReport> {
    let service = db.service("seed development data");
    let mut report = SeedReport::default();
    seed_tenant(&service, &mut report).await?;
    let tenant = service.for_tenant(tenant_id());
    seed_integration(&tenant, &mut report).await?;
    for action in slack::ACTIONS {
        report.count(action.seed(integration_id(), &tenant).await?.as_ref());
    }
    seed_credential(&tenant, &mut report).await?;
    seed_mapping(&tenant, &mut report).await?;
    seed_logs(&tenant, &mut report).await?;
    Ok(report)
}

async fn seed_tenant(service: &ServiceScope, report: &mut SeedReport) -> Result<()> {
    let tenant = Tenant::create()
        .id(tenant_id())
        .name("Test Developer")
        .email("dev@waygate.local")
        .waygate_api_key_hash(ApiKey::parse(API_KEY)?.hash())
        .settings(json!({"rateLimit": 100, "timezone": "UTC"}));
    report.count(tenant.insert_if_absent(service).await?.as_ref());
    Ok(())
}

async fn seed_integration(tenant: &TenantScope, report: &mut SeedReport) -> Result<()> {
    let slack = Integration::create()
        .id(integration_id())
        .name("Slack (Mock)")
        .slug("slack")
        .description("A stand-in for Slack, for development")
        .documentation_url("https://api.slack.com/methods")
        .auth_type(AuthType::Oauth2)
        .auth_config(json!({
            "authorizationUrl": "https://slack.com/oauth/v2/authorize",
            "tokenUrl": "https://slack.com/api/oauth.v2.access",
            "scopes": ["chat:write", "channels:read", "users:read", "files:write"],
        }))
        .status(IntegrationStatus::Active)
        .tags(["communication", "messaging", "team"]);
    report.count(slack.insert_if_absent(tenant).await?.as_ref());
    Ok(())
}

async fn seed_credential(tenant: &TenantScope, report: &mut SeedReport) -> Result<()> {
    let credential = IntegrationCredential::create()
        .id(credential_id())
        .integration_id(integration_id())
        .credential_type(CredentialType::Oauth2Tokens)
        .encrypted_data(waygate_db::Json(Credential::Oauth2Tokens {
            access_token: "xoxb-mock-access-token".to_owned(),
            token_type: "Bearer".to_owned(),
        }))
        .encrypted_refresh_token("xoxe-mock-refresh-token")
        .scopes(["chat:write", "channels:read", "users:read", "files:write"]);
    report.count(credential.insert_if_absent(tenant).await?.as_ref());
    Ok(())
}

async fn seed_mapping(tenant: &TenantScope, report: &mut SeedReport) -> Result<()> {
    let mapping = FieldMapping::create()
        .id(Id::from_uuid(MAPPING))
        .action_id(slack::SEND_MESSAGE.id())
        .source_path("$.message.body")
        .target_path("$.text")
        .direction(MappingDirection::Input);
    report.count(mapping.insert_if_absent(tenant).await?.as_ref());
    Ok(())
}

async fn seed_logs(tenant: &TenantScope, report: &mut SeedReport) -> Result<()> {
    let calls = [(200, 143, json!({"ok": true})), (200, 98, json!({"ok": true})), (429, 12, json!({"ok": false}))];
    for (id, (status, latency, response)) in LOGS.into_iter().zip(calls) {
        let log = RequestLog::create()
            .id(Id::from_uuid(id))
            .integration_id(integration_id())
            .action_id(slack::SEND_MESSAGE.id())
            .request_summary(json!({"method": "POST", "path": "/chat.postMessage"}))
            .response_summary(response)
            .status_code(status)
            .latency_ms(latency);
        report.count(log.insert_if_absent(tenant).await?.as_ref());
    }
    Ok(())
}
