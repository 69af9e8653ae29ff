//! Throw-away databases that histories are replayed into and models are rendered into, so that one server describes both.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::deploy::{DeployOptions, deploy};
use super::file::Migration;
use super::snapshot::without_ledger;
use crate::catalog::{Catalog, differences, settle};
use crate::environment::{DATABASE_URL, Environment, WAYGATE_SHADOW_INIT, WAYGATE_SHADOW_URL};
use crate::error::{Error, Kind, Result};
use crate::local::{Cluster, LocalOptions, Scratch, database, roles, run_sql};
use crate::schema::{Dialect, Schema};
use crate::session::Maintenance;
use crate::sql::schema_sql;
use crate::url::DatabaseUrl;

/// What throw-away databases are called; the second in which they were made, and a random word, follow.
const PREFIX: &str = "waygate_shadow";
/// The age at which one of them is nobody's any more, in seconds.
const ABANDONED: u64 = 3_600;
const MAY_CREATE: &str = "SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user";

/// A server on which throw-away databases are made.
///
/// It is the one that `WAYGATE_SHADOW_URL` names, else that of `DATABASE_URL` if that login may create databases, else a
/// private one. What a killed process left behind goes with the next [`open`](Self::open) an hour later.
#[derive(Debug, Clone)]
pub struct Shadows {
    cluster: Arc<Cluster>,
    dialect: Dialect,
    /// What an administrator runs first in each: the roles and extensions that the migrations count on.
    init: Option<String>,
}

/// A throw-away database, dropped with this value.
#[derive(Debug)]
pub struct Shadow {
    session: Maintenance,
    scratch: Scratch,
}

impl Shadows {
    /// Finds or starts the server, for a history of this kind.
    ///
    /// # Errors
    ///
    /// [`is_local`](Error::is_local) when no server can be started, [`is_connect`](Error::is_connect) when the given one
    /// is out of reach, [`is_config`](Error::is_config) when its login may not create databases.
    pub async fn open(environment: &Environment, dialect: &Dialect) -> Result<Self> {
        let init = environment.get(WAYGATE_SHADOW_INIT).map(PathBuf::from);
        let init = init.map(|file| read(&file)).transpose()?;
        let cluster = Arc::new(cluster(environment, dialect).await?);
        sweep(&cluster.urls().admin).await;
        Ok(Self { cluster, dialect: dialect.clone(), init })
    }

    /// The same server for a history of another kind.
    #[must_use]
    pub fn of(&self, dialect: &Dialect) -> Self {
        Self { dialect: dialect.clone(), ..self.clone() }
    }

    /// An empty database.
    ///
    /// # Errors
    ///
    /// The server's refusals; [`is_config`](Error::is_config) where the kind of server lacks what it needs.
    pub async fn empty(&self) -> Result<Shadow> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let scratch = self.cluster.create(&format!("{PREFIX}_{now}")).await?;
        let admin = &scratch.urls().admin;
        if let Some(init) = &self.init {
            run_sql(admin, init).await.map_err(|error| {
                Error::new(Kind::Config, format!("the file of {WAYGATE_SHADOW_INIT} failed")).caused_by(error)
            })?;
        } else if self.dialect == Dialect::Citus {
            run_sql(admin, "CREATE EXTENSION IF NOT EXISTS citus").await.map_err(|error| {
                Error::new(
                    Kind::Config,
                    "a history for Citus is replayed on a server that has it, and this one has not",
                )
                .help(format!("set {WAYGATE_SHADOW_URL} to an administrator's URL of such a server"))
                .caused_by(error)
            })?;
        }
        let session = Maintenance::connect(&scratch.urls().migrator.to_config()).await?;
        Ok(Shadow { session, scratch })
    }

    /// A database that these migrations were replayed into.
    ///
    /// # Errors
    ///
    /// As [`deploy`]; the text says that it was a replay.
    pub async fn history(&self, migrations: &[Migration]) -> Result<Shadow> {
        let mut shadow = self.empty().await?;
        shadow.replay(migrations).await?;
        Ok(shadow)
    }

    /// A database that these models were rendered into.
    ///
    /// # Errors
    ///
    /// The server's refusals, which only a model's own SQL can cause.
    pub async fn models(&self, schema: &Schema) -> Result<Shadow> {
        let shadow = self.empty().await?;
        shadow.run(&schema_sql(schema, &self.dialect)).await.map_err(|error| {
            Error::new(Kind::MigrationFailed, "the server refuses what the models say")
                .help("look at the SQL that the models hold, as `default = sql(…)`; `schema sql` prints all")
                .caused_by(error)
        })?;
        Ok(shadow)
    }
}

impl Shadow {
    /// Applies what is pending of these migrations, as a deploy does.
    ///
    /// # Errors
    ///
    /// As [`deploy`].
    pub async fn replay(&mut self, migrations: &[Migration]) -> Result<()> {
        deploy(&mut self.session, migrations, DeployOptions::default(), &mut |_| {}).await.map(drop)
    }

    /// Runs a script as the owner, in one transaction.
    pub(crate) async fn run(&self, sql: &str) -> Result<()> {
        self.session.run(sql).await.map_err(Error::from)
    }

    /// The session of the owner, to change the database by.
    #[cfg(feature = "cli")]
    pub(crate) fn session_mut(&mut self) -> &mut Maintenance {
        &mut self.session
    }

    /// The session of the owner.
    pub(crate) fn session(&self) -> &Maintenance {
        &self.session
    }

    /// What the database holds beside the runner's own tables.
    ///
    /// # Errors
    ///
    /// [`is_connection_lost`](Error::is_connection_lost).
    pub async fn catalog(&self) -> Result<Catalog> {
        Catalog::read(&self.session).await.map(without_ledger)
    }

    /// Drops the database, and says whether it worked.
    ///
    /// # Errors
    ///
    /// Those of the connection.
    pub async fn drop(self) -> Result<()> {
        self.session.close().await;
        self.scratch.drop().await
    }
}

/// Two catalogs of these sessions' databases, with the second printing of the expressions in which they seem to differ.
///
/// # Errors
///
/// As [`settle`].
pub(crate) async fn settled(
    one: (&Maintenance, Catalog),
    other: (&Maintenance, Catalog),
) -> Result<(Catalog, Catalog)> {
    let differing = differences(&one.1, &other.1);
    if differing.is_empty() {
        return Ok((one.1, other.1));
    }
    Ok((settle(one.0, &one.1, &differing).await?, settle(other.0, &other.1, &differing).await?))
}

async fn cluster(environment: &Environment, dialect: &Dialect) -> Result<Cluster> {
    let given = match environment.url(WAYGATE_SHADOW_URL)? {
        Some(url) => Some((url, true)),
        None => environment.url(DATABASE_URL)?.map(|url| (url, false)),
    };
    // The roles of Supabase's platform are made on a server of our own alone.
    let is_platform = matches!(dialect, Dialect::Supabase(_));
    if let Some((url, is_meant)) = given.filter(|(_, is_meant)| *is_meant || !is_platform) {
        let admin = database::connect(&url).await?;
        let may = run_sql(&url, MAY_CREATE).await?;
        drop(admin);
        if may.first().and_then(|row| row.first()).is_some_and(|answer| answer.as_deref() == Some("t")) {
            let environment = environment.with(DATABASE_URL, &url.expose());
            return Cluster::open(&environment, |_| {}).await;
        }
        if is_meant {
            let message = format!("the login {} of {WAYGATE_SHADOW_URL} may not create databases", url.user());
            return Err(Error::new(Kind::Config, message)
                .help(format!("run ALTER ROLE {} CREATEDB as an administrator, or name another login", url.user())));
        }
    }
    let cluster = Cluster::private(LocalOptions::from_environment(environment)).await.map_err(|error| {
        let message = "histories are replayed in a throw-away database, and there is no server to make one on";
        Error::new(Kind::Local, message)
            .help(format!(
                "set {WAYGATE_SHADOW_URL} to a login that may create databases, or install PostgreSQL's server"
            ))
            .caused_by(error)
    })?;
    if is_platform {
        let admin = database::connect(&cluster.urls().admin).await?;
        roles::ensure_roles_for(&admin, &roles::Passwords::default(), dialect).await?;
    }
    Ok(cluster)
}

/// Drops the databases of processes that were killed.
async fn sweep(admin: &DatabaseUrl) {
    let sql = format!(
        "SELECT datname FROM pg_database d WHERE datname ~ '^{PREFIX}_[0-9]+_' \
         AND split_part(datname, '_', 3)::bigint + {ABANDONED} < extract(epoch FROM now()) \
         AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)"
    );
    let Ok(names) = run_sql(admin, &sql).await else { return };
    let Ok(client) = database::connect(admin).await else { return };
    for name in names.into_iter().filter_map(|row| row.into_iter().next().flatten()) {
        // Another's look may have been the first; what it left is nobody's trouble.
        database::drop_database(&client, &name).await.ok();
    }
}

fn read(file: &std::path::Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|error| {
        Error::new(Kind::Io, format!("cannot read {}, which {WAYGATE_SHADOW_INIT} names", file.display()))
            .caused_by(error)
    })
}
