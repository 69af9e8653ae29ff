//! The secret that an integration is called with.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use waygate_db::{Encrypted, Id, Json, Model, PgEnum, TenantId};
use zeroize::Zeroize;

use super::{Integration, Tenant};

/// What kind of secret a credential is.
#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialType {
    /// OAuth 2 tokens.
    Oauth2Tokens,
    /// An API key.
    ApiKey,
    /// User and password.
    Basic,
    /// A bearer token.
    Bearer,
}

/// Whether a credential can be used.
#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialStatus {
    /// It can.
    Active,
    /// Its time is over.
    Expired,
    /// The third party took it back.
    Revoked,
    /// A person has to log in again.
    NeedsReauth,
}

/// The secret itself, one form for each [`CredentialType`].
///
/// `Debug` names the form and hides the rest, and a dropped one is wiped from memory.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Credential {
    /// OAuth 2 tokens; the refresh token has a column of its own.
    Oauth2Tokens {
        /// The token that calls carry.
        access_token: String,
        /// Its kind, normally `Bearer`.
        token_type: String,
    },
    /// An API key.
    ApiKey {
        /// The key.
        key: String,
    },
    /// User and password.
    Basic {
        /// The user.
        username: String,
        /// The password.
        password: String,
    },
    /// A bearer token.
    Bearer {
        /// The token.
        token: String,
    },
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self {
            Self::Oauth2Tokens { .. } => "Oauth2Tokens",
            Self::ApiKey { .. } => "ApiKey",
            Self::Basic { .. } => "Basic",
            Self::Bearer { .. } => "Bearer",
        };
        write!(f, "Credential::{form}(<redacted>)")
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        match self {
            Self::Oauth2Tokens { access_token, token_type } => {
                access_token.zeroize();
                token_type.zeroize();
            }
            Self::ApiKey { key } => key.zeroize(),
            Self::Basic { username, password } => {
                username.zeroize();
                password.zeroize();
            }
            Self::Bearer { token } => token.zeroize(),
        }
    }
}

/// The secret that an integration is called with, sealed.
#[derive(Model, Debug, Clone)]
#[model(
    table = "integration_credentials",
    index(expires_at, name = "credentials_expires_at_idx", where = "status = 'active'")
)]
pub struct IntegrationCredential {
    /// The key.
    #[model(key)]
    pub id: Id<IntegrationCredential>,
    /// The integration it opens.
    #[model(belongs_to(Integration, on_delete = cascade), index(name = "credentials_integration_id_idx"))]
    pub integration_id: Id<Integration>,
    /// Whose it is.
    #[model(tenant, belongs_to(Tenant, on_delete = cascade), index(name = "credentials_tenant_id_idx"))]
    pub tenant_id: TenantId,
    /// What kind of secret it is.
    pub credential_type: CredentialType,
    /// The secret.
    #[model(encrypted)]
    pub encrypted_data: Encrypted<Json<Credential>>,
    /// When it stops working, if it does.
    pub expires_at: Option<DateTime<Utc>>,
    /// The token that gets a new one.
    #[model(encrypted)]
    pub encrypted_refresh_token: Option<Encrypted<String>>,
    /// What it may be used for.
    #[model(default)]
    pub scopes: Vec<String>,
    /// Whether it can be used.
    #[model(default = CredentialStatus::Active)]
    pub status: CredentialStatus,
    /// When it was made.
    #[model(created_at)]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[model(updated_at)]
    pub updated_at: DateTime<Utc>,
}
