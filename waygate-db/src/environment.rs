//! Every environment variable the library reads, and where their values come from.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::url::DatabaseUrl;

/// An administrator's (or the migrator's) URL; read by the commands and the tests, never by a running service.
pub const DATABASE_URL: &str = "DATABASE_URL";
/// The URL of the tenants' login, `waygate_app`.
pub const WAYGATE_APP_URL: &str = "WAYGATE_APP_URL";
/// The URL of the service's own login, `waygate_service`.
pub const WAYGATE_SERVICE_URL: &str = "WAYGATE_SERVICE_URL";
/// The URL that migrations use, `waygate_migrator`; falls back to `DATABASE_URL`.
pub const WAYGATE_MIGRATOR_URL: &str = "WAYGATE_MIGRATOR_URL";
/// What the name of every key-encryption key begins with; the key's id follows.
pub const WAYGATE_KEK_PREFIX: &str = "WAYGATE_KEK_";
/// The id of the key-encryption key that new data keys are wrapped with.
pub const WAYGATE_KEK_CURRENT: &str = "WAYGATE_KEK_CURRENT";
/// Who keeps the key-encryption keys: `env`, `file` or `vault`.
pub const WAYGATE_KEY_PROVIDER: &str = "WAYGATE_KEY_PROVIDER";
/// The folder of the keys' files, for the provider `file`.
pub const WAYGATE_KEY_DIR: &str = "WAYGATE_KEY_DIR";
/// Where Vault listens, for the provider `vault`.
pub const WAYGATE_VAULT_ADDR: &str = "WAYGATE_VAULT_ADDR";
/// The token that is shown to Vault.
pub const WAYGATE_VAULT_TOKEN: &str = "WAYGATE_VAULT_TOKEN";
/// The file with the token that is shown to Vault, which an agent may renew.
pub const WAYGATE_VAULT_TOKEN_FILE: &str = "WAYGATE_VAULT_TOKEN_FILE";
/// The name of Vault's key that new data keys are wrapped under.
pub const WAYGATE_VAULT_KEY: &str = "WAYGATE_VAULT_KEY";
/// Where the transit engine is mounted in Vault.
pub const WAYGATE_VAULT_MOUNT: &str = "WAYGATE_VAULT_MOUNT";
/// The namespace in Vault.
pub const WAYGATE_VAULT_NAMESPACE: &str = "WAYGATE_VAULT_NAMESPACE";
/// The folder of the PostgreSQL binaries that a private server is started from.
pub const WAYGATE_PG_BIN: &str = "WAYGATE_PG_BIN";
/// The kind of server that the database is on.
pub const WAYGATE_DIALECT: &str = "WAYGATE_DIALECT";
/// The key that seals a session's tenant.
pub const WAYGATE_TENANT_SEAL_KEY: &str = "WAYGATE_TENANT_SEAL_KEY";

/// An administrator's URL of the server on which throw-away databases are made to compare schemas in.
pub const WAYGATE_SHADOW_URL: &str = "WAYGATE_SHADOW_URL";
/// A file of SQL that an administrator runs first in each of those databases.
pub const WAYGATE_SHADOW_INIT: &str = "WAYGATE_SHADOW_INIT";

/// The files that fill in what the process environment leaves open, the stronger first.
const FILES: [&str; 2] = [".env.local", ".env"];

/// The library's variables: the process environment, over `.env.local`, over `.env` of the current folder.
///
/// The process environment is read and never changed. An empty value counts as unset and still hides the files' value,
/// so `DATABASE_URL= waygate demo` runs without it. Other programs' variables are not kept.
#[derive(Clone, Default)]
pub struct Environment {
    vars: BTreeMap<String, String>,
}

impl Environment {
    /// Reads the process environment and the files of the current folder.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when a file cannot be read or has a line that is no assignment, or when one of
    /// the library's variables is not Unicode. The text names file and line, or the variable, and no value.
    pub fn load() -> Result<Self> {
        Self::load_from(Path::new(""), env::vars_os())
    }

    /// An environment of exactly these variables.
    pub fn from_vars<K: Into<String>, V: Into<String>>(vars: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { vars: vars.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }

    /// Reads the files of a folder under these variables, which win.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn load_from(folder: &Path, process: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self> {
        let mut vars = BTreeMap::new();
        for (name, value) in process {
            let Some(name) = name.to_str().filter(|name| is_ours(name)) else { continue };
            let value = value.into_string().map_err(|_| {
                Error::new(Kind::Config, format!("the environment variable {name} is not Unicode"))
                    .help(format!("set {name} to plain text, or unset it"))
            })?;
            vars.insert(name.to_owned(), value);
        }
        for file in FILES {
            for (name, value) in read_file(&folder.join(file))? {
                vars.entry(name).or_insert(value);
            }
        }
        Ok(Self { vars })
    }

    /// The value of a variable, if it is set and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The URL in a variable, if it is set.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when the value is no database URL; the text names the variable.
    pub fn url(&self, name: &str) -> Result<Option<DatabaseUrl>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|error: Error| {
            let named = Error::new(Kind::Config, format!("{name}: {}", error.message()));
            match error.advice() {
                Some(advice) => named.help(advice),
                None => named,
            }
        })
    }

    /// The same variables with this one, over whatever it was.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut vars = self.vars.clone();
        vars.insert(name.to_owned(), value.to_owned());
        Self { vars }
    }

    /// All variables that are set, with their values, in the order of their names.
    pub fn vars(&self) -> impl Iterator<Item = (&str, &str)> {
        self.vars.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|(_, value)| !value.is_empty())
    }
}

impl fmt::Debug for Environment {
    /// Names alone: the values are passwords and keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.vars.keys()).finish()
    }
}

fn is_ours(name: &str) -> bool {
    name == DATABASE_URL || name.starts_with("WAYGATE_")
}

/// The library's variables in a file; none when there is no such file. A name that stands twice keeps its last value.
fn read_file(path: &Path) -> Result<BTreeMap<String, String>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => {
            return Err(Error::new(Kind::Config, format!("{} cannot be read", path.display())).caused_by(error));
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut vars = BTreeMap::new();
    for pair in dotenvy::from_read_iter(text.as_bytes()) {
        let (name, value) = pair.map_err(|error| syntax_error(path, text, &error))?;
        if is_ours(&name) {
            vars.insert(name, value);
        }
    }
    Ok(vars)
}

/// Says where the file is wrong. The parser's own error quotes the line, which may be a secret, so it is no cause here.
fn syntax_error(path: &Path, text: &str, error: &dotenvy::Error) -> Error {
    let place = match error {
        dotenvy::Error::LineParse(line, _) => match text.find(line.as_str()) {
            Some(at) => format!("line {}", text.split_at(at).0.matches('\n').count() + 1),
            None => "a line".to_owned(),
        },
        _ => "a line".to_owned(),
    };
    Error::new(Kind::Config, format!("{}: {place} is not NAME=value", path.display()))
        .help("put a value with spaces, quotes, # or $ into single quotes")
}
