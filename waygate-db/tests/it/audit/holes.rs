//! Holes that no clause of the DDL guards against: what else may stand in a database.

use super::added_by;
use crate::support::database::Database;

/// Plants each hole by itself, and compares all that the audit adds.
async fn each_is_named(holes: &[(&str, &[&str])]) {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    for (script, expected) in holes {
        let mut added = added_by(&session, script).await;
        added.sort();
        // The database's name is another each time.
        for one in added.iter_mut().filter(|one| one.starts_with("failure database-rights: database ")) {
            one.truncate("failure database-rights: database ".len());
            one.push('…');
        }
        assert_eq!(added, *expected, "{script}");
    }
}

#[tokio::test]
async fn tables_beside_the_models_are_named_and_open_ones_fail() {
    each_is_named(&[
        ("CREATE TABLE stray (id int)", &["advice table-unknown: public.stray"]),
        (
            "CREATE TABLE stray (id int); ALTER TABLE stray ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            &["advice table-unknown: public.stray"],
        ),
        ("CREATE TABLE stray (id int); GRANT SELECT ON stray TO waygate_app", &["failure table-unknown: public.stray"]),
        ("CREATE TABLE stray (id int); GRANT SELECT (id) ON stray TO PUBLIC", &["failure table-unknown: public.stray"]),
        ("CREATE TABLE waygate.stray (id int)", &["advice table-unknown: waygate.stray"]),
        (
            "CREATE TABLE waygate.stray (id int); GRANT INSERT ON waygate.stray TO waygate_service",
            &["failure table-unknown: waygate.stray"],
        ),
        ("CREATE SCHEMA other; CREATE TABLE other.actions AS SELECT * FROM public.actions", &[]),
        (
            "CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO PUBLIC; \
             CREATE TABLE other.actions AS SELECT * FROM public.actions; GRANT SELECT ON other.actions TO waygate_app",
            &["failure table-elsewhere: other.actions"],
        ),
        (
            "CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO waygate_app; \
             CREATE TABLE other.actions AS SELECT * FROM public.actions; GRANT SELECT ON other.actions TO PUBLIC; \
             ALTER TABLE other.actions ENABLE ROW LEVEL SECURITY",
            &[],
        ),
        ("CREATE SEQUENCE numbers", &[]),
        (
            "CREATE SEQUENCE numbers; GRANT USAGE ON SEQUENCE numbers TO waygate_app",
            &["failure sequence-granted: public.numbers"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn views_that_do_not_ask_who_reads_them_fail() {
    each_is_named(&[
        ("CREATE VIEW all_tenants AS SELECT * FROM tenants", &[]),
        (
            "CREATE VIEW all_tenants AS SELECT * FROM tenants; GRANT SELECT ON all_tenants TO waygate_app",
            &["failure view-of-owner: view public.all_tenants"],
        ),
        (
            "CREATE VIEW all_tenants AS SELECT * FROM tenants; GRANT UPDATE (name) ON all_tenants TO PUBLIC",
            &["failure view-of-owner: view public.all_tenants"],
        ),
        (
            "CREATE VIEW mine WITH (security_invoker = true) AS SELECT * FROM tenants; \
             GRANT SELECT ON mine TO waygate_app",
            &[],
        ),
        (
            "CREATE SCHEMA other; CREATE VIEW other.tenants AS SELECT * FROM public.tenants; \
             GRANT SELECT ON other.tenants TO waygate_app",
            &["failure view-of-owner: view other.tenants"],
        ),
        (
            "CREATE MATERIALIZED VIEW kept AS SELECT * FROM tenants; GRANT SELECT ON kept TO waygate_app",
            &["failure materialized-view: materialized view public.kept"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn functions_with_the_rights_of_others_fail() {
    let sql = "CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT name FROM tenants'";
    each_is_named(&[
        (sql, &[]),
        (&format!("{sql} SECURITY DEFINER"), &["failure definer-unbound: function public.names()"]),
        (
            &format!("RESET ROLE; {sql} SECURITY DEFINER"),
            &["failure definer-callable: function public.names()", "failure definer-unbound: function public.names()"],
        ),
        (
            &format!("CREATE SCHEMA other; {} SECURITY DEFINER", sql.replace("names()", "other.names()")),
            &["failure definer-unbound: function other.names()"],
        ),
        (
            &format!("{sql}; RESET ROLE; ALTER FUNCTION names() LEAKPROOF"),
            &["failure leakproof-function: function public.names()"],
        ),
        (
            &format!(
                "{} SECURITY DEFINER; RESET ROLE; ALTER FUNCTION waygate.names() OWNER TO postgres; \
                      GRANT EXECUTE ON FUNCTION waygate.names() TO PUBLIC",
                sql.replace("names()", "waygate.names()")
            ),
            &[
                "advice library-function: function waygate.names()",
                "failure definer-callable: function waygate.names()",
                "failure definer-unbound: function waygate.names()",
            ],
        ),
        (&sql.replace("names()", "waygate.names()"), &["advice library-function: function waygate.names()"]),
    ])
    .await;
}

#[tokio::test]
async fn other_ways_to_the_rows_of_a_table_fail() {
    let trigger = "CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
    let fires = "CREATE TRIGGER copy AFTER INSERT ON actions FOR EACH ROW EXECUTE FUNCTION copy()";
    each_is_named(&[
        (
            "CREATE RULE copy AS ON INSERT TO actions DO ALSO NOTIFY copied",
            &["failure rule: rule copy on public.actions"],
        ),
        (&format!("{trigger}; {fires}"), &["advice trigger-extra: trigger copy on public.actions"]),
        (
            &format!("{trigger} SECURITY DEFINER; {fires}"),
            &[
                "failure definer-unbound: function public.copy()",
                "failure trigger-extra: trigger copy on public.actions",
            ],
        ),
        ("CREATE TABLE part () INHERITS (actions)", &[]),
        (
            "CREATE TABLE part () INHERITS (actions); ALTER TABLE part DISABLE ROW LEVEL SECURITY",
            &["advice child-table: public.part"],
        ),
        (
            "CREATE TABLE part () INHERITS (actions); GRANT SELECT ON part TO waygate_app",
            &["failure child-table: public.part"],
        ),
        (
            "CREATE TABLE whole (id uuid NOT NULL); ALTER TABLE actions INHERIT whole; \
             GRANT SELECT ON whole TO waygate_app",
            &["failure parent-table: public.whole", "failure table-unknown: public.whole"],
        ),
        (
            "RESET ROLE; CREATE PUBLICATION everything FOR ALL TABLES",
            &["failure publication: publication everything"; 10],
        ),
        (
            "RESET ROLE; CREATE PUBLICATION one FOR TABLE actions \
             WHERE (tenant_id = 'aaaaaaaa-0000-4000-8000-000000000000')",
            &[],
        ),
    ])
    .await;
}

#[tokio::test]
async fn publications_of_more_than_one_tenants_rows_fail() {
    let id = "'aaaaaaaa-0000-4000-8000-000000000000'";
    let partly = |filter: &str| format!("RESET ROLE; CREATE PUBLICATION partly FOR TABLE actions WHERE ({filter})");
    let fails = &["failure publication: publication partly"][..];
    each_is_named(&[
        (&partly(&format!("tenant_id = {id}")), &[]),
        (&partly(&format!("tenant_id = {id} AND (slug = 'a' OR slug = 'b')")), &[]),
        (&partly("tenant_id IS NOT NULL"), fails),
        (&partly(&format!("tenant_id <> {id}")), fails),
        (&partly(&format!("NOT (tenant_id = {id})")), fails),
        (&partly(&format!("tenant_id = {id} OR slug = 'a'")), fails),
        (&partly(&format!("tenant_id = {id} AND slug = 'a' OR true")), fails),
        (&partly("tenant_id = tenant_id"), fails),
        (&partly("slug = 'tenant_id'"), fails),
        ("RESET ROLE; CREATE PUBLICATION partly FOR TABLE waygate.data_keys", fails),
    ])
    .await;
}

#[tokio::test]
async fn what_the_logins_own_role_owns_beside_its_function_fails() {
    let spy = "CREATE FUNCTION spy() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS 'SELECT name FROM tenants'; \
               RESET ROLE; ALTER FUNCTION spy() OWNER TO waygate_login";
    each_is_named(&[
        (spy, &["failure login-owns: function public.spy()"]),
        (
            &format!("{spy}; GRANT EXECUTE ON FUNCTION spy() TO waygate_app"),
            &["failure definer-callable: function public.spy()", "failure login-owns: function public.spy()"],
        ),
        (
            "CREATE AGGREGATE spies(text) (SFUNC = textcat, STYPE = text); \
             RESET ROLE; ALTER AGGREGATE spies(text) OWNER TO waygate_login",
            &["failure login-owns: function public.spies(text)"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_closes_new_tables_fails_once_it_is_another() {
    let again = "RESET ROLE; DROP EVENT TRIGGER waygate_row_security; CREATE EVENT TRIGGER waygate_row_security ON";
    let other = "CREATE FUNCTION other() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'";
    let gutted = "RESET ROLE; CREATE OR REPLACE FUNCTION waygate.enable_row_security() RETURNS event_trigger \
                  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS";
    let function = &["failure library-function: function waygate.enable_row_security()"][..];
    let trigger = &["failure event-trigger: event trigger waygate_row_security"][..];
    let missing = &["advice event-trigger-missing: event trigger waygate_row_security"][..];
    let enable = "EXECUTE FUNCTION waygate.enable_row_security()";
    let alter = |change: &str| format!("RESET ROLE; ALTER FUNCTION waygate.enable_row_security() {change}");
    each_is_named(&[
        (&format!("{gutted} $$BEGIN END$$"), function),
        (&alter("SECURITY DEFINER"), function),
        (&alter("RESET ALL"), function),
        (&alter("OWNER TO waygate_owner"), function),
        (&format!("{again} sql_drop {enable}"), trigger),
        (&format!("{again} ddl_command_end WHEN TAG IN ('CREATE INDEX') {enable}"), trigger),
        (&format!("{again} ddl_command_end {enable}"), &[]),
        (&format!("{other}; {again} ddl_command_end EXECUTE FUNCTION other()"), trigger),
        ("RESET ROLE; DROP EVENT TRIGGER waygate_row_security", missing),
        ("RESET ROLE; ALTER EVENT TRIGGER waygate_row_security DISABLE", missing),
    ])
    .await;
}

#[tokio::test]
async fn a_sealed_column_that_takes_plain_bytes_fails() {
    let alter = "ALTER TABLE integration_credentials ALTER COLUMN encrypted_data TYPE bytea";
    each_is_named(&[(alter, &["failure sealed-type: column encrypted_data of public.integration_credentials"])]).await;
}

#[tokio::test]
async fn indexes_that_tell_of_others_fail_and_slow_ones_are_named() {
    each_is_named(&[
        (
            "CREATE UNIQUE INDEX by_name ON actions (lower(name))",
            &[
                "advice index-not-leakproof: index by_name on public.actions",
                "failure unique-across-tenants: index by_name on public.actions",
            ],
        ),
        (
            "CREATE UNIQUE INDEX by_name ON actions (name, tenant_id)",
            &["advice index-not-led-by-tenant: index by_name on public.actions"],
        ),
        ("CREATE INDEX by_name ON actions (tenant_id, name)", &[]),
        ("RESET ROLE; ALTER TABLE actions OWNER TO postgres", &["failure table-owner: public.actions"]),
        ("DROP TABLE request_logs", &["failure table-missing: public.request_logs"]),
    ])
    .await;
}

#[tokio::test]
async fn rights_on_database_and_schemas_fail() {
    each_is_named(&[
        (
            "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO PUBLIC', current_database()); END $$",
            &["failure database-rights: database …"],
        ),
        (
            "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO waygate_app', current_database()); END $$",
            &["failure database-rights: database …"],
        ),
        ("GRANT CREATE ON SCHEMA public TO waygate_app", &["failure schema-create: schema public"]),
        (
            "CREATE SCHEMA other; GRANT CREATE ON SCHEMA other TO waygate_service",
            &["failure schema-create: schema other"],
        ),
        ("CREATE SCHEMA other; GRANT CREATE ON SCHEMA other TO PUBLIC", &["failure schema-create: schema other"]),
        ("CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO waygate_app", &[]),
        ("RESET ROLE; ALTER SCHEMA public OWNER TO postgres", &["advice schema-owner: schema public"]),
        (
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO waygate_app",
            &["failure default-privileges: default privileges of waygate_owner"],
        ),
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO PUBLIC",
            &["failure default-privileges: default privileges of waygate_owner in schema public"],
        ),
        (
            "RESET ROLE; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO waygate_app",
            &["advice default-privileges: default privileges of postgres"],
        ),
        (
            "CREATE TABLE own (id int); RESET ROLE; ALTER TABLE own OWNER TO waygate_app",
            &["failure login-owns: table own", "failure table-unknown: public.own"],
        ),
        (
            "ALTER TABLE waygate.data_keys NO FORCE ROW LEVEL SECURITY",
            &["failure row-security-not-forced: waygate.data_keys"],
        ),
    ])
    .await;
}
