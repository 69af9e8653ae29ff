//! One row of each model, and short ways to make more.

use std::fmt::Debug;

use serde_json::json;
use uuid::Uuid;
use waygate::models::{
    Action, AuthType, Credential, CredentialType, FieldMapping, HttpMethod, Integration, IntegrationCredential,
    MappingDirection, RequestLog, Tenant,
};
use waygate_db::{Db, Id, Json, Model, OneTenant, Result, Session, TenantScope};

use super::TestDb;

/// A tenant with one row in each of the six tables.
pub(crate) struct Rows {
    pub(crate) scope: TenantScope,
    pub(crate) tenant: Tenant,
    pub(crate) integration: Integration,
    pub(crate) action: Action,
    pub(crate) credential: IntegrationCredential,
    pub(crate) mapping: FieldMapping,
    pub(crate) log: RequestLog,
}

impl Rows {
    /// A new tenant's rows; its secret says its name.
    pub(crate) async fn of(test: &TestDb, name: &str) -> Self {
        Self::on(&test.db, name).await
    }

    /// The same, wherever this handle leads.
    pub(crate) async fn on(db: &Db, name: &str) -> Self {
        let tenant = tenant_row(db, name).await;
        let scope = db.tenant(tenant.id);
        let integration = integration("slack", &scope).await.unwrap();
        let action = action(integration.id, "send", &scope).await.unwrap();
        let credential = IntegrationCredential::create()
            .integration_id(integration.id)
            .credential_type(CredentialType::Bearer)
            .encrypted_data(Json(Credential::Bearer { token: format!("token of {name}") }))
            .encrypted_refresh_token(format!("refresh of {name}"))
            .insert(&scope)
            .await
            .unwrap();
        let mapping = mapping(action.id, &scope).await.unwrap();
        let log = RequestLog::create()
            .integration_id(integration.id)
            .action_id(action.id)
            .request_summary(json!({"of": name}))
            .latency_ms(7)
            .insert(&scope)
            .await
            .unwrap();
        Self { scope, tenant, integration, action, credential, mapping, log }
    }

    /// The key of this tenant's row in each table, in the order of the schema.
    pub(crate) fn keys(&self) -> [(&'static str, Uuid); 6] {
        [
            (Tenant::TABLE.name, self.tenant.id.as_uuid()),
            (Integration::TABLE.name, self.integration.id.as_uuid()),
            (Action::TABLE.name, self.action.id.as_uuid()),
            (IntegrationCredential::TABLE.name, self.credential.id.as_uuid()),
            (FieldMapping::TABLE.name, self.mapping.id.as_uuid()),
            (RequestLog::TABLE.name, self.log.id.as_uuid()),
        ]
    }
}

/// A new tenant's row.
pub(crate) async fn tenant_row(db: &Db, name: &str) -> Tenant {
    let unique = Uuid::new_v4();
    Tenant::create()
        .name(name)
        .email(format!("{name}@{unique}.example.org"))
        .waygate_api_key_hash(random_hash())
        .insert(&db.service("test"))
        .await
        .unwrap()
}

/// A new integration with this slug.
pub(crate) async fn integration(slug: &str, session: &impl Session<OneTenant>) -> Result<Integration> {
    Integration::create().name("An integration").slug(slug).auth_type(AuthType::ApiKey).insert(session).await
}

/// A new action with this slug.
pub(crate) async fn action(
    integration: Id<Integration>,
    slug: &str,
    session: &impl Session<OneTenant>,
) -> Result<Action> {
    Action::create()
        .integration_id(integration)
        .name("An action")
        .slug(slug)
        .http_method(HttpMethod::Get)
        .endpoint_template("/things/{id}")
        .insert(session)
        .await
}

/// A new default mapping of an action.
pub(crate) async fn mapping(action: Id<Action>, session: &impl Session<OneTenant>) -> Result<FieldMapping> {
    FieldMapping::create()
        .action_id(action)
        .source_path("$.from")
        .target_path("$.to")
        .direction(MappingDirection::Input)
        .insert(session)
        .await
}

/// What stands where an API key's hash would.
pub(crate) fn random_hash() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// Whether two rows are the same in every field that may be printed.
#[track_caller]
pub(crate) fn same(one: &impl Debug, other: &impl Debug) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}
