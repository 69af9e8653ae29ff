//! The audit of a sealed database: what holds there, and what it says once the seals are believed unseen.

use std::sync::Arc;

use waygate::DIALECTS;
use waygate::models::SCHEMA;
use waygate_db::audit::{self, Finding, Logins, Outcome, Part, Report, Severity};
use waygate_db::{Dialect, Maintenance, SealKey, seal};

use crate::cli::Waygate;
use crate::support::{EmptyDb, Login, Outcome as _};

/// A database of the sealed history, and the variable that holds its key.
struct Sealed {
    test: EmptyDb,
    session: Maintenance,
    key: String,
}

impl Sealed {
    async fn new() -> Self {
        let test = EmptyDb::new().await;
        let history = DIALECTS.iter().find(|history| history.dialect == "sealed").unwrap();
        test.scratch.deploy(history.migrations).await.unwrap();
        let key = SealKey::fresh_var().unwrap().1.to_string();
        let session = Maintenance::connect(&test.scratch.urls().migrator.to_config()).await.unwrap();
        assert!(seal::register(&session, &SealKey::from_base64(&key).unwrap()).await.unwrap());
        Self { test, session, key }
    }

    fn logins(&self) -> Logins {
        let urls = self.test.scratch.urls();
        let seal = Arc::new(SealKey::from_base64(&self.key).unwrap());
        Logins { app: Some(urls.app.clone()), service: Some(urls.service.clone()), seal: Some(seal) }
    }

    async fn audit(&self, logins: &Logins) -> Report {
        audit::run(&self.session, &SCHEMA, &Dialect::Sealed, logins).await.unwrap()
    }
}

/// The failures of one part, as `rule: object`.
fn failures(report: &Report, part: Part) -> Vec<String> {
    let is_one = |one: &&Finding| one.part == part && one.severity == Severity::Failure;
    report.findings.iter().filter(is_one).map(|one| format!("{}: {}", one.rule, one.object)).collect()
}

#[tokio::test]
async fn the_sealed_history_holds_in_every_cell_and_no_forged_tenant_is_believed() {
    let sealed = Sealed::new().await;
    let report = sealed.audit(&sealed.logins()).await;
    let is_failure = |one: &&Finding| one.severity == Severity::Failure;
    assert_eq!(report.findings.iter().filter(is_failure).collect::<Vec<_>>(), Vec::<&Finding>::new());
    assert!(report.is_proof(Severity::Failure), "{:?}", report.not_run);
    let [held, leaked, failed] =
        [Outcome::Held, Outcome::Leaked, Outcome::ControlFailed].map(|outcome| report.matrix.count(outcome));
    assert!(held > 600 && leaked == 0 && failed == 0, "{}", report.matrix);
    let forged: Vec<_> = report.findings.iter().filter(|one| one.rule == "escalation-set-config").collect();
    assert!(forged.is_empty(), "{forged:?}");
}

#[tokio::test]
async fn the_self_test_finds_every_hole_of_a_sealed_database() {
    let sealed = Sealed::new().await;
    let test = audit::self_test(&sealed.session, &SCHEMA, &Dialect::Sealed, &sealed.logins()).await.unwrap();
    assert!(test.is_proof() && test.kinds > 30, "{:#?}", test.missed);
    let logins = Logins { seal: None, ..sealed.logins() };
    let error = audit::self_test(&sealed.session, &SCHEMA, &Dialect::Sealed, &logins).await.refused();
    assert!(error.is_config() && error.to_string().contains("key that seals"), "{error}");
}

#[tokio::test]
async fn policies_that_ask_for_no_seal_fail_the_audit() {
    let sealed = Sealed::new().await;
    let plain = "ALTER POLICY actions_app ON actions \
                 USING (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid))";
    sealed.test.sql(Login::Owner, plain).await.unwrap();
    let report = sealed.audit(&sealed.logins()).await;
    assert_eq!(failures(&report, Part::Catalogue), ["policy-using: policy actions_app on public.actions"]);
    assert_eq!(failures(&report, Part::Matrix), Vec::<String>::new(), "no session of the matrix forges its tenant");
    assert_eq!(failures(&report, Part::Escalation), ["escalation-set-config: role waygate_app"]);
    let told = |one: &&Finding| one.rule == "escalation-set-config";
    let told = report.findings.iter().find(told).unwrap();
    assert!(told.what.contains("public.actions") && !told.what.contains("public.integrations"), "{}", told.what);
}

#[tokio::test]
async fn a_function_that_believes_the_setting_fails_the_audit() {
    let sealed = Sealed::new().await;
    let believing = "CREATE OR REPLACE FUNCTION waygate.sealed_tenant() RETURNS uuid \
                     LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp \
                     AS $$ BEGIN RETURN current_setting('waygate.tenant_id')::uuid; END $$";
    sealed.test.sql(Login::Admin, believing).await.unwrap();
    let report = sealed.audit(&sealed.logins()).await;
    assert_eq!(failures(&report, Part::Catalogue), ["library-function: function waygate.sealed_tenant()"]);
    assert_eq!(failures(&report, Part::Escalation), ["escalation-set-config: role waygate_app"]);
}

#[tokio::test]
async fn without_the_key_a_sealed_database_is_not_proven() {
    let sealed = Sealed::new().await;
    let waygate = Waygate::on(sealed.test.scratch.urls()).var("WAYGATE_DIALECT", "sealed");
    let ended = waygate.run(&["audit"]);
    assert_eq!(ended.code, 4, "{}{}", ended.stdout, ended.stderr);
    for part in ["probe", "matrix", "escalation"] {
        let line = format!("not run: {part}, because WAYGATE_TENANT_SEAL_KEY is not set");
        assert!(ended.stdout.contains(&line), "{}", ended.stdout);
    }
    let printed = waygate.var("WAYGATE_TENANT_SEAL_KEY", &sealed.key).prints(&["audit"]);
    assert!(printed.contains("; isolation is proven"), "{printed}");
    // A database whose keys are others refuses the seal, so that the controls fail and nothing is proven.
    let other = Arc::new(SealKey::from_base64(&SealKey::fresh_var().unwrap().1).unwrap());
    let report = sealed.audit(&Logins { seal: Some(other), ..sealed.logins() }).await;
    assert!(report.matrix.count(Outcome::ControlFailed) > 0 && !report.is_proof(Severity::Failure));
}
