//! Which key provider the environment asks for.

use std::sync::Arc;

use super::env_keys::EnvKeys;
use super::file_keys::FileKeys;
use super::provider::KeyProvider;
use crate::environment::{Environment, WAYGATE_KEK_CURRENT, WAYGATE_KEY_DIR, WAYGATE_KEY_PROVIDER, WAYGATE_VAULT_ADDR};
use crate::error::{Error, Kind, Result};

const KNOWN: &str = "env, file and vault";

/// The provider that `WAYGATE_KEY_PROVIDER` names: `env`, which is the default, `file` or `vault`, made of the variables
/// that belong to it; `None` where no key is configured at all.
///
/// ```
/// use waygate_db::{Environment, FileKeys, provider_from};
///
/// # let parent = tempfile::tempdir()?;
/// # let folder = parent.path().join("keys");
/// FileKeys::create(&folder)?;
/// let folder = folder.display().to_string();
/// let environment = Environment::from_vars([("WAYGATE_KEY_PROVIDER", "file"), ("WAYGATE_KEY_DIR", &*folder)]);
/// assert_eq!(provider_from(&environment)?.as_ref().map(|keys| keys.id()), Some("file"));
///
/// assert!(provider_from(&Environment::default())?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`is_config`](Error::is_config) when the provider is unknown or one of its variables is missing or malformed,
/// [`is_key`](Error::is_key) when a key is.
pub fn provider_from(environment: &Environment) -> Result<Option<Arc<dyn KeyProvider>>> {
    let Some(provider) = environment.get(WAYGATE_KEY_PROVIDER) else { return by_default(environment) };
    match provider.trim() {
        "env" => env(environment).map(Some),
        "file" => file(environment).map(Some),
        "vault" => vault(environment).map(Some),
        unknown => Err(Error::new(Kind::Config, format!("{WAYGATE_KEY_PROVIDER} names no key provider that there is"))
            .help(suggestion(unknown))),
    }
}

fn by_default(environment: &Environment) -> Result<Option<Arc<dyn KeyProvider>>> {
    if environment.get(WAYGATE_KEK_CURRENT).is_some() {
        return env(environment).map(Some);
    }
    // Keys that are configured and not used would be missed only when a secret does not open.
    for (variable, provider) in [(WAYGATE_KEY_DIR, "file"), (WAYGATE_VAULT_ADDR, "vault")] {
        if environment.get(variable).is_some() {
            return Err(Error::new(Kind::Config, format!("{variable} is set, and {WAYGATE_KEY_PROVIDER} is not"))
                .help(format!("set {WAYGATE_KEY_PROVIDER}={provider}, or unset {variable}")));
        }
    }
    Ok(None)
}

fn env(environment: &Environment) -> Result<Arc<dyn KeyProvider>> {
    let vars = environment.vars().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(Arc::new(EnvKeys::from_vars(vars)?))
}

fn file(environment: &Environment) -> Result<Arc<dyn KeyProvider>> {
    let folder = required(environment, WAYGATE_KEY_DIR, "file", "the folder of the keys' files")?;
    Ok(Arc::new(FileKeys::open(folder)?))
}

#[cfg(feature = "vault")]
fn vault(environment: &Environment) -> Result<Arc<dyn KeyProvider>> {
    use super::vault::VaultTransit;
    use crate::environment::{
        WAYGATE_VAULT_KEY, WAYGATE_VAULT_MOUNT, WAYGATE_VAULT_NAMESPACE, WAYGATE_VAULT_TOKEN, WAYGATE_VAULT_TOKEN_FILE,
    };
    let address = required(environment, WAYGATE_VAULT_ADDR, "vault", "Vault's address, as in http://127.0.0.1:8200")?;
    let key = required(environment, WAYGATE_VAULT_KEY, "vault", "the name of a key of the transit engine")?;
    let mut keys = VaultTransit::new(address, key)?;
    match (environment.get(WAYGATE_VAULT_TOKEN), environment.get(WAYGATE_VAULT_TOKEN_FILE)) {
        (Some(_), Some(_)) => {
            return Err(Error::new(
                Kind::Config,
                format!("{WAYGATE_VAULT_TOKEN} and {WAYGATE_VAULT_TOKEN_FILE} are both set"),
            )
            .help("unset one of them; the file's token can be renewed while the service runs"));
        }
        (Some(token), None) => keys = keys.token(token)?,
        (None, Some(file)) => keys = keys.token_file(file),
        (None, None) => {}
    }
    if let Some(mount) = environment.get(WAYGATE_VAULT_MOUNT) {
        keys = keys.mount(mount)?;
    }
    if let Some(namespace) = environment.get(WAYGATE_VAULT_NAMESPACE) {
        keys = keys.namespace(namespace)?;
    }
    Ok(Arc::new(keys))
}

#[cfg(not(feature = "vault"))]
fn vault(_: &Environment) -> Result<Arc<dyn KeyProvider>> {
    Err(Error::new(Kind::Config, format!("{WAYGATE_KEY_PROVIDER} is vault, which this program was built without"))
        .help("build it with the feature `vault` of `waygate-db`"))
}

fn required<'a>(environment: &'a Environment, variable: &str, provider: &str, what: &str) -> Result<&'a str> {
    environment.get(variable).ok_or_else(|| {
        Error::new(Kind::Config, format!("{WAYGATE_KEY_PROVIDER} is {provider}, and {variable} is not set"))
            .help(format!("set {variable} to {what}"))
    })
}

/// The known providers, and the one that was probably meant. What was written is not repeated: it may be a key.
fn suggestion(unknown: &str) -> String {
    let unknown = unknown.to_ascii_lowercase();
    let meant = match unknown.as_str() {
        text if text.starts_with("env") => "env",
        text if text.starts_with("file") || text.starts_with("dir") || text.starts_with("folder") => "file",
        text if ["vault", "valut", "transit", "hashi", "openbao", "bao"].iter().any(|name| text.contains(name)) => {
            "vault"
        }
        _ => return format!("the key providers are {KNOWN}"),
    };
    format!("the key providers are {KNOWN}: set {WAYGATE_KEY_PROVIDER}={meant}")
}
