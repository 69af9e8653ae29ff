//! The three logins: whose passwords are new, which are known, and which nobody here can use.

use crate::cli::env_file::EnvFile;
use crate::environment::{Environment, WAYGATE_APP_URL, WAYGATE_MIGRATOR_URL, WAYGATE_SERVICE_URL};
use crate::error::{Error, Kind, Result};
use crate::local::roles::{self, Passwords};
use crate::local::{Urls, database};
use crate::url::DatabaseUrl;

/// The logins' URLs, each with the variable it is written under.
pub(super) struct Logins(Vec<Login>);

struct Login {
    variable: &'static str,
    role: &'static str,
    /// `None` when the role was there before and its password is not known.
    url: Option<DatabaseUrl>,
    is_new: bool,
}

impl Logins {
    /// New roles get these passwords; the others are looked for in the environment, then tried without a password.
    pub(super) async fn find(
        environment: &Environment,
        admin: &DatabaseUrl,
        passwords: &Passwords,
        missing: &[&'static str],
    ) -> Result<Self> {
        let Urls { admin: _, migrator, app, service } = Urls::derive(admin)?.with_passwords(passwords, missing);
        let mut logins = Vec::new();
        for (variable, role, derived) in [
            (WAYGATE_APP_URL, roles::APP, app),
            (WAYGATE_SERVICE_URL, roles::SERVICE, service),
            (WAYGATE_MIGRATOR_URL, roles::MIGRATOR, migrator),
        ] {
            let is_new = missing.contains(&role);
            let url = if is_new {
                Some(derived)
            } else {
                let candidate = environment.url(variable)?.unwrap_or(derived);
                database::connect(&candidate).await.is_ok().then_some(candidate)
            };
            logins.push(Login { variable, role, url, is_new });
        }
        Ok(Self(logins))
    }

    /// Writes the URLs that are new or that neither the file nor the environment has.
    pub(super) fn write(&self, file: &mut EnvFile, environment: &Environment) {
        for Login { variable, url, is_new, .. } in &self.0 {
            let known = file.has(variable) || environment.get(variable).is_some();
            if let Some(url) = url
                && (*is_new || !known)
            {
                file.set(variable, &url.expose());
            }
        }
    }

    pub(super) fn migrator(&self) -> Option<&DatabaseUrl> {
        self.0.iter().find(|login| login.role == roles::MIGRATOR)?.url.as_ref()
    }

    /// Fails when a role was there before and nobody here knows how to log in as it.
    pub(super) fn require_all(&self) -> Result<()> {
        let unknown: Vec<_> = self.0.iter().filter(|login| login.url.is_none()).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let roles = unknown.iter().map(|login| login.role).collect::<Vec<_>>().join(", ");
        let variables = unknown.iter().map(|login| login.variable).collect::<Vec<_>>().join(", ");
        Err(Error::new(Kind::Config, format!("all is ready, but {roles} existed before and cannot log in from here"))
            .help(format!("set {variables}; an administrator gives a new password with `\\password ROLE` in psql")))
    }
}
