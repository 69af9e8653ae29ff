//! What PostgreSQL itself says the DDL has made.

use std::fmt::Write;

use super::seed::TABLES;
use crate::support::database::{Database, Session};
use crate::support::waygate_schema::SCHEMA;

/// The columns of a table that each role may write.
struct Written {
    table: &'static str,
    app_insert: &'static str,
    app_update: &'static str,
    service_insert: &'static str,
    service_update: &'static str,
}

const WRITTEN: [Written; 6] = [
    Written {
        table: "tenants",
        app_insert: "",
        app_update: "name settings",
        service_insert: "id name email waygate_api_key_hash settings created_at updated_at previous_api_key_hash \
                         previous_api_key_expires_at",
        service_update: "name email waygate_api_key_hash settings previous_api_key_hash previous_api_key_expires_at",
    },
    Written {
        table: "integrations",
        app_insert: "id name slug description documentation_url auth_type auth_config status tags metadata",
        app_update: "name slug description documentation_url auth_type auth_config status tags metadata",
        service_insert: "id name slug description documentation_url auth_type auth_config status tags metadata created_at updated_at",
        service_update: "name slug description documentation_url auth_type auth_config status tags metadata",
    },
    Written {
        table: "actions",
        app_insert: "id integration_id name slug description http_method endpoint_template input_schema output_schema \
                     pagination_config retry_config cacheable cache_ttl_seconds metadata",
        app_update: "integration_id name slug description http_method endpoint_template input_schema output_schema \
                     pagination_config retry_config cacheable cache_ttl_seconds metadata",
        service_insert: "id integration_id name slug description http_method endpoint_template input_schema \
                         output_schema pagination_config retry_config cacheable cache_ttl_seconds metadata created_at \
                         updated_at",
        service_update: "integration_id name slug description http_method endpoint_template input_schema \
                         output_schema pagination_config retry_config cacheable cache_ttl_seconds metadata",
    },
    Written {
        table: "integration_credentials",
        app_insert: "id integration_id credential_type encrypted_data expires_at encrypted_refresh_token scopes status",
        app_update: "integration_id credential_type encrypted_data expires_at encrypted_refresh_token scopes status",
        service_insert: "id integration_id credential_type encrypted_data expires_at encrypted_refresh_token scopes \
                         status created_at updated_at",
        service_update: "integration_id credential_type encrypted_data expires_at encrypted_refresh_token scopes status",
    },
    Written {
        table: "field_mappings",
        app_insert: "id action_id tenant_id source_path target_path transform_config direction",
        app_update: "action_id tenant_id source_path target_path transform_config direction",
        service_insert: "id action_id tenant_id source_path target_path transform_config direction created_at",
        service_update: "action_id tenant_id source_path target_path transform_config direction",
    },
    Written {
        table: "request_logs",
        app_insert: "id integration_id action_id request_summary response_summary status_code latency_ms retry_count error",
        app_update: "",
        service_insert: "id integration_id action_id request_summary response_summary status_code latency_ms \
                         retry_count error created_at",
        service_update: "",
    },
];

/// What the login function reads of the tenants' table.
const LOGIN_READS: &str = "id waygate_api_key_hash previous_api_key_hash previous_api_key_expires_at";

/// The columns of a table for which the role holds the privilege, in the table's order.
async fn granted(session: &Session, table: &str, role: &str, privilege: &str) -> String {
    session
        .column(&format!(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'public.{table}'::regclass AND attnum > 0
             AND has_column_privilege('{role}', attrelid, attnum, '{privilege}') ORDER BY attnum"
        ))
        .await
        .join(" ")
}

#[tokio::test]
async fn each_role_may_write_exactly_the_columns_of_the_specification() {
    let database = Database::deployed().await;
    let session = database.administrator().await;
    for written in &WRITTEN {
        let table = written.table;
        let all = SCHEMA.table(table).unwrap().columns.iter().map(|column| column.name).collect::<Vec<_>>().join(" ");
        for (role, privilege, expected) in [
            ("waygate_app", "SELECT", all.as_str()),
            ("waygate_app", "INSERT", written.app_insert),
            ("waygate_app", "UPDATE", written.app_update),
            ("waygate_service", "SELECT", all.as_str()),
            ("waygate_service", "INSERT", written.service_insert),
            ("waygate_service", "UPDATE", written.service_update),
            ("waygate_login", "SELECT", if table == "tenants" { LOGIN_READS } else { "" }),
            ("waygate_login", "INSERT", ""),
            ("waygate_login", "UPDATE", ""),
            ("waygate_app", "REFERENCES", ""),
            ("waygate_service", "REFERENCES", ""),
        ] {
            let actual = granted(&session, table, role, privilege).await;
            assert_eq!(actual, expected, "{privilege} on {table} for {role}");
        }
    }
}

#[tokio::test]
async fn no_role_may_truncate_and_only_the_specified_ones_delete() {
    let database = Database::deployed().await;
    let session = database.administrator().await;
    let mut deleting = Vec::new();
    for table in TABLES {
        for role in ["waygate_app", "waygate_service", "waygate_login"] {
            for privilege in ["TRUNCATE", "REFERENCES", "TRIGGER", "DELETE"] {
                let sql = format!("SELECT has_table_privilege('{role}', 'public.{table}', '{privilege}')");
                match (privilege, session.value(&sql).await.as_str()) {
                    ("DELETE", "t") => deleting.push(format!("{role} {table}")),
                    (_, "t") => panic!("{role} has {privilege} on {table}"),
                    _ => {}
                }
            }
        }
    }
    let app = ["integrations", "actions", "integration_credentials", "field_mappings"];
    let mut expected: Vec<String> = app.iter().map(|table| format!("waygate_app {table}")).collect();
    expected.extend(TABLES.iter().map(|table| format!("waygate_service {table}")));
    deleting.sort();
    expected.sort();
    assert_eq!(deleting, expected);
    let to_public = "SELECT count(*) FROM pg_class, aclexplode(relacl) a WHERE a.grantee = 0 \
                     AND relnamespace IN ('public'::regnamespace, 'waygate'::regnamespace)";
    assert_eq!(session.value(to_public).await, "0");
}

#[tokio::test]
async fn every_table_has_its_policies_one_to_a_role_and_binds_its_owner() {
    let database = Database::deployed().await;
    let session = database.administrator().await;
    for table in TABLES {
        let policies = session
            .column(&format!(
                "SELECT concat_ws(' ', policyname, roles, cmd, permissive) FROM pg_policies
                 WHERE schemaname = 'public' AND tablename = '{table}' ORDER BY policyname"
            ))
            .await;
        let mut expected: Vec<String> =
            ["app", "owner", "service"].map(|role| format!("{table}_{role} {{waygate_{role}}} ALL PERMISSIVE")).into();
        if table == "tenants" {
            expected.insert(1, "tenants_login {waygate_login} SELECT PERMISSIVE".to_owned());
        }
        assert_eq!(policies, expected);
    }
    let unbound = "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity) \
                   AND relnamespace IN ('public'::regnamespace, 'waygate'::regnamespace)";
    assert_eq!(session.column(unbound).await, Vec::<String>::new());
}

#[tokio::test]
async fn all_belongs_to_the_owner_but_the_login_function() {
    let database = Database::deployed().await;
    let session = database.administrator().await;
    let foreign = session
        .column(
            "SELECT relname::text FROM pg_class WHERE relowner <> 'waygate_owner'::regrole
                 AND relnamespace IN ('public'::regnamespace, 'waygate'::regnamespace)
             UNION ALL SELECT typname FROM pg_type WHERE typowner <> 'waygate_owner'::regrole
                 AND typnamespace IN ('public'::regnamespace, 'waygate'::regnamespace)
             UNION ALL SELECT concat_ws(' ', oid::regprocedure, proowner::regrole, prosecdef, provolatile, proconfig, proacl)
                 FROM pg_proc WHERE pronamespace IN ('public'::regnamespace, 'waygate'::regnamespace)
                 -- Not of the DDL: the administrator's, from before it.
                 AND proname <> 'enable_row_security' ORDER BY 1",
        )
        .await;
    let functions = [
        "waygate.tenant_for_key(text) waygate_login t s {\"search_path=pg_catalog, pg_temp\"} \
         {waygate_login=X/waygate_login,waygate_app=X/waygate_login}",
        "waygate.touch_updated_at() waygate_owner f v {\"search_path=pg_catalog, pg_temp\"} \
         {waygate_owner=X/waygate_owner}",
    ];
    assert_eq!(foreign, functions);
    for schema in ["public", "waygate"] {
        for role in ["waygate_app", "waygate_service", "waygate_login"] {
            let sql = format!("SELECT has_schema_privilege('{role}', '{schema}', 'CREATE')");
            assert_eq!(session.value(&sql).await, "f", "{role} in {schema}");
        }
    }
}

#[tokio::test]
async fn enums_tables_columns_keys_and_indexes_are_the_specified_ones() {
    let database = Database::deployed().await;
    let session = database.administrator().await;
    let mut text = String::new();
    for (title, sql) in [
        (
            "enums",
            "SELECT concat(typname, ': ', (SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum e
             WHERE e.enumtypid = t.oid)) FROM pg_type t WHERE typtype = 'e' ORDER BY typname",
        ),
        (
            "columns",
            "SELECT concat_ws(' ', c.relname || '.' || attname, format_type(atttypid, atttypmod),
                 CASE WHEN attnotnull THEN 'not null' END, 'default ' || pg_get_expr(adbin, adrelid),
                 CASE WHEN attstorage = 'e' THEN 'external' END)
             FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0
             LEFT JOIN pg_attrdef d ON adrelid = c.oid AND adnum = attnum
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY c.relname, attnum",
        ),
        (
            "constraints",
            "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u')
             ORDER BY conrelid::regclass::text COLLATE \"C\", contype, conname",
        ),
        (
            "indexes",
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = indexrelid
             WHERE relnamespace = 'public'::regnamespace
             AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')) ORDER BY relname",
        ),
        (
            "triggers",
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
        ),
        (
            "policies",
            "SELECT concat_ws(' ', policyname, 'using', qual, 'check', with_check) FROM pg_policies
             ORDER BY schemaname, policyname",
        ),
    ] {
        writeln!(text, "# {title}").unwrap();
        for line in session.column(sql).await {
            writeln!(text, "{line}").unwrap();
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/ddl/catalogue.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    for (ours, theirs) in text.lines().zip(reviewed.lines()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(text.lines().count(), reviewed.lines().count());
}
