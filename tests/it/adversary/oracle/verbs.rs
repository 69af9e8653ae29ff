//! The same few verbs for all six models: a row is its key and one text.

use serde_json::json;
use uuid::Uuid;
use waygate::models::{
    Action, AuthType, Credential, CredentialType, FieldMapping, HttpMethod, Integration, IntegrationCredential,
    MappingDirection, RequestLog, Tenant,
};
use waygate_db::{Id, Json, Model, OneTenant, Result, Session, TenantData};

use crate::support::trusted;

/// One of the models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Tenant,
    Integration,
    Action,
    Credential,
    Mapping,
    Log,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Tenant, Self::Integration, Self::Action, Self::Credential, Self::Mapping, Self::Log];

    /// What its rows belong to.
    pub(super) fn parent(self) -> Option<Self> {
        match self {
            Self::Tenant | Self::Integration => None,
            Self::Action | Self::Credential => Some(Self::Integration),
            Self::Mapping | Self::Log => Some(Self::Action),
        }
    }

    /// Whether a tenant inserts and deletes its rows.
    pub(super) fn is_made_by_tenants(self) -> bool {
        self != Self::Tenant
    }

    pub(super) fn is_changed(self) -> bool {
        self != Self::Log
    }

    pub(super) fn is_deleted(self) -> bool {
        !matches!(self, Self::Tenant | Self::Log)
    }

    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Tenant => Tenant::TABLE.name,
            Self::Integration => Integration::TABLE.name,
            Self::Action => Action::TABLE.name,
            Self::Credential => IntegrationCredential::TABLE.name,
            Self::Mapping => FieldMapping::TABLE.name,
            Self::Log => RequestLog::TABLE.name,
        }
    }
}

/// A row as the oracle knows it.
pub(super) type Seen = (Uuid, String);

/// A handle of a tenant, or a transaction of one.
pub(super) trait Handle: Session<OneTenant> + Session<TenantData> {}

impl<S: Session<OneTenant> + Session<TenantData>> Handle for S {}

/// Inserts a row with this key below a parent. A log's second parent is its action's integration.
pub(super) async fn insert(kind: Kind, id: Uuid, parents: [Uuid; 2], text: &str, handle: &impl Handle) -> Result<()> {
    let [parent, grandparent] = parents;
    match kind {
        Kind::Tenant => panic!("no tenant makes one"),
        Kind::Integration => {
            let create = Integration::create().id(Id::from(id)).name(text).slug(id.to_string());
            create.auth_type(AuthType::Basic).insert(handle).await.map(drop)
        }
        Kind::Action => {
            let create = Action::create().id(Id::from(id)).integration_id(Id::from(parent)).name(text);
            let create = create.slug(id.to_string()).http_method(HttpMethod::Get).endpoint_template("/");
            create.insert(handle).await.map(drop)
        }
        Kind::Credential => {
            let create = IntegrationCredential::create().id(Id::from(id)).integration_id(Id::from(parent));
            let create = create.credential_type(CredentialType::ApiKey);
            let create = create.encrypted_data(Json(Credential::ApiKey { key: text.to_owned() }));
            create.encrypted_refresh_token(text).insert(handle).await.map(drop)
        }
        Kind::Mapping => {
            let create = FieldMapping::create().id(Id::from(id)).action_id(Id::from(parent)).source_path(text);
            create.target_path("$").direction(MappingDirection::Output).insert(handle).await.map(drop)
        }
        Kind::Log => {
            let create = RequestLog::create().id(Id::from(id)).action_id(Id::from(parent));
            let create = create.integration_id(Id::from(grandparent)).request_summary(json!(text)).latency_ms(1);
            create.insert(handle).await.map(drop)
        }
    }
}

/// Changes a row's text.
pub(super) async fn update(kind: Kind, id: Uuid, text: &str, handle: &impl Handle) -> Result<()> {
    match kind {
        Kind::Tenant => Tenant::update(trusted(id)).name(text).exec(handle).await,
        Kind::Integration => Integration::update(Id::from(id)).name(text).exec(handle).await,
        Kind::Action => Action::update(Id::from(id)).name(text).exec(handle).await,
        Kind::Credential => {
            IntegrationCredential::update(Id::from(id)).encrypted_refresh_token(text.to_owned()).exec(handle).await
        }
        Kind::Mapping => FieldMapping::update(Id::from(id)).source_path(text).exec(handle).await,
        Kind::Log => panic!("a log is not changed"),
    }
}

/// Deletes a row, if there is one.
pub(super) async fn delete(kind: Kind, id: Uuid, handle: &impl Handle) -> Result<bool> {
    match kind {
        Kind::Integration => Integration::delete(Id::from(id)).exec(handle).await,
        Kind::Action => Action::delete(Id::from(id)).exec(handle).await,
        Kind::Credential => IntegrationCredential::delete(Id::from(id)).exec(handle).await,
        Kind::Mapping => FieldMapping::delete(Id::from(id)).exec(handle).await,
        Kind::Tenant | Kind::Log => panic!("no tenant deletes one"),
    }
}

/// The ways of reading one model, each with the row's key and text.
macro_rules! readers {
    ($($kind:ident => $model:ty, $key:expr, |$row:ident| $text:expr;)*) => {
        /// One row.
        pub(super) async fn find(kind: Kind, id: Uuid, handle: &impl Handle) -> Result<Option<Seen>> {
            Ok(match kind {
                $(Kind::$kind => <$model>::find($key(id), handle).await?.map(|$row| ($row.id.as_uuid(), $text)),)*
            })
        }

        /// All rows by their keys, once by a query and once by pages of this size.
        pub(super) async fn lists(kind: Kind, size: u32, handle: &impl Handle) -> Result<[Vec<Seen>; 2]> {
            Ok(match kind {
                $(Kind::$kind => {
                    let whole = <$model>::query().order_by(|row| row.id.asc()).all(handle).await?;
                    let (mut paged, mut after) = (Vec::new(), None);
                    loop {
                        let page = <$model>::query().page(after, size, handle).await?;
                        paged.extend(page.items);
                        match page.next {
                            Some(next) => after = Some(next),
                            None => break,
                        }
                    }
                    [whole, paged].map(|rows| rows.into_iter().map(|$row| ($row.id.as_uuid(), $text)).collect())
                })*
            })
        }

        /// How many rows there are, and whether there is one with this key, whosever it is.
        pub(super) async fn count(kind: Kind, id: Uuid, handle: &impl Handle) -> Result<(u64, bool)> {
            Ok(match kind {
                $(Kind::$kind => {
                    let with_key = <$model>::query().filter(|row| row.id.eq($key(id)));
                    (<$model>::query().count(handle).await?, with_key.exists(handle).await?)
                })*
            })
        }
    };
}

readers! {
    Tenant => Tenant, trusted, |row| row.name;
    Integration => Integration, Id::<Integration>::from, |row| row.name;
    Action => Action, Id::<Action>::from, |row| row.name;
    Credential => IntegrationCredential, Id::<IntegrationCredential>::from, |row| secret(&row);
    Mapping => FieldMapping, Id::<FieldMapping>::from, |row| row.source_path;
    Log => RequestLog, Id::<RequestLog>::from, |row| row.request_summary.0.as_str().unwrap().to_owned();
}

/// The sealed text of a credential.
fn secret(row: &IntegrationCredential) -> String {
    row.encrypted_refresh_token.as_ref().unwrap().expose().clone()
}
