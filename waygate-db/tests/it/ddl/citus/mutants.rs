//! Each point of the DDL is needed: without it, the server refuses.

use super::{cluster, waygate};

/// A text of the DDL, what stands there instead, and the rule that is then broken.
const MUTANTS: [(&str, &str, &str); 14] = [
    (
        "integrations_pkey PRIMARY KEY (tenant_id, id)",
        "integrations_pkey PRIMARY KEY (id)",
        "unique without the tenant",
    ),
    ("ON public.integrations (tenant_id, slug)", "ON public.integrations (slug)", "unique without the tenant"),
    (
        "USING (tenant_id = current_setting('waygate.tenant_id')::uuid)",
        "USING (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid))",
        "policy with a sub-select",
    ),
    (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON public.integrations TO waygate_app",
        "GRANT SELECT, INSERT (name) ON public.integrations TO waygate_app",
        "right on a column",
    ),
    (
        "GRANT SELECT ON public.tenants TO waygate_login",
        "GRANT SELECT (id) ON public.tenants TO waygate_login",
        "right on a column",
    ),
    (
        "SELECT create_distributed_table('public.actions'",
        "CREATE TRIGGER touch BEFORE UPDATE ON public.actions FOR EACH ROW \
         EXECUTE FUNCTION suppress_redundant_updates_trigger(); SELECT create_distributed_table('public.actions'",
        "trigger",
    ),
    ("SELECT create_reference_table('public.tenants');", "", "reference to a local table"),
    (
        "SELECT create_distributed_table('public.integrations', 'tenant_id', colocate_with => 'none');",
        "",
        "reference from a local table",
    ),
    (
        "SELECT create_distributed_table('public.actions', 'tenant_id', colocate_with => 'public.integrations');",
        "",
        "reference from a local table",
    ),
    (
        "actions_pkey PRIMARY KEY (tenant_id, id)",
        "actions_pkey PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id) REFERENCES public.tenants (id)",
        "reference from a local table",
    ),
    (
        "'public.actions', 'tenant_id', colocate_with => 'public.integrations'",
        "'public.actions', 'tenant_id', colocate_with => 'none'",
        "reference to another group",
    ),
    (
        "REFERENCES public.integrations (tenant_id, id) ON DELETE CASCADE",
        "REFERENCES public.integrations (tenant_id, id) ON DELETE SET NULL (integration_id)",
        "set null with the tenant",
    ),
    (
        "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
        "SET LOCAL citus.multi_shard_modify_mode = 'parallel'",
        "parallel mode",
    ),
    (
        "\n\nALTER TABLE public.integration_credentials\n    ADD",
        "\nALTER TABLE public.integration_credentials ALTER encrypted_data SET STORAGE MAIN;\n\
         ALTER TABLE public.integration_credentials\n    ADD",
        "storage changed",
    ),
];

#[tokio::test]
async fn without_any_point_of_the_ddl_the_server_refuses_it() {
    for (text, instead, rule) in MUTANTS {
        let sql = waygate();
        let mutant = sql.replacen(text, instead, 1);
        assert_ne!(sql, mutant, "{text}");
        let (database, _) = cluster().await;
        let migrator = database.login("waygate_migrator").await;
        let error = migrator.complaint(&format!("SET ROLE waygate_owner; BEGIN;\n{mutant}\nCOMMIT;")).await;
        assert!(error.starts_with(&format!("citus: {rule}:")), "{instead}: {error}");
    }
}
