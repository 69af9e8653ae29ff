//! The Waygate models, each time with one of them changed.
#![allow(dead_code, unused_imports, reason = "their tables are what counts, and not every variant needs every name")]

use waygate::models::{
    Action, AuthType, FieldMapping, Integration, IntegrationCredential, IntegrationStatus, MappingDirection,
    RequestLog, Tenant,
};
use waygate_db::Schema;

/// Integrations with more attributes of the model, a type of status, and more fields.
macro_rules! integrations {
    ($module:ident, $schema:ident, $status:ident, [$($attribute:tt)*], [$($field:tt)*], [$($type:item)*]) => {
        mod $module {
            use chrono::{DateTime, Utc};
            use waygate_db::{Encrypted, Id, Json, Model, PgEnum, TenantId};

            use super::{Action, AuthType, Integration, IntegrationStatus, Tenant};

            $($type)*

            /// A connection to a third-party API.
            #[derive(Model, Debug, Clone)]
            #[model(
                table = "integrations",
                unique(tenant_id, slug, name = "integrations_tenant_slug_idx"),
                $($attribute)*
            )]
            pub(in crate::drafts) struct Changed {
                /// The key.
                #[model(key)]
                pub id: Id<Changed>,
                /// Whose it is.
                #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
                pub tenant_id: TenantId,
                /// What people call it.
                #[model(max_len = 255)]
                pub name: String,
                /// What URLs call it; unique in its tenant.
                #[model(max_len = 100)]
                pub slug: String,
                /// What it is for.
                pub description: Option<String>,
                /// The third party's manual.
                pub documentation_url: Option<String>,
                /// How the third party knows who calls.
                pub auth_type: AuthType,
                /// Endpoints and scopes; nothing secret.
                #[model(default)]
                pub auth_config: Json,
                /// Whether it may be called.
                #[model(default = $status::Draft, index(name = "integrations_status_idx"))]
                pub status: $status,
                /// Words to find it by.
                #[model(default, index(name = "integrations_tags_idx", using = gin))]
                pub tags: Vec<String>,
                /// Whatever else the tenant keeps with it.
                #[model(default)]
                pub metadata: Json,
                /// When it was made.
                #[model(created_at)]
                pub created_at: DateTime<Utc>,
                /// When it last changed.
                #[model(updated_at)]
                pub updated_at: DateTime<Utc>,
                $($field)*
            }
        }
        pub(super) static $schema: Schema =
            waygate_db::schema![Tenant, $module::Changed, Action, IntegrationCredential, FieldMapping, RequestLog];
    };
}

/// Logs with other fields between their keys and their time.
macro_rules! logs {
    ($module:ident, $schema:ident, [$($field:tt)*]) => {
        mod $module {
            use chrono::{DateTime, Utc};
            use waygate_db::{Id, Json, Model, TenantId};

            use super::{Action, Integration, Tenant};

            /// One call of an action, as it went. Logs are inserted and read, never changed; they go with their action.
            #[derive(Model, Debug, Clone)]
            #[model(
                table = "request_logs",
                append_only,
                index(tenant_id, created_at desc, name = "logs_tenant_created_idx"),
                index(integration_id, created_at desc, name = "logs_integration_created_idx"),
                index(action_id, created_at desc, name = "logs_action_created_idx"),
            )]
            pub(in crate::drafts) struct Changed {
                /// The key.
                #[model(key)]
                pub id: Id<Changed>,
                /// Whose it is.
                #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
                pub tenant_id: TenantId,
                /// The integration that was called.
                #[model(belongs_to(Integration, on_delete = cascade))]
                pub integration_id: Id<Integration>,
                /// The action that was called.
                #[model(belongs_to(Action, on_delete = cascade))]
                pub action_id: Id<Action>,
                $($field)*
                /// What went wrong.
                pub error: Option<Json>,
                /// When it happened.
                #[model(created_at)]
                pub created_at: DateTime<Utc>,
            }
        }
        pub(super) static $schema: Schema = waygate_db::schema![
            Tenant, Integration, Action, IntegrationCredential, FieldMapping, $module::Changed
        ];
    };
}

/// Mappings under a table's name, with a type of direction.
macro_rules! mappings {
    ($module:ident, $schema:ident, $direction:ident, [$($table:tt)*], [$($type:item)*]) => {
        mod $module {
            use chrono::{DateTime, Utc};
            use waygate_db::{Id, Json, Model, PgEnum, TenantId};

            use super::{Action, MappingDirection};

            $($type)*

            /// How a field of one side becomes a field of the other.
            ///
            /// The row belongs to whoever owns the action. Without a `tenant_id` it is the action's default; with one, which can
            /// only be the owner, it overrides the default.
            #[derive(Model, Debug, Clone)]
            #[model(
                $($table)*,
                tenant(through = action_id, owner = tenant_id),
                index(action_id, tenant_id, name = "mappings_action_tenant_idx"),
            )]
            pub(in crate::drafts) struct Changed {
                /// The key.
                #[model(key)]
                pub id: Id<Changed>,
                /// The action it works for, and through which it is owned.
                #[model(belongs_to(Action, on_delete = cascade))]
                pub action_id: Id<Action>,
                /// The owner, when this overrides the default.
                pub tenant_id: Option<TenantId>,
                /// Where the value comes from, as JSONPath.
                #[model(max_len = 255)]
                pub source_path: String,
                /// Where the value goes, as JSONPath.
                #[model(max_len = 255)]
                pub target_path: String,
                /// What happens to the value on the way.
                pub transform_config: Option<Json>,
                /// Which way it works.
                pub direction: $direction,
                /// When it was made.
                #[model(created_at)]
                pub created_at: DateTime<Utc>,
            }
        }
        pub(super) static $schema: Schema = waygate_db::schema![
            Tenant, Integration, Action, IntegrationCredential, $module::Changed, RequestLog
        ];
    };
}

integrations!(more_fields, A_FIELD, IntegrationStatus, [], [
    /// Where its data stays.
    #[model(max_len = 40)]
    pub region: Option<String>,
    /// How many calls a minute it takes.
    #[model(default = 60)]
    pub rate_limit: i32,
], []);

integrations!(
    an_index,
    AN_INDEX,
    IntegrationStatus,
    [index(tenant_id, name, name = "integrations_tenant_name_idx")],
    [],
    []
);

integrations!(
    a_unique,
    A_UNIQUE,
    IntegrationStatus,
    [unique(tenant_id, name, name = "integrations_tenant_name_key")],
    [],
    []
);

integrations!(a_label, A_LABEL, Status, [], [], [
    /// Whether an integration may be called.
    #[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
    #[model(name = "integration_status")]
    pub(in crate::drafts) enum Status {
        /// Being configured.
        Draft,
        /// In use.
        Active,
        /// Held back for a while.
        Paused,
        /// Failing.
        Error,
        /// Switched off.
        Disabled,
    }
]);

integrations!(a_secret, A_SEARCHABLE_SECRET, IntegrationStatus, [], [
    /// Whom to tell when it fails.
    #[model(encrypted, searchable)]
    pub contact: Option<Encrypted<String>>,
], []);

integrations!(a_required_field, A_REQUIRED_FIELD, IntegrationStatus, [], [
    /// What stands in reports.
    pub label: String,
], []);

integrations!(a_token, A_VOLATILE_DEFAULT, IntegrationStatus, [], [
    /// What webhooks call it.
    #[model(default(sql = "gen_random_uuid()"))]
    pub token: uuid::Uuid,
], []);

logs!(a_bigger_type, A_TYPE, [
    /// What was asked, without secrets.
    pub request_summary: Json,
    /// What was answered, without secrets.
    pub response_summary: Option<Json>,
    /// The HTTP status of the answer.
    pub status_code: Option<i32>,
    /// How long it took.
    pub latency_ms: i64,
    /// How often it was tried again.
    #[model(default = 0)]
    pub retry_count: i32,
]);

logs!(a_smaller_type, A_SMALLER_TYPE, [
    /// What was asked, without secrets.
    pub request_summary: Json,
    /// What was answered, without secrets.
    pub response_summary: Option<Json>,
    /// The HTTP status of the answer.
    pub status_code: Option<i16>,
    /// How long it took.
    pub latency_ms: i32,
    /// How often it was tried again.
    #[model(default = 0)]
    pub retry_count: i32,
]);

logs!(a_field_less, A_DROPPED_FIELD, [
    /// What was asked, without secrets.
    pub request_summary: Json,
    /// What was answered, without secrets.
    pub response_summary: Option<Json>,
    /// The HTTP status of the answer.
    pub status_code: Option<i32>,
    /// How long it took.
    pub latency_ms: i32,
]);

logs!(another_name, A_RENAMED_FIELD, [
    /// What was asked, without secrets.
    #[model(renamed_from = "request_summary")]
    pub asked: Json,
    /// What was answered, without secrets.
    pub response_summary: Option<Json>,
    /// The HTTP status of the answer.
    pub status_code: Option<i32>,
    /// How long it took.
    pub latency_ms: i32,
    /// How often it was tried again.
    #[model(default = 0)]
    pub retry_count: i32,
]);

logs!(undeclared, AN_UNDECLARED_RENAME, [
    /// What was asked, without secrets.
    pub request_summary: Json,
    /// What was answered, without secrets.
    pub response_summary: Option<Json>,
    /// The HTTP status of the answer.
    pub status_code: Option<i32>,
    /// How long it took.
    pub took_ms: i32,
    /// How often it was tried again.
    #[model(default = 0)]
    pub retry_count: i32,
]);

mappings!(another_table, A_RENAMED_MODEL, MappingDirection, [table = "mappings", renamed_from = "field_mappings"], []);

mappings!(another_label, A_RENAMED_LABEL, Direction, [table = "field_mappings"], [
    /// Which way a mapping works.
    #[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
    #[model(name = "mapping_direction")]
    pub(in crate::drafts) enum Direction {
        /// From the caller to the third party.
        #[model(renamed_from = "input")]
        Outbound,
        /// From the third party to the caller.
        Output,
    }
]);

integrations!(a_filled_field, A_FILLED_FIELD, IntegrationStatus, [], [
    /// What stands in reports.
    #[model(backfill = "upper(slug)")]
    pub label: String,
], []);

integrations!(a_label_less, A_LABEL_LESS, Status, [], [], [
    /// Whether an integration may be called.
    #[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
    #[model(name = "integration_status")]
    pub(in crate::drafts) enum Status {
        /// Being configured.
        Draft,
        /// In use.
        Active,
        /// Switched off.
        Disabled,
    }
]);

logs!(another_type, A_CONVERSION, [
    /// What was asked, without secrets.
    #[model(using = "request_summary ->> 'n'")]
    pub request_summary: String,
    /// What was answered, without secrets.
    pub response_summary: Option<Json>,
    /// The HTTP status of the answer.
    pub status_code: Option<i32>,
    /// How long it took.
    pub latency_ms: i32,
    /// How often it was tried again.
    #[model(default = 0)]
    pub retry_count: i32,
]);

logs!(required, A_REQUIREMENT, [
    /// What was asked, without secrets.
    pub request_summary: Json,
    /// What was answered, without secrets.
    pub response_summary: Option<Json>,
    /// The HTTP status of the answer.
    #[model(backfill = "599", index(name = "logs_status_code_idx"))]
    pub status_code: i32,
    /// How long it took.
    pub latency_ms: i32,
    /// How often it was tried again.
    #[model(default = 0)]
    pub retry_count: i32,
]);

mod webhooks {
    use chrono::{DateTime, Utc};
    use waygate_db::{Id, Model, PgEnum, TenantId};

    use super::{Integration, Tenant};

    /// What a webhook is about.
    #[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::drafts) enum WebhookEvent {
        /// A call failed.
        Failed,
        /// A credential ran out.
        Expired,
    }

    /// An address that is told what happens.
    #[derive(Model, Debug, Clone)]
    #[model(table = "webhooks")]
    pub(in crate::drafts) struct Webhook {
        /// The key.
        #[model(key)]
        pub id: Id<Webhook>,
        /// Whose it is.
        #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
        pub tenant_id: TenantId,
        /// The integration it is about.
        #[model(belongs_to(Integration, on_delete = cascade), index(name = "webhooks_integration_id_idx"))]
        pub integration_id: Id<Integration>,
        /// What it is told.
        pub event: WebhookEvent,
        /// Where.
        pub url: String,
        /// When it was made.
        #[model(created_at)]
        pub created_at: DateTime<Utc>,
        /// When it last changed.
        #[model(updated_at)]
        pub updated_at: DateTime<Utc>,
    }
}

pub(super) static A_MODEL: Schema = waygate_db::schema![
    Tenant,
    Integration,
    Action,
    IntegrationCredential,
    FieldMapping,
    RequestLog,
    webhooks::Webhook
];
