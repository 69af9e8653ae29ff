//! The six Waygate models as metadata written by hand: what the derive has to emit for them.

use waygate_db::Schema;
use waygate_db::schema::{
    Binding, Column, ColumnRole, DefaultValue, Encryption, EnumType, ForeignKey, HasMany, Index, IndexColumn,
    IndexMethod, Login, OnDelete, Opened, Padding, PreviousKey, Scope, SqlType, Table,
};

/// The schema of the six models.
pub(crate) static SCHEMA: Schema =
    Schema::new(&[tenants, integrations, actions, integration_credentials, field_mappings, request_logs]);

static AUTH_TYPE: EnumType = EnumType {
    name: "auth_type",
    labels: &["oauth2", "api_key", "basic", "bearer", "custom_header"],
    rust: "AuthType",
    renamed: &[],
    renamed_from: None,
    comment: Some("How the third party knows who calls."),
};
static INTEGRATION_STATUS: EnumType = EnumType {
    name: "integration_status",
    labels: &["draft", "active", "error", "disabled"],
    rust: "IntegrationStatus",
    renamed: &[],
    renamed_from: None,
    comment: None,
};
static CREDENTIAL_TYPE: EnumType = EnumType {
    name: "credential_type",
    labels: &["oauth2_tokens", "api_key", "basic", "bearer"],
    rust: "CredentialType",
    renamed: &[],
    renamed_from: None,
    comment: None,
};
static CREDENTIAL_STATUS: EnumType = EnumType {
    name: "credential_status",
    labels: &["active", "expired", "revoked", "needs_reauth"],
    rust: "CredentialStatus",
    renamed: &[],
    renamed_from: None,
    comment: None,
};
static HTTP_METHOD: EnumType = EnumType {
    name: "http_method",
    labels: &["GET", "POST", "PUT", "PATCH", "DELETE"],
    rust: "HttpMethod",
    renamed: &[],
    renamed_from: None,
    comment: None,
};
static MAPPING_DIRECTION: EnumType = EnumType {
    name: "mapping_direction",
    labels: &["input", "output"],
    rust: "MappingDirection",
    renamed: &[],
    renamed_from: None,
    comment: None,
};

const KEY_HASH: &str = "Lower-case hex SHA-256 of its API key: keys are long and random, so a fast hash is right.";
const TEXTS: SqlType = SqlType::Array(&SqlType::Text);
const NAME: SqlType = SqlType::Varchar(255);

/// A required column of the caller's data.
const fn data(name: &'static str, ty: SqlType) -> Column {
    Column {
        name,
        field: name,
        ty,
        nullable: false,
        default: DefaultValue::None,
        role: ColumnRole::Data,
        encryption: None,
        renamed_from: None,
        backfill: None,
        using: None,
        comment: None,
    }
}

const fn optional(name: &'static str, ty: SqlType) -> Column {
    Column { nullable: true, ..data(name, ty) }
}

const fn defaulted(name: &'static str, ty: SqlType, default: DefaultValue) -> Column {
    Column { default, ..data(name, ty) }
}

const fn json(name: &'static str) -> Column {
    defaulted(name, SqlType::Jsonb, DefaultValue::Empty)
}

const fn sealed(name: &'static str, context: &'static str) -> Column {
    let encryption = Encryption {
        context,
        codec: 11,
        binding: Binding::Row,
        padding: Padding::Auto,
        opened: Opened::WithRow,
        moved_from: None,
        search: None,
    };
    Column { encryption: Some(encryption), ..data(name, SqlType::Encrypted) }
}

const fn system(name: &'static str, ty: SqlType, role: ColumnRole, default: DefaultValue) -> Column {
    Column { role, default, ..data(name, ty) }
}

const ID: Column = system("id", SqlType::Uuid, ColumnRole::Key, DefaultValue::RandomUuid);
const TENANT_ID: Column = system("tenant_id", SqlType::Uuid, ColumnRole::Tenant, DefaultValue::Tenant);
const CREATED_AT: Column = system("created_at", SqlType::Timestamptz, ColumnRole::CreatedAt, DefaultValue::Now);
const UPDATED_AT: Column = system("updated_at", SqlType::Timestamptz, ColumnRole::UpdatedAt, DefaultValue::Now);

/// An ordinary index; the columns are places in the table.
const fn index(name: &'static str, columns: &'static [IndexColumn]) -> Index {
    Index { name, columns, method: IndexMethod::Btree, unique: false, predicate: None }
}

const fn unique(name: &'static str, columns: &'static [IndexColumn]) -> Index {
    Index { unique: true, ..index(name, columns) }
}

const fn up(column: usize) -> IndexColumn {
    IndexColumn { column, descending: false }
}

const fn down(column: usize) -> IndexColumn {
    IndexColumn { column, descending: true }
}

const fn belongs_to(column: usize, parent: fn() -> &'static Table) -> ForeignKey {
    ForeignKey { column, parent, on_delete: OnDelete::Cascade }
}

/// A table of one tenant column at `tenant`, without anything else.
const fn table(name: &'static str, model: &'static str, scope: Scope, columns: &'static [Column]) -> Table {
    Table {
        name,
        model,
        scope,
        columns,
        key: 0,
        indexes: &[],
        foreign_keys: &[],
        has_many: &[],
        append_only: false,
        login: None,
        renamed_from: None,
        comment: None,
        declared_at: ("src/models.rs", 1),
    }
}

fn tenants() -> &'static Table {
    static TENANTS: Table = Table {
        indexes: &[
            unique("tenants_email_idx", &[up(2)]),
            unique("tenants_api_key_hash_idx", &[up(3)]),
            unique("tenants_previous_api_key_hash_idx", &[up(7)]),
        ],
        comment: Some("A customer of the gateway: each row is its own tenant."),
        login: Some(Login { hash: 3, previous: Some(PreviousKey { hash: 7, expires_at: 8 }) }),
        ..table(
            "tenants",
            "Tenant",
            Scope::Key,
            &[
                ID,
                data("name", NAME),
                Column { comment: Some("Where to reach it; unique over all tenants."), ..data("email", NAME) },
                Column { comment: Some(KEY_HASH), ..data("waygate_api_key_hash", NAME) },
                json("settings"),
                CREATED_AT,
                UPDATED_AT,
                optional("previous_api_key_hash", NAME),
                optional("previous_api_key_expires_at", SqlType::Timestamptz),
            ],
        )
    };
    &TENANTS
}

fn integrations() -> &'static Table {
    static INTEGRATIONS: Table = Table {
        indexes: &[
            unique("integrations_tenant_slug_idx", &[up(1), up(3)]),
            index("integrations_status_idx", &[up(8)]),
            Index { method: IndexMethod::Gin, ..index("integrations_tags_idx", &[up(9)]) },
        ],
        foreign_keys: &[belongs_to(1, tenants)],
        has_many: &[HasMany { name: "actions", child: actions }],
        ..table(
            "integrations",
            "Integration",
            Scope::Column(1),
            &[
                ID,
                TENANT_ID,
                data("name", NAME),
                data("slug", SqlType::Varchar(100)),
                optional("description", SqlType::Text),
                optional("documentation_url", SqlType::Text),
                data("auth_type", SqlType::Enum(&AUTH_TYPE)),
                json("auth_config"),
                defaulted("status", SqlType::Enum(&INTEGRATION_STATUS), DefaultValue::Label("draft")),
                defaulted("tags", TEXTS, DefaultValue::Empty),
                json("metadata"),
                CREATED_AT,
                UPDATED_AT,
            ],
        )
    };
    &INTEGRATIONS
}

fn actions() -> &'static Table {
    static ACTIONS: Table = Table {
        indexes: &[
            unique("actions_integration_slug_idx", &[up(1), up(2), up(4)]),
            index("actions_integration_id_idx", &[up(2)]),
        ],
        foreign_keys: &[belongs_to(1, tenants), belongs_to(2, integrations)],
        ..table(
            "actions",
            "Action",
            Scope::Column(1),
            &[
                ID,
                TENANT_ID,
                data("integration_id", SqlType::Uuid),
                data("name", NAME),
                data("slug", SqlType::Varchar(100)),
                optional("description", SqlType::Text),
                data("http_method", SqlType::Enum(&HTTP_METHOD)),
                data("endpoint_template", SqlType::Text),
                json("input_schema"),
                json("output_schema"),
                optional("pagination_config", SqlType::Jsonb),
                optional("retry_config", SqlType::Jsonb),
                defaulted("cacheable", SqlType::Bool, DefaultValue::Bool(false)),
                optional("cache_ttl_seconds", SqlType::Int4),
                json("metadata"),
                CREATED_AT,
                UPDATED_AT,
            ],
        )
    };
    &ACTIONS
}

fn integration_credentials() -> &'static Table {
    static INTEGRATION_CREDENTIALS: Table = Table {
        indexes: &[
            index("credentials_integration_id_idx", &[up(1)]),
            index("credentials_tenant_id_idx", &[up(2)]),
            Index { predicate: Some("status = 'active'"), ..index("credentials_expires_at_idx", &[up(5)]) },
        ],
        foreign_keys: &[belongs_to(1, integrations), belongs_to(2, tenants)],
        ..table(
            "integration_credentials",
            "IntegrationCredential",
            Scope::Column(2),
            &[
                ID,
                data("integration_id", SqlType::Uuid),
                TENANT_ID,
                data("credential_type", SqlType::Enum(&CREDENTIAL_TYPE)),
                sealed("encrypted_data", "integration_credentials.encrypted_data"),
                optional("expires_at", SqlType::Timestamptz),
                Column {
                    nullable: true,
                    ..sealed("encrypted_refresh_token", "integration_credentials.encrypted_refresh_token")
                },
                defaulted("scopes", TEXTS, DefaultValue::Empty),
                defaulted("status", SqlType::Enum(&CREDENTIAL_STATUS), DefaultValue::Label("active")),
                CREATED_AT,
                UPDATED_AT,
            ],
        )
    };
    &INTEGRATION_CREDENTIALS
}

fn field_mappings() -> &'static Table {
    static FIELD_MAPPINGS: Table = Table {
        indexes: &[index("mappings_action_tenant_idx", &[up(1), up(2)])],
        foreign_keys: &[belongs_to(1, actions)],
        ..table(
            "field_mappings",
            "FieldMapping",
            Scope::Through { column: 1, owner: Some(2) },
            &[
                ID,
                data("action_id", SqlType::Uuid),
                optional("tenant_id", SqlType::Uuid),
                data("source_path", NAME),
                data("target_path", NAME),
                optional("transform_config", SqlType::Jsonb),
                data("direction", SqlType::Enum(&MAPPING_DIRECTION)),
                CREATED_AT,
            ],
        )
    };
    &FIELD_MAPPINGS
}

fn request_logs() -> &'static Table {
    static REQUEST_LOGS: Table = Table {
        indexes: &[
            index("logs_tenant_created_idx", &[up(1), down(10)]),
            index("logs_integration_created_idx", &[up(2), down(10)]),
            index("logs_action_created_idx", &[up(3), down(10)]),
        ],
        foreign_keys: &[belongs_to(1, tenants), belongs_to(2, integrations), belongs_to(3, actions)],
        append_only: true,
        ..table(
            "request_logs",
            "RequestLog",
            Scope::Column(1),
            &[
                ID,
                TENANT_ID,
                data("integration_id", SqlType::Uuid),
                data("action_id", SqlType::Uuid),
                data("request_summary", SqlType::Jsonb),
                optional("response_summary", SqlType::Jsonb),
                optional("status_code", SqlType::Int4),
                data("latency_ms", SqlType::Int4),
                defaulted("retry_count", SqlType::Int4, DefaultValue::Integer(0)),
                optional("error", SqlType::Jsonb),
                CREATED_AT,
            ],
        )
    };
    &REQUEST_LOGS
}
