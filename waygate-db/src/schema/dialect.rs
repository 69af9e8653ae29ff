//! Which kind of server a schema is rendered for.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use uuid::Uuid;

use super::roles::{APP, SERVICE};
use crate::error::{Error, Kind, Result};

/// The kind of server that a schema is rendered for. It is chosen when a migration is written, so a project has one,
/// and [`Config::dialect`](crate::Config::dialect) names the same at run time. Default: `Postgres`.
///
/// ```
/// use waygate_db::Dialect;
///
/// # fn main() -> waygate_db::Result<()> {
/// assert_eq!("citus".parse::<Dialect>()?, Dialect::Citus);
/// assert_eq!("supabase:app_metadata.org_id".parse::<Dialect>()?.to_string(), "supabase:app_metadata.org_id");
/// assert!("oracle".parse::<Dialect>().unwrap_err().is_config());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Dialect {
    /// PostgreSQL 15 or newer.
    #[default]
    Postgres,
    /// PostgreSQL whose policies ask for a seal on the tenant, so that a `set_config` injected into a statement cannot
    /// choose another.
    Sealed,
    /// Supabase: the policies are for `authenticated` and read the tenant from this claim of the request's token.
    Supabase(TenantClaim),
    /// PostgreSQL with Citus: tables are distributed by their tenant.
    Citus,
}

impl Dialect {
    /// The role that tenants' statements run as.
    #[must_use]
    pub const fn app_role(&self) -> &'static str {
        match self {
            Self::Postgres | Self::Sealed | Self::Citus => APP,
            Self::Supabase(_) => "authenticated",
        }
    }

    /// The role that the service's statements run as.
    #[must_use]
    pub const fn service_role(&self) -> &'static str {
        match self {
            Self::Postgres | Self::Sealed | Self::Citus => SERVICE,
            Self::Supabase(_) => "service_role",
        }
    }

    /// The role of requests without a login, where there are such: it reads reference data and nothing else.
    #[must_use]
    pub const fn anon_role(&self) -> Option<&'static str> {
        match self {
            Self::Postgres | Self::Sealed | Self::Citus => None,
            Self::Supabase(_) => Some("anon"),
        }
    }
}

impl Display for Dialect {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres => f.write_str("postgres"),
            Self::Sealed => f.write_str("sealed"),
            Self::Supabase(claim) if *claim == TenantClaim::default() => f.write_str("supabase"),
            Self::Supabase(claim) => write!(f, "supabase:{claim}"),
            Self::Citus => f.write_str("citus"),
        }
    }
}

impl FromStr for Dialect {
    type Err = Error;

    /// Reads `postgres`, `sealed`, `citus`, `supabase` or `supabase:<claim>`.
    fn from_str(text: &str) -> Result<Self> {
        match text.split_once(':') {
            None if text == "postgres" => Ok(Self::Postgres),
            None if text == "sealed" => Ok(Self::Sealed),
            None if text == "citus" => Ok(Self::Citus),
            None if text == "supabase" => Ok(Self::Supabase(TenantClaim::default())),
            Some(("supabase", claim)) => claim.parse().map(Self::Supabase),
            _ => Err(Error::new(Kind::Config, "the dialect is unknown")
                .help("known are postgres, sealed, citus, supabase and supabase:<claim>")),
        }
    }
}

/// The place of the tenant's id in a token's claims: names from the outside in, joined by dots.
/// Default: `app_metadata.tenant_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantClaim(Cow<'static, str>);

impl TenantClaim {
    /// The names, from the outside in.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split('.')
    }
}

impl TenantClaim {
    /// The claims of a tenant's session as this role, as JSON.
    pub(crate) fn claims(&self, role: &str, tenant: Uuid) -> String {
        let names: Vec<&str> = self.names().collect();
        let value = serde_json::Value::String(tenant.to_string());
        let inner = names.iter().rev().fold(value, |value, name| serde_json::json!({ *name: value }));
        let mut claims = serde_json::Map::new();
        claims.insert("role".to_owned(), role.into());
        if let serde_json::Value::Object(path) = inner {
            claims.extend(path);
        }
        serde_json::Value::Object(claims).to_string()
    }
}

impl Default for TenantClaim {
    fn default() -> Self {
        Self(Cow::Borrowed("app_metadata.tenant_id"))
    }
}

impl Display for TenantClaim {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TenantClaim {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let is_name = |name: &str| {
            name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if !text.split('.').all(is_name) {
            return Err(Error::new(Kind::Config, "the tenant's claim is malformed")
                .help("write names of letters, digits and _ joined by dots, as app_metadata.tenant_id"));
        }
        if text.split('.').next() == Some("user_metadata") {
            return Err(Error::new(Kind::Config, "the tenant's claim is in user_metadata, which its user may edit")
                .help("keep the tenant in app_metadata"));
        }
        Ok(Self(Cow::Owned(text.to_owned())))
    }
}
