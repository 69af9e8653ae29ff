//! The audit of a database on Supabase.

use waygate::models::SCHEMA;
use waygate_db::audit::{self, Finding, Logins, Outcome, Report, Severity};
use waygate_db::migrate::Migration;
use waygate_db::{Maintenance, Schema, schema_sql};

use super::reference_data;
use crate::support::supabase::dialect;
use crate::support::{Login, SupabaseDb};

async fn audit(database: &SupabaseDb, models: &Schema) -> Report {
    let session = Maintenance::connect(&database.urls.migrator.to_config()).await.unwrap();
    audit::run(&session, models, &dialect(), &logins(database)).await.unwrap()
}

fn logins(database: &SupabaseDb) -> Logins {
    Logins { app: Some(database.urls.app.clone()), service: Some(database.urls.service.clone()), seal: None }
}

/// The failures, as `rule: object`, but for what the server's own version lacks.
fn failures(findings: &[Finding]) -> Vec<String> {
    let is_one = |one: &&Finding| one.severity == Severity::Failure && one.rule != "server-version";
    findings.iter().filter(is_one).map(|one| format!("{}: {}", one.rule, one.object)).collect()
}

#[tokio::test]
async fn the_supabase_history_holds_in_every_cell() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let report = audit(&database, &SCHEMA).await;
    assert_eq!(failures(&report.findings), [""; 0]);
    assert!(report.not_run.is_empty(), "{:?}", report.not_run);
    let [held, leaked, failed] =
        [Outcome::Held, Outcome::Leaked, Outcome::ControlFailed].map(|outcome| report.matrix.count(outcome));
    assert!(held > 600 && leaked == 0 && failed == 0, "{}", report.matrix);
}

#[tokio::test]
async fn reference_data_that_visitors_read_is_no_failure() {
    let Some(database) = SupabaseDb::empty().await else { return };
    database.sql(Login::Owner, &schema_sql(&reference_data::SCHEMA, &dialect())).await.unwrap();
    assert_eq!(failures(&audit(&database, &reference_data::SCHEMA).await.findings), [""; 0]);
    database.sql(Login::Owner, "GRANT INSERT ON countries TO anon").await.unwrap();
    let report = audit(&database, &reference_data::SCHEMA).await;
    assert_eq!(failures(&report.findings), ["grant-extra: grants of anon on public.countries"]);
}

#[tokio::test]
async fn the_self_test_finds_every_hole_on_supabase() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let session = Maintenance::connect(&database.urls.migrator.to_config()).await.unwrap();
    let test = audit::self_test(&session, &SCHEMA, &dialect(), &logins(&database)).await.unwrap();
    assert!(test.is_proof() && test.kinds > 30, "{:#?}", test.missed);
}

#[tokio::test]
async fn claims_that_name_no_tenant_must_show_nothing() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let lenient = "ALTER POLICY actions_app ON actions USING (tenant_id = coalesce((SELECT \
                   (current_setting('request.jwt.claims')::jsonb #>> '{app_metadata,tenant_id}')::uuid), tenant_id))";
    database.sql(Login::Owner, lenient).await.unwrap();
    let report = audit(&database, &SCHEMA).await;
    assert_eq!(report.matrix.count(Outcome::Leaked), 0, "a session without claims is refused");
    assert_eq!(
        failures(&report.findings),
        [
            "policy-using: policy actions_app on public.actions",
            "escalation-claims: public.actions",
            // Whose action shows, his mapping does.
            "escalation-claims: public.field_mappings",
        ]
    );
}

/// In transactions that are rolled back: roles belong to the whole server.
#[tokio::test]
async fn what_opens_a_way_on_supabase_is_named() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let session = Maintenance::connect(&database.urls.admin.to_config()).await.unwrap();
    for (hole, expected) in [
        ("GRANT service_role TO waygate_app", "role-is-member: role waygate_app"),
        ("GRANT service_role TO authenticated", "role-is-member: role authenticated"),
        ("GRANT pg_read_all_data TO anon", "role-is-member: role anon"),
        ("GRANT waygate_owner TO authenticator", "role-has-member: role waygate_owner"),
        ("ALTER ROLE authenticated BYPASSRLS", "role-powers: role authenticated"),
        ("ALTER ROLE authenticated SET request.jwt.claims = '{}'", "default-setting: settings of role authenticated"),
        ("CREATE TABLE public.open (id int); GRANT SELECT ON public.open TO anon", "table-unknown: public.open"),
        (
            "CREATE VIEW public.open AS SELECT * FROM tenants; GRANT SELECT ON public.open TO anon",
            "view-of-owner: view public.open",
        ),
        ("GRANT SELECT ON tenants TO anon", "grant-extra: grants of anon on public.tenants"),
    ] {
        let script: &'static str = format!("RESET ROLE; {hole}").leak();
        let migration = Migration::embedded("20250101000000_hole", script, None);
        let findings = audit::foresee(&session, &SCHEMA, &dialect(), &migration).await.unwrap();
        assert!(failures(&findings).contains(&expected.to_owned()), "{hole}: {findings:#?}");
    }
}
