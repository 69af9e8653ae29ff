//! A server for demos, tests and benches: a private one, or the one that `DATABASE_URL` names, left as it was found.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use tokio::sync::Mutex;

use crate::environment::{DATABASE_URL, Environment, WAYGATE_APP_URL, WAYGATE_MIGRATOR_URL, WAYGATE_SERVICE_URL};
use crate::error::{Error, Kind, Result};
use crate::url::DatabaseUrl;

use super::database::{connect, create_database, prepare_database};
use super::roles::{self, Passwords};
use super::{LocalOptions, LocalServer, Scratch};

/// What marks a role that a cluster made on a server of somebody else's, so that the last one to leave drops it.
const MARK: &str = "made for a throw-away database; dropped with the last one";
/// How often a database is tried, while another process may be dropping the roles.
const ATTEMPTS: usize = 5;

/// A server on which throw-away databases are made.
///
/// ```no_run
/// use std::sync::Arc;
/// use waygate_db::{Environment, local::Cluster};
///
/// # async fn example() -> waygate_db::Result<()> {
/// let cluster = Arc::new(Cluster::open(&Environment::load()?, |stage| eprintln!("{stage}")).await?);
/// let database = cluster.create("waygate_demo").await?;
/// println!("{}", database.urls().app);
/// database.drop().await?;
/// cluster.close().await
/// # }
/// ```
#[derive(Debug)]
pub struct Cluster {
    /// `None` when the server is somebody else's.
    private: Option<LocalServer>,
    urls: Urls,
    made: AtomicU64,
    left: AtomicBool,
}

/// The URLs of one database: each login's, and the administrator's.
#[derive(Debug, Clone)]
pub struct Urls {
    /// Of the administrator, who creates roles and databases.
    pub admin: DatabaseUrl,
    /// Of `waygate_migrator`, who deploys.
    pub migrator: DatabaseUrl,
    /// Of `waygate_app`, the tenants' login.
    pub app: DatabaseUrl,
    /// Of `waygate_service`, the service's login.
    pub service: DatabaseUrl,
}

impl Urls {
    /// The logins' URLs on this server, without passwords: for servers that trust local logins.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when a URL cannot be derived.
    pub fn derive(admin: &DatabaseUrl) -> Result<Self> {
        let login = |role: &str| Ok::<_, Error>(admin.with_user(role)?.with_password(None));
        Ok(Self {
            admin: admin.clone(),
            migrator: login(roles::MIGRATOR)?,
            app: login(roles::APP)?,
            service: login(roles::SERVICE)?,
        })
    }

    /// The same logins on another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        Self {
            admin: self.admin.with_database(database),
            migrator: self.migrator.with_database(database),
            app: self.app.with_database(database),
            service: self.service.with_database(database),
        }
    }

    /// The same URLs with the passwords of the logins that were created just now.
    #[must_use]
    pub(crate) fn with_passwords(mut self, passwords: &Passwords, created: &[&str]) -> Self {
        let logins =
            [(&mut self.migrator, roles::MIGRATOR), (&mut self.app, roles::APP), (&mut self.service, roles::SERVICE)];
        for (url, role) in logins {
            if created.contains(&role) {
                *url = url.with_password(passwords.of(role).map(super::roles::Password::expose));
            }
        }
        self
    }
}

impl Cluster {
    /// Opens the server that `DATABASE_URL` names, or starts a private one, and sees to the roles.
    ///
    /// # Errors
    ///
    /// [`is_local`](Error::is_local) when no server is found or can be started, [`is_connect`](Error::is_connect) when
    /// the given one is out of reach, [`is_config`](Error::is_config) when its roles exist and can be used neither by
    /// trust nor by the URLs.
    pub async fn open(environment: &Environment, report: impl Fn(&str) + Send + Sync + 'static) -> Result<Self> {
        match environment.url(DATABASE_URL)? {
            Some(admin) => Self::on_given(admin, environment).await,
            None => Self::private(LocalOptions::from_environment(environment).on_progress(report)).await,
        }
    }

    /// This process's cluster, opened by the first who asks: for tests, which share one.
    ///
    /// A private server stays until the process ends; another's is left when nobody uses it any more.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn shared(environment: &Environment) -> Result<Arc<Self>> {
        static PRIVATE: Mutex<Option<Arc<Cluster>>> = Mutex::const_new(None);
        static GIVEN: Mutex<Weak<Cluster>> = Mutex::const_new(Weak::new());
        if environment.get(DATABASE_URL).is_none() {
            let mut private = PRIVATE.lock().await;
            if let Some(cluster) = &*private {
                return Ok(Arc::clone(cluster));
            }
            let cluster = Arc::new(Self::open(environment, |_| {}).await?);
            *private = Some(Arc::clone(&cluster));
            return Ok(cluster);
        }
        let mut given = GIVEN.lock().await;
        if let Some(cluster) = given.upgrade() {
            return Ok(cluster);
        }
        let cluster = Arc::new(Self::open(environment, |_| {}).await?);
        *given = Arc::downgrade(&cluster);
        Ok(cluster)
    }

    /// Starts a private server with these options.
    ///
    /// # Errors
    ///
    /// [`is_local`](Error::is_local) when no server is found or can be started.
    pub async fn private(options: LocalOptions) -> Result<Self> {
        let server = LocalServer::start(options).await?;
        let admin = connect(&server.admin_url()).await?;
        roles::ensure_roles(&admin, &Passwords::default()).await?;
        let urls = Urls::derive(&server.admin_url())?;
        Ok(Self { private: Some(server), urls, made: AtomicU64::new(0), left: AtomicBool::new(false) })
    }

    async fn on_given(admin: DatabaseUrl, environment: &Environment) -> Result<Self> {
        let mut urls = Urls::derive(&admin)?;
        for (url, variable) in [
            (&mut urls.migrator, WAYGATE_MIGRATOR_URL),
            (&mut urls.app, WAYGATE_APP_URL),
            (&mut urls.service, WAYGATE_SERVICE_URL),
        ] {
            if let Some(given) = environment.url(variable)? {
                *url = given;
            }
        }
        let mut cluster = Self { private: None, urls, made: AtomicU64::new(0), left: AtomicBool::new(false) };
        cluster.make_roles().await?;
        cluster.check_logins().await?;
        Ok(cluster)
    }

    /// Creates missing roles with passwords of this process's, and marks them for removal.
    async fn make_roles(&mut self) -> Result<()> {
        let admin = connect(&self.urls.admin).await?;
        let passwords = Passwords::random()?;
        let created = roles::ensure_roles(&admin, &passwords).await?;
        for role in &created {
            admin.batch_execute(&format!("COMMENT ON ROLE {role} IS '{MARK}'")).await?;
        }
        self.urls = self.urls.clone().with_passwords(&passwords, &created);
        Ok(())
    }

    async fn check_logins(&self) -> Result<()> {
        let Urls { admin, migrator, app, service } = self.urls.with_database(self.urls.admin.database());
        for url in [migrator, app, service] {
            if let Err(error) = connect(&url).await {
                return Err(Error::new(Kind::Config, format!("the role \"{}\" exists on {} but cannot log in here", url.user(), admin.host()))
                    .help("set WAYGATE_MIGRATOR_URL, WAYGATE_APP_URL and WAYGATE_SERVICE_URL, or unset DATABASE_URL to use a private server")
                    .caused_by(error));
            }
        }
        Ok(())
    }

    /// The logins' URLs, on the administrator's own database.
    #[must_use]
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// What the server is, for people: its version when it is private, else where it is.
    #[must_use]
    pub fn description(&self) -> String {
        match &self.private {
            Some(server) => format!("PostgreSQL {}, private, on a socket", server.version()),
            None => format!("PostgreSQL on {}", self.urls.admin.host()),
        }
    }

    /// Creates an empty database of a new name that starts with `prefix`.
    ///
    /// # Errors
    ///
    /// [`is_permission_denied`](Error::is_permission_denied) when the administrator may not create databases.
    pub async fn create(self: &Arc<Self>, prefix: &str) -> Result<Scratch> {
        self.create_from(prefix, None).await
    }

    /// Creates a database as a copy of another, to which nobody may be connected.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create); `55006` when somebody is connected to the template.
    pub async fn copy(self: &Arc<Self>, prefix: &str, template: &str) -> Result<Scratch> {
        self.create_from(prefix, Some(template)).await
    }

    /// The URLs of a database of this name, created now if it is not there. It is kept when the cluster closes.
    ///
    /// # Errors
    ///
    /// [`is_permission_denied`](Error::is_permission_denied) when the administrator may not create databases.
    pub async fn keep_database(&self, name: &str) -> Result<Urls> {
        let admin = connect(&self.urls.admin).await?;
        match create_database(&admin, name, None).await {
            // It is there: a project's server keeps it from one run to the next.
            Err(error) if error.code() == Some("42P04") => {}
            result => result?,
        }
        let urls = self.urls.with_database(name);
        prepare_database(&connect(&urls.admin).await?).await?;
        Ok(urls)
    }

    async fn create_from(self: &Arc<Self>, prefix: &str, template: Option<&str>) -> Result<Scratch> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let random = uuid::Uuid::new_v4().simple().to_string();
        let name = format!("{prefix}_{}_{number}", random.get(..12).unwrap_or(&random));
        let admin = connect(&self.urls.admin).await?;
        let mut attempt = 1;
        loop {
            match create_database(&admin, &name, template).await {
                // Another process dropped the roles it had made, between our look and now.
                Err(error) if attempt < ATTEMPTS && (error.is_role_missing() || error.is_undefined_object()) => {
                    roles::ensure_roles(&admin, &Passwords::default()).await?;
                    attempt += 1;
                }
                result => break result?,
            }
        }
        let urls = self.urls.with_database(&name);
        prepare_database(&connect(&urls.admin).await?).await?;
        Ok(Scratch::new(Arc::clone(self), name, urls))
    }

    /// Leaves the server as it was found; dropping the cluster does the same, without saying whether it worked.
    ///
    /// A private server stops with its last handle. On another's, the roles that were made are dropped, unless they are
    /// still in use.
    ///
    /// # Errors
    ///
    /// Those of the connection.
    pub async fn close(&self) -> Result<()> {
        if self.private.is_some() || self.left.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        drop_marked_roles(&self.urls.admin).await
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.private.is_some() || self.left.swap(true, Ordering::AcqRel) {
            return;
        }
        let admin = self.urls.admin.clone();
        aside(async move { drop_marked_roles(&admin).await }, "roles that were made here could not be dropped");
    }
}

/// Drops the roles if all of them carry the mark. One statement, so all or none: a role that somebody still uses keeps
/// all of them.
async fn drop_marked_roles(admin: &DatabaseUrl) -> Result<()> {
    let drop = format!(
        "DO $$ BEGIN
           IF (SELECT count(*) FROM pg_roles
               WHERE rolname IN ({names}) AND shobj_description(oid, 'pg_authid') = '{MARK}') = {count} THEN
             DROP ROLE {roles};
           END IF;
         EXCEPTION WHEN dependent_objects_still_exist OR undefined_object THEN NULL;
         END $$",
        names = roles::names().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", "),
        roles = roles::names().collect::<Vec<_>>().join(", "),
        count = roles::names().count(),
    );
    connect(admin).await?.batch_execute(&drop).await?;
    Ok(())
}

/// Runs work to its end on a thread of its own: dropping a value cannot wait on the runtime it is dropped in.
pub(super) fn aside(work: impl Future<Output = Result<()>> + Send + 'static, on_failure: &str) {
    let thread = std::thread::spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::new(Kind::Io, "no runtime could be started").caused_by(error))?;
        runtime.block_on(work)
    });
    if let Ok(Err(error)) = thread.join() {
        tracing::warn!(%error, "{on_failure}");
    }
}
