//! Which URL a command uses: its own variable, else derived from the administrator's.

use crate::crypto::{SealKey, provider_from};
use crate::environment::{
    DATABASE_URL, Environment, WAYGATE_APP_URL, WAYGATE_KEK_CURRENT, WAYGATE_KEY_PROVIDER, WAYGATE_MIGRATOR_URL,
    WAYGATE_SERVICE_URL, WAYGATE_TENANT_SEAL_KEY,
};
use crate::error::{Error, Kind, Result};
use crate::local::Urls;
use crate::schema::Dialect;
use crate::session::{Config, Db, Maintenance};
use crate::url::DatabaseUrl;

/// The administrator's URL, for commands that cannot do without.
pub(super) fn administrator(environment: &Environment) -> Result<DatabaseUrl> {
    environment.url(DATABASE_URL)?.ok_or_else(|| {
        Error::new(Kind::Config, "DATABASE_URL is not set")
            .help("set it to an administrator's URL, such as postgres://postgres@localhost/mydb; or use `dev` for a private server")
    })
}

/// A connection that deploys: `WAYGATE_MIGRATOR_URL`, else `DATABASE_URL`.
pub(super) async fn migrator(environment: &Environment) -> Result<Maintenance> {
    Maintenance::connect(&migrator_url(environment)?.to_config()).await
}

/// The URL of that connection.
pub(super) fn migrator_url(environment: &Environment) -> Result<DatabaseUrl> {
    migrator_url_if_known(environment)?.ok_or_else(|| {
        Error::new(Kind::Config, "neither WAYGATE_MIGRATOR_URL nor DATABASE_URL is set")
            .help("`setup` writes the first to .env.local; or set the second to an administrator's URL")
    })
}

fn migrator_url_if_known(environment: &Environment) -> Result<Option<DatabaseUrl>> {
    let url = match environment.url(WAYGATE_MIGRATOR_URL)? {
        Some(url) => Some(url),
        None => environment.url(DATABASE_URL)?,
    };
    match url {
        Some(url) if url.is_pooled() => Err(Error::new(
            Kind::Config,
            "the URL says that it leads through a transaction pooler, which keeps no session's lock",
        )
        .help(format!("set {WAYGATE_MIGRATOR_URL} to the server itself, past the pooler"))),
        url => Ok(url),
    }
}

/// The same; `None` where neither is set.
pub(super) async fn migrator_if_known(environment: &Environment) -> Result<Option<Maintenance>> {
    match migrator_url_if_known(environment)? {
        Some(url) => Maintenance::connect(&url.to_config()).await.map(Some),
        None => Ok(None),
    }
}

/// The URLs of the tenants' login and the service's: their own, else derived from `DATABASE_URL`.
pub(super) fn logins(environment: &Environment) -> Result<[DatabaseUrl; 2]> {
    let app = login(environment, WAYGATE_APP_URL, |urls| urls.app)?;
    Ok([app, login(environment, WAYGATE_SERVICE_URL, |urls| urls.service)?])
}

/// The running service's own handle: its URLs and its keys.
pub(super) async fn service(environment: &Environment) -> Result<Db> {
    Db::connect(configuration(environment)?).await
}

/// The same on this kind of server, with connections for so many workers and those that claim their work.
pub(super) async fn service_of(environment: &Environment, dialect: &Dialect, workers: u16) -> Result<Db> {
    let pool = u32::from(workers) + 2;
    let mut config = configuration(environment)?.dialect(dialect.clone()).pool_size(pool);
    if let Some(seal) = environment.get(WAYGATE_TENANT_SEAL_KEY) {
        config = config.tenant_seal(SealKey::from_base64(seal)?);
    }
    Db::connect(config).await
}

fn configuration(environment: &Environment) -> Result<Config> {
    let [app, service] = logins(environment)?;
    let mut config = Config::new(app).service_url(service);
    if let Some(keys) = provider_from(environment)? {
        config = config.keys(keys);
    }
    Ok(config)
}

fn login(environment: &Environment, variable: &str, derived: fn(Urls) -> DatabaseUrl) -> Result<DatabaseUrl> {
    if let Some(url) = environment.url(variable)? {
        return Ok(url);
    }
    let admin = environment.url(DATABASE_URL)?.ok_or_else(|| {
        Error::new(Kind::Config, format!("neither {variable} nor DATABASE_URL is set"))
            .help("`setup` writes the first to .env.local; or set the second to an administrator's URL")
    })?;
    Urls::derive(&admin).map(derived)
}

/// Whether the environment says where keys are, so that none has to be made.
pub(super) fn has_keys(environment: &Environment) -> bool {
    let elsewhere = environment.get(WAYGATE_KEY_PROVIDER).is_some_and(|provider| provider.trim() != "env");
    elsewhere || environment.get(WAYGATE_KEK_CURRENT).is_some()
}
