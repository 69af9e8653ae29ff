//! What the DDL is rendered for: a dialect, and the schema that the tables stand in.

use super::super::identifier::ident;
use crate::schema::{Dialect, TenantClaim};

/// The session's tenant, and an error where none is set.
const SETTING: &str = "current_setting('waygate.tenant_id')::uuid";

/// A dialect and a schema. The models' own tables stand in `public`; the audit renders them once more elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) dialect: &'a Dialect,
    pub(crate) schema: &'a str,
}

impl<'a> Target<'a> {
    /// The schema that the models' tables stand in.
    pub(crate) const fn public(dialect: &'a Dialect) -> Self {
        Self { dialect, schema: "public" }
    }

    /// Whether these are not the models' own tables.
    pub(crate) fn is_copy(&self) -> bool {
        self.schema != "public"
    }

    /// Whether the rows are spread over the nodes of a cluster.
    pub(crate) fn is_cluster(&self) -> bool {
        *self.dialect == Dialect::Citus
    }

    /// Whether tables may have triggers.
    pub(crate) fn has_triggers(&self) -> bool {
        !self.is_cluster()
    }

    /// Whether rights may be granted on single columns. A cluster's shards get those of the whole table alone.
    pub(crate) fn has_column_rights(&self) -> bool {
        !self.is_cluster()
    }

    /// A table's or index's name, qualified.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{}.{}", ident(self.schema), ident(name))
    }

    /// The role that tenants' statements run as.
    pub(crate) fn app(&self) -> &'static str {
        self.dialect.app_role()
    }

    /// The role that the service's statements run as.
    pub(crate) fn service(&self) -> &'static str {
        self.dialect.service_role()
    }

    /// The role of a request without a login, which reads reference data and nothing else.
    pub(crate) fn anon(&self) -> Option<&'static str> {
        self.dialect.anon_role()
    }

    /// The session's tenant as a column's default, which is evaluated once per row anyway.
    pub(crate) fn tenant_default(&self) -> String {
        match self.dialect {
            Dialect::Postgres | Dialect::Sealed | Dialect::Citus => SETTING.to_owned(),
            Dialect::Supabase(claim) => from_claims("current_setting('request.jwt.claims')", claim),
        }
    }

    /// The session's tenant, or NULL where none is set.
    pub(crate) fn tenant_or_null(&self) -> String {
        match self.dialect {
            Dialect::Postgres | Dialect::Citus => {
                "nullif(current_setting('waygate.tenant_id', true), '')::uuid".to_owned()
            }
            Dialect::Sealed => "CASE WHEN nullif(current_setting('waygate.tenant_id', true), '') IS NOT NULL \
                                THEN waygate.sealed_tenant() END"
                .to_owned(),
            Dialect::Supabase(claim) => from_claims("nullif(current_setting('request.jwt.claims', true), '')", claim),
        }
    }

    /// The session's tenant in a policy.
    pub(crate) fn tenant(&self) -> String {
        self.once(&self.tenant_call())
    }

    /// The session's tenant, verified where the dialect does, and an error where none is set.
    pub(crate) fn tenant_call(&self) -> String {
        match self.dialect {
            Dialect::Sealed => "waygate.sealed_tenant()".to_owned(),
            Dialect::Postgres | Dialect::Supabase(_) | Dialect::Citus => self.tenant_default(),
        }
    }

    /// A value in a policy, read once per query because of the SELECT. Citus takes none in a policy, and evaluates the
    /// bare call once per scan of an index.
    pub(crate) fn once(&self, value: &str) -> String {
        if self.is_cluster() { value.to_owned() } else { format!("(SELECT {value})") }
    }
}

/// The tenant in a request's claims: NULL where the claim is absent, and an error where it is no UUID.
fn from_claims(claims: &str, claim: &TenantClaim) -> String {
    let path = claim.names().collect::<Vec<_>>().join(",");
    format!("({claims}::jsonb #>> '{{{path}}}')::uuid")
}
