//! What the library does with each column: as its rights and triggers say, else by name.

use super::Role;
use crate::catalog::Column;
use crate::pull::scope::Scope;
use crate::pull::shape::{Part, Shape};
use crate::pull::words::words;
use crate::schema::Dialect;
use crate::sql::ddl::names::derived;

/// The columns of a table that the library treats in a way of their own.
#[derive(Debug)]
pub(in crate::pull) struct Roles<'a> {
    key: &'a str,
    tenant: Option<String>,
    owner: Option<String>,
    created_at: Option<&'a str>,
    updated_at: Option<&'a str>,
    /// Whether rows are only ever inserted and read.
    pub(in crate::pull) append_only: bool,
}

impl<'a> Roles<'a> {
    pub(super) fn of(shape: &Shape<'a>, scope: &Scope, dialect: &Dialect) -> Self {
        let rights = Rights { shape, scope, dialect };
        let append_only = rights.are_append_only();
        Self {
            key: shape.key,
            tenant: scope.tenant_column().map(str::to_owned),
            owner: match scope {
                Scope::Through { owner, .. } => owner.clone(),
                _ => None,
            },
            created_at: rights.created_at(),
            updated_at: rights.updated_at().filter(|_| !append_only),
            append_only,
        }
    }

    /// The role of a column.
    pub(in crate::pull) fn role(&self, column: &str) -> Role {
        if column == self.key {
            Role::Key
        } else if self.tenant.as_deref() == Some(column) {
            Role::Tenant
        } else if self.owner.as_deref() == Some(column) {
            Role::Owner
        } else if self.created_at == Some(column) {
            Role::CreatedAt
        } else if self.updated_at == Some(column) {
            Role::UpdatedAt
        } else {
            Role::Data
        }
    }
}

/// A table's rights, from which roles are read.
struct Rights<'s, 'a> {
    shape: &'s Shape<'a>,
    scope: &'s Scope,
    dialect: &'s Dialect,
}

impl<'a> Rights<'_, 'a> {
    /// Whether the library granted them, column by column.
    fn are_own(&self) -> bool {
        let service = self.dialect.service_role();
        self.shape.columns.iter().any(|column| column.object.grants.iter().any(|grant| grant.role == service))
    }

    /// Whether nobody changes a row, and a row has something that could be changed.
    fn are_append_only(&self) -> bool {
        let (app, service) = (self.dialect.app_role(), self.dialect.service_role());
        let changes = self.shape.columns.iter().any(|column| self.shape.allows(service, "UPDATE", Some(column.object)));
        let is_owned = self.scope.owning_column().is_some();
        let has_data = self.shape.columns.iter().any(|column| {
            column.name != self.shape.key && !is_filled_with_now(column) && column.is.ty != "waygate.encrypted"
        });
        self.are_own() && !changes && !self.shape.allows(app, "DELETE", None) && (is_owned || has_data)
    }

    /// The time of a row's creation: the application may not write it, and the service once.
    fn created_at(&self) -> Option<&'a str> {
        let (app, service) = (self.dialect.app_role(), self.dialect.service_role());
        let mut named =
            self.shape.columns.iter().filter(|column| is_filled_with_now(column) && is_named_created(column));
        if !self.are_own() {
            return named.next().map(|column| column.name);
        }
        let may = |role, privilege, column: &Part<'a, Column>| self.shape.allows(role, privilege, Some(column.object));
        let is_it = |column: &&Part<'a, Column>| {
            !may(app, "INSERT", column) && may(service, "INSERT", column) && !may(service, "UPDATE", column)
        };
        // Of reference data whose rows never change every column has these rights.
        let first = named.find(is_it);
        let others =
            self.shape.columns.iter().filter(|column| is_filled_with_now(column) && column.name != "updated_at");
        first.or_else(|| others.clone().find(is_it)).map(|column| column.name)
    }

    /// The time of a row's last change: the library's trigger writes it.
    fn updated_at(&self) -> Option<&'a str> {
        let column = self.shape.column("updated_at")?;
        let fits = column.is.ty == "timestamp with time zone" && column.is.not_null;
        let name = derived(self.shape.name, [], "touch_updated_at");
        let has_trigger = self.shape.triggers.iter().any(|trigger| trigger.name == name);
        (fits && (has_trigger || !self.are_own())).then_some(column.name)
    }
}

fn is_filled_with_now(column: &Part<'_, Column>) -> bool {
    let is_now = matches!(column.is.default.as_deref(), Some("now()" | "CURRENT_TIMESTAMP"));
    column.is.ty == "timestamp with time zone" && column.is.not_null && is_now
}

fn is_named_created(column: &Part<'_, Column>) -> bool {
    let name = words(column.name).join("_");
    ["created_at", "created", "created_on", "inserted_at"].contains(&name.as_str())
}
