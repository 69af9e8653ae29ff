//! `seal`: the keys that a sealed database verifies its tenants' seals with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use super::env_file::EnvFile;
use super::{Reporting, connect, print, print_json, table};
use crate::crypto::SealKey;
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::seal;
use crate::session::Maintenance;

/// Keys that seal the tenant of each transaction, in databases of the dialect `sealed`.
#[derive(Debug, Subcommand)]
pub enum Seal {
    /// Make a key, tell the database, and write it to an env file
    New {
        /// Where the key goes
        #[arg(long, default_value = ".env.local", value_name = "PATH")]
        env_file: PathBuf,
    },
    /// List the keys that the database knows, by their ids
    List {
        #[command(flatten)]
        reporting: Reporting,
    },
    /// Let the database forget a key, once no application seals with it any more
    Retire {
        /// The key's id, as `seal list` shows it
        id: String,
    },
}

impl Seal {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let session = connect::migrator(&Environment::load()?).await?;
        let result = match self {
            Self::New { env_file } => make(&session, &env_file).await,
            Self::List { reporting } => list(seal::list(&session).await?, reporting),
            Self::Retire { id } => retire(seal::retire(&session, &id).await?),
        };
        session.close().await;
        result.map(|()| ExitCode::SUCCESS)
    }
}

async fn make(session: &Maintenance, env_file: &Path) -> Result<()> {
    let mut file = EnvFile::read(env_file)?;
    let (variable, value) = SealKey::fresh_var()?;
    let key = SealKey::from_base64(&value)?;
    // The database first: an application with a key that the database does not know reaches nothing.
    seal::register(session, &key).await?;
    file.set(&variable, &value);
    file.write(env_file)?;
    print(format_args!("key {} is in {} as {variable}", key.id(), env_file.display()));
    Ok(())
}

fn list(keys: Vec<seal::Registered>, reporting: Reporting) -> Result<()> {
    if reporting.json {
        return print_json(&keys);
    }
    let mut out = table(&["key", "since"]);
    for key in keys {
        out.add_row([key.id, key.created_at.format("%Y-%m-%d %H:%M:%S").to_string()]);
    }
    print(out);
    Ok(())
}

fn retire(known: bool) -> Result<()> {
    if !known {
        return Err(Error::new(Kind::Config, "the database knows no key of this id").help("`seal list` shows the ids"));
    }
    print("retired: what is sealed with it is refused from now on");
    Ok(())
}
