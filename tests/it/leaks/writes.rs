//! A row of every model, with the secret in every sealed column and the plain text in every table.

use std::collections::BTreeSet;

use serde_json::json;
use waygate::models::{
    Action, AuthType, Credential, CredentialType, FieldMapping, HttpMethod, Integration, IntegrationCredential,
    MappingDirection, RequestLog, Tenant,
};
use waygate_db::__private::{Insert, Update};
use waygate_db::{Db, Encrypted, Error, Id, Json, Model, Sealed, TenantId, TenantScope};

use super::printed::Printed;
use super::{plain, secret};
use crate::support::random_hash;

/// The table as a program sees it that opens a secret when it needs it.
#[derive(Model, Debug)]
#[model(table = "integration_credentials")]
#[expect(dead_code, reason = "what is not opened is printed alone")]
struct OnDemand {
    #[model(key)]
    id: Id<OnDemand>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    encrypted_data: Sealed<Json<Credential>>,
    #[model(encrypted)]
    encrypted_refresh_token: Option<Sealed<String>>,
}

/// The rows, and the sealed columns that were seen to give the secret back.
pub(super) struct Written {
    pub(super) scope: TenantScope,
    pub(super) integration: Id<Integration>,
    pub(super) credential: Id<IntegrationCredential>,
    pub(super) covered: BTreeSet<String>,
}

impl Written {
    pub(super) async fn by(db: &Db, printed: &mut Printed) -> Self {
        let tenant = Tenant::create()
            .name(plain().text())
            .email("leaks@example.org")
            .waygate_api_key_hash(random_hash())
            .settings(json!({"note": plain().text()}))
            .insert(&db.service("leaks"))
            .await
            .unwrap();
        printed.model(&tenant);
        let scope = db.tenant(tenant.id);
        let (integration, action) = parents(&scope, printed).await;
        let mut written = Self { scope, integration, credential: Id::new(), covered: BTreeSet::new() };
        written.children(action, printed).await;
        for form in every_credential() {
            written.credential(form, printed).await;
        }
        written.reads(printed).await;
        written
    }

    async fn children(&self, action: Id<Action>, printed: &mut Printed) {
        let mapping = FieldMapping::create()
            .action_id(action)
            .source_path(plain().text())
            .target_path("$.to")
            .direction(MappingDirection::Input)
            .insert(&self.scope);
        printed.model(&mapping.await.unwrap());
        let log = RequestLog::create()
            .integration_id(self.integration)
            .action_id(action)
            .request_summary(json!({"of": plain().text()}))
            .latency_ms(7)
            .insert(&self.scope);
        printed.model(&log.await.unwrap());
    }

    /// A credential of this form: written, updated, patched, and read back each time.
    async fn credential(&mut self, form: Credential, printed: &mut Printed) {
        let kind = match &form {
            Credential::Oauth2Tokens { .. } => CredentialType::Oauth2Tokens,
            Credential::ApiKey { .. } => CredentialType::ApiKey,
            Credential::Basic { .. } => CredentialType::Basic,
            Credential::Bearer { .. } => CredentialType::Bearer,
        };
        let made = IntegrationCredential::create()
            .integration_id(self.integration)
            .credential_type(kind)
            .encrypted_data(Json(form.clone()))
            .encrypted_refresh_token(secret().text())
            .scopes([plain().text()])
            .insert(&self.scope)
            .await
            .unwrap();
        printed.model(&made);
        self.credential = made.id;
        IntegrationCredential::update(made.id)
            .encrypted_data(Json(form))
            .encrypted_refresh_token(secret().text().repeat(40))
            .exec(&self.scope)
            .await
            .unwrap();
        let patched = made.patch().encrypted_refresh_token(secret().text()).save(&self.scope).await.unwrap();
        self.cover(patched);
    }

    /// Opens every secret of a credential. All fields are named, so that a new one is thought of here.
    fn cover(&mut self, row: IntegrationCredential) {
        let IntegrationCredential {
            id: _,
            integration_id: _,
            tenant_id: _,
            credential_type: _,
            encrypted_data,
            expires_at: _,
            encrypted_refresh_token,
            scopes: _,
            status: _,
            created_at: _,
            updated_at: _,
        } = row;
        let opened = [
            ("encrypted_data", serde_json::to_string(encrypted_data.expose()).unwrap()),
            ("encrypted_refresh_token", encrypted_refresh_token.unwrap().into_exposed()),
        ];
        for (column, value) in opened {
            secret().assert_shown(column, &value);
            self.covered.insert(format!("{}.{column}", IntegrationCredential::TABLE.name));
        }
    }

    /// Reads of every kind, and what a program may print meanwhile.
    async fn reads(&self, printed: &mut Printed) {
        let scope = &self.scope;
        let all = IntegrationCredential::query().all(scope).await.unwrap();
        let page = IntegrationCredential::query().page(None, 2, scope).await.unwrap();
        let raw = IntegrationCredential::sql("SELECT {columns} FROM integration_credentials WHERE $1 = ANY (scopes)");
        let raw = raw.bind(plain().text()).all(scope).await.unwrap();
        let found = IntegrationCredential::find(self.credential, scope).await.unwrap();
        assert_eq!((all.len(), page.items.len(), raw.len()), (4, 2, 4));
        printed.value(&(all, page, raw, &found, found.as_ref().map(|row| row.encrypted_data.expose())));
        printed.value(&IntegrationCredential::query().filter(|row| row.scopes.eq([plain().text()])));

        let on_demand = OnDemand::find(Id::from_uuid(self.credential.as_uuid()), scope).await.unwrap().unwrap();
        let opened = on_demand.encrypted_data.open(scope).await.unwrap();
        printed.value(&(&on_demand, &opened, opened.expose()));

        let data = IntegrationCredential::TABLE.columns.iter().position(|column| column.name == "encrypted_data");
        let mut insert = Insert::<IntegrationCredential>::new();
        insert.seal(data.unwrap(), Encrypted::new(Json(Credential::Bearer { token: secret().text() })));
        let mut update = Update::<IntegrationCredential>::new(self.credential);
        update.seal(data.unwrap(), Encrypted::new(secret().text()));
        printed.value(&(insert, update));

        let transaction = scope.transaction(async |tx| {
            printed.value(tx);
            IntegrationCredential::update(self.credential).encrypted_refresh_token(secret().text()).exec(tx).await?;
            Ok::<_, Error>(())
        });
        transaction.await.unwrap();
        printed.value(scope);
    }
}

/// An integration and an action of it.
async fn parents(scope: &TenantScope, printed: &mut Printed) -> (Id<Integration>, Id<Action>) {
    let integration = Integration::create()
        .name("An integration")
        .slug("leaks")
        .auth_type(AuthType::ApiKey)
        .description(plain().text())
        .insert(scope)
        .await
        .unwrap();
    printed.model(&integration);
    let action = Action::create()
        .integration_id(integration.id)
        .name("An action")
        .slug("send")
        .http_method(HttpMethod::Get)
        .endpoint_template(plain().text())
        .insert(scope)
        .await
        .unwrap();
    printed.model(&action);
    (integration.id, action.id)
}

/// Each form of a credential, with the secret in each of its fields.
fn every_credential() -> [Credential; 4] {
    [
        Credential::Oauth2Tokens { access_token: secret().text(), token_type: secret().text() },
        Credential::ApiKey { key: secret().text() },
        Credential::Basic { username: secret().text(), password: secret().text() },
        Credential::Bearer { token: secret().text() },
    ]
}
