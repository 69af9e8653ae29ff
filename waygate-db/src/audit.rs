//! The audit: isolation proven on a live database.
//!
//! - `catalogue` compares what the server has with what the models render;
//! - `probe` asks the server whether row security binds the app's login to each table;
//! - `matrix` tries every operation on every model in every state a session can be in, as two tenants;
//! - `escalation` tries the ways out of a role and a tenant;
//! - `self_test` plants holes in a copy of the tables, and each has to be found;
//! - `parts` runs them one after another, whatever one of them met;
//! - `report` holds what all of them say.
//!
//! [`run`] is all of it but the self-test, which is [`self_test()`]; [`foresee`] says what a migration would change.
//! The statements of an audit are its own: they are SQL of the catalogue, and of a tenant who means harm.

mod catalogue;
mod escalation;
mod logins;
mod matrix;
mod parts;
mod probe;
mod report;
mod self_test;

use std::sync::Arc;

use crate::crypto::SealKey;
use crate::environment::{WAYGATE_APP_URL, WAYGATE_SERVICE_URL, WAYGATE_TENANT_SEAL_KEY};
use crate::error::{Error, Kind, Result};
use crate::migrate::Migration;
use crate::schema::{Dialect, Schema};
use crate::session::{Maintenance, OWNER_AGAIN};
use crate::url::DatabaseUrl;

pub use matrix::{Cell, Context, Line, Matrix, Operation, Outcome};
pub use report::{Finding, NotRun, Part, Report, Severity};
pub use self_test::{Missed, SelfTest};

/// The logins that the parts beside the catalogue go through; without one, its parts do not run.
#[derive(Debug, Clone, Default)]
pub struct Logins {
    /// The tenants' login.
    pub app: Option<DatabaseUrl>,
    /// The service's login.
    pub service: Option<DatabaseUrl>,
    /// The key that seals a session's tenant, in the dialect [`Sealed`](Dialect::Sealed).
    pub seal: Option<Arc<SealKey>>,
}

impl Logins {
    /// Both logins, if they are given, with the key where the dialect asks for one.
    fn both(&self, dialect: &Dialect) -> Option<logins::Logins> {
        if self.lacks_seal(dialect) {
            return None;
        }
        Some(logins::Logins { app: self.app.clone()?, service: self.service.clone()? })
    }

    /// Whether a tenant cannot be set for want of a key.
    fn lacks_seal(&self, dialect: &Dialect) -> bool {
        *dialect == Dialect::Sealed && self.seal.is_none()
    }

    /// The parts that cannot run for want of a login: rows to try things on are the service's to make.
    fn missing(&self, dialect: &Dialect) -> Vec<NotRun> {
        let needed = [
            (WAYGATE_APP_URL, self.app.is_none()),
            (WAYGATE_SERVICE_URL, self.service.is_none()),
            (WAYGATE_TENANT_SEAL_KEY, self.lacks_seal(dialect)),
        ];
        let missing = needed.into_iter().filter(|(_, is_missing)| *is_missing);
        let all = [Part::Probe, Part::Matrix, Part::Escalation];
        missing.flat_map(|(name, _)| parts::not_run(all, &format!("{name} is not set"))).collect()
    }
}

/// Audits a deployed database.
///
/// The catalogue is read in one transaction, which is rolled back.
///
/// ```no_run
/// # use waygate_db::audit::{self, Logins, Severity};
/// # use waygate_db::{DatabaseUrl, Dialect, Maintenance, Result, Schema};
/// # static SCHEMA: Schema = waygate_db::schema![];
/// # async fn example(migrator: DatabaseUrl, app: DatabaseUrl, service: DatabaseUrl) -> Result<()> {
/// let session = Maintenance::connect(&migrator.to_config()).await?;
/// let logins = Logins { app: Some(app), service: Some(service), seal: None };
/// let report = audit::run(&session, &SCHEMA, &Dialect::Postgres, &logins).await?;
/// assert!(report.is_proof(Severity::Failure), "{:?}", report.findings);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`is_config`](crate::Error::is_config) in a dialect that the audit does not know, or that the database was not
/// deployed in;
/// [`is_role_missing`](crate::Error::is_role_missing); a refusal of the server when the models were never deployed; and
/// the connection's errors. What is wrong with isolation is no error: it is in the report.
pub async fn run(session: &Maintenance, models: &Schema, dialect: &Dialect, logins: &Logins) -> Result<Report> {
    require_known(dialect)?;
    parts::require_dialect(session, dialect).await?;
    let subject = Subject { seal: logins.seal.as_deref(), ..Subject::public(models, dialect) };
    let mut report = Report { not_run: logins.missing(dialect), ..Report::default() };
    report.findings = catalogue_findings(session, "", subject).await?;
    if let Some(logins) = logins.both(dialect) {
        parts::try_statements(session, subject, &logins, &mut report).await?;
    }
    Ok(report)
}

/// Audits as far as that goes without a login that reads the catalogue: nothing is proven, and the report says why.
///
/// # Errors
///
/// [`is_config`](crate::Error::is_config) in a dialect that the audit does not know, and the connection's errors.
pub async fn without_catalogue(models: &Schema, dialect: &Dialect, logins: &Logins) -> Result<Report> {
    require_known(dialect)?;
    let mut report = Report { not_run: logins.missing(dialect), ..Report::default() };
    let app = logins.app.as_ref().filter(|_| !logins.lacks_seal(dialect));
    parts::without_catalogue(Subject::public(models, dialect), app, &mut report).await?;
    Ok(report)
}

/// Plants holes in a copy of the tables, in a schema of its own that is dropped at the end, and looks whether the audit
/// finds each one.
///
/// ```no_run
/// # use waygate_db::audit::{self, Logins};
/// # use waygate_db::{Dialect, Maintenance, Result, Schema};
/// # static SCHEMA: Schema = waygate_db::schema![];
/// # async fn example(session: Maintenance, logins: Logins) -> Result<()> {
/// let test = audit::self_test(&session, &SCHEMA, &Dialect::Postgres, &logins).await?;
/// assert!(test.is_proof(), "{:?}", test.missed);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`is_config`](crate::Error::is_config) without both logins, or the key of a sealed database; and as [`run`].
pub async fn self_test(session: &Maintenance, models: &Schema, dialect: &Dialect, logins: &Logins) -> Result<SelfTest> {
    require_known(dialect)?;
    let subject = Subject { seal: logins.seal.as_deref(), ..Subject::public(models, dialect) };
    if logins.lacks_seal(dialect) {
        return Err(Error::new(Kind::Config, "the self-test of a sealed database needs the key that seals a tenant")
            .help("set WAYGATE_TENANT_SEAL_KEY; `waygate seal new` writes it to .env.local"));
    }
    let Some(logins) = logins.both(dialect) else {
        return Err(Error::new(Kind::Config, "the self-test needs the app's and the service's login")
            .help("set WAYGATE_APP_URL and WAYGATE_SERVICE_URL; `waygate setup` writes them to .env.local"));
    };
    parts::require_dialect(session, dialect).await?;
    if let Some(stray) = logins::strays(session, &logins).await?.first() {
        return Err(Error::new(Kind::Config, format!("{stray} leads to another database than the migrator's login"))
            .help("all logins have to lead to one database"));
    }
    self_test::run(session, subject, &logins).await
}

/// What the catalogue's part would find once this migration were applied. It is applied, and rolled back.
///
/// ```no_run
/// # use waygate_db::audit::{self, Severity};
/// # use waygate_db::migrate::Migration;
/// # use waygate_db::{Dialect, Maintenance, Result, Schema};
/// # static SCHEMA: Schema = waygate_db::schema![];
/// # async fn example(session: Maintenance, migration: Migration) -> Result<()> {
/// let findings = audit::foresee(&session, &SCHEMA, &Dialect::Postgres, &migration).await?;
/// assert!(findings.iter().all(|finding| finding.severity < Severity::Failure));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`is_migration_file`](crate::Error::is_migration_file) when the migration would leave its transaction, the server's
/// refusal of it, and as [`run`].
pub async fn foresee(
    session: &Maintenance,
    models: &Schema,
    dialect: &Dialect,
    migration: &Migration,
) -> Result<Vec<Finding>> {
    require_known(dialect)?;
    migration.check()?;
    catalogue_findings(session, &migration.up(), Subject::public(models, dialect)).await
}

/// What is audited: the models, in which kind of database, and the schema that the tables stand in.
///
/// The models' own tables stand in `public`; the self-test audits a copy of them elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) models: &'a Schema,
    pub(crate) dialect: &'a Dialect,
    pub(crate) namespace: &'a str,
    /// What seals a session's tenant, where that is asked for.
    pub(crate) seal: Option<&'a SealKey>,
}

impl<'a> Subject<'a> {
    /// The models' own tables.
    pub(crate) const fn public(models: &'a Schema, dialect: &'a Dialect) -> Self {
        Self { models, dialect, namespace: "public", seal: None }
    }
}

/// Refuses a kind of server that the audit was never tried on: what it cannot judge it must not prove.
fn require_known(dialect: &Dialect) -> Result<()> {
    match dialect {
        Dialect::Postgres | Dialect::Sealed | Dialect::Supabase(_) => Ok(()),
        Dialect::Citus => Err(Error::new(Kind::Config, format!("the audit cannot judge the dialect `{dialect}`"))
            .help("it knows postgres, sealed and supabase")),
    }
}

/// Runs a script and reads the catalogue, in one transaction that is rolled back.
async fn catalogue_findings(session: &Maintenance, script: &str, subject: Subject<'_>) -> Result<Vec<Finding>> {
    session.run("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
    let findings = read_catalogue(session, script, subject).await;
    let undone = session.run("ROLLBACK").await;
    let findings = findings?;
    undone?;
    Ok(findings)
}

async fn read_catalogue(session: &Maintenance, script: &str, subject: Subject<'_>) -> Result<Vec<Finding>> {
    session.run(script).await?;
    session.run(OWNER_AGAIN).await?;
    let mut findings = catalogue::server::examine(session, subject).await?;
    findings.extend(catalogue::examine(session, subject).await?);
    Ok(findings)
}
