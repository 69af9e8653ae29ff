//! `keys`: the data keys of sealed columns, and the jobs over their cells.

mod doctor;
mod reencrypt;
mod shred;
mod words;

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use uuid::Uuid;

use super::{App, DialectArg, Reporting, connect, print, print_json, table, warn};
use crate::crypto::{KeyId, KeyPurpose};
use crate::environment::Environment;
use crate::error::Result;
use crate::keys::{self, Which};
use crate::session::ServiceScope;
use crate::value::TenantId;

use words::{counted, key_id};

/// Manage the data keys of sealed columns; `docs/keys.md` says what each command guarantees.
#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    dialect: DialectArg,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the application's own key, and the tenants' with --tenants; those that are there stay
    Init {
        /// Make a key for each tenant without one, too
        #[arg(long)]
        tenants: bool,
        #[command(flatten)]
        reporting: Reporting,
    },
    /// List the keys, with how many cells each has sealed
    List {
        #[command(flatten)]
        reporting: Reporting,
    },
    /// Put a new active key in the place of another, which then only opens
    Rotate(Rotate),
    /// Wrap data keys anew under the current key-encryption key; no cell changes
    Rewrap {
        #[command(flatten)]
        reporting: Reporting,
    },
    /// Seal every cell anew that is under an old key; exits with 4 when cells do not open, with 5 when stopped
    Reencrypt(reencrypt::Reencrypt),
    /// Remove keys that no cell is sealed under any more
    Retire(Retire),
    /// Destroy a tenant's keys, and with them all its secrets
    Shred(shred::Shred),
    /// Open cells to see whether they do; exits with 4 when one does not
    Verify(doctor::Verify),
    /// Look for everything that can be wrong with keys and cells; exits with 4 when something is broken
    Doctor(doctor::Doctor),
}

/// Which key is replaced.
#[derive(Debug, Args)]
struct Rotate {
    #[command(flatten)]
    which: WhichArg,
    /// What the key is for
    #[arg(long, value_enum, default_value_t = Purpose::Encrypt)]
    purpose: Purpose,
    #[command(flatten)]
    reporting: Reporting,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct WhichArg {
    /// A tenant's key
    #[arg(long, value_name = "ID")]
    tenant: Option<Uuid>,
    /// The application's own key
    #[arg(long)]
    app: bool,
    /// All active keys
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Purpose {
    /// Sealing values
    Encrypt,
    /// Finding sealed values
    Index,
}

/// Which keys go.
#[derive(Debug, Args)]
struct Retire {
    #[command(flatten)]
    which: RetireArg,
    /// No process that started before the rotation runs any more: do not wait for its 20 minutes
    #[arg(long)]
    writers_restarted: bool,
    #[command(flatten)]
    reporting: Reporting,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct RetireArg {
    /// The key with this id
    #[arg(long, value_name = "ID", value_parser = key_id)]
    key: Option<KeyId>,
    /// All keys that only open and have no cells
    #[arg(long)]
    all_unused: bool,
}

impl Keys {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let workers = if let Command::Reencrypt(job) = &self.command { job.workers() } else { 1 };
        let db = connect::service_of(&Environment::load()?, &self.dialect.dialect, workers).await?;
        let service = db.service(format!("{} keys {}", app.name, self.command.name()));
        let done = |()| ExitCode::SUCCESS;
        match self.command {
            Command::Init { tenants, reporting } => init(&service, app, tenants, reporting).await.map(done),
            Command::List { reporting } => list(&service, app, reporting).await.map(done),
            Command::Rotate(rotate) => rotate.run(&service).await.map(done),
            Command::Rewrap { reporting } => rewrap(&service, reporting).await,
            Command::Reencrypt(job) => job.run(&service, app).await,
            Command::Retire(retire) => retire.run(&service, app).await.map(done),
            Command::Shred(shred) => shred.run(&service, app).await.map(done),
            Command::Verify(verify) => verify.run(&service, app).await,
            Command::Doctor(doctor) => doctor.run(&service, app).await,
        }
    }
}

impl Command {
    fn name(&self) -> &'static str {
        match self {
            Self::Init { .. } => "init",
            Self::List { .. } => "list",
            Self::Rotate(_) => "rotate",
            Self::Rewrap { .. } => "rewrap",
            Self::Reencrypt(_) => "reencrypt",
            Self::Retire(_) => "retire",
            Self::Shred(_) => "shred",
            Self::Verify(_) => "verify",
            Self::Doctor(_) => "doctor",
        }
    }
}

async fn init(service: &ServiceScope, app: &App, tenants: bool, reporting: Reporting) -> Result<()> {
    let made = keys::init(service, app.schema, tenants).await?;
    if reporting.json {
        return print_json(&made);
    }
    for scope in &made.made {
        print(format_args!("made a key for {scope}"));
    }
    print(format_args!("{} made, {} there before", counted(made.made.len(), "key"), made.present));
    Ok(())
}

async fn list(service: &ServiceScope, app: &App, reporting: Reporting) -> Result<()> {
    let keys = keys::list(service, app.schema).await?;
    if reporting.json {
        return print_json(&serde_json::json!({ "keys": keys }));
    }
    let mut out = table(&["scope", "purpose", "version", "state", "wrapped by", "since", "cells", "key"]);
    for key in &keys {
        out.add_row([
            key.scope.clone(),
            key.purpose.to_owned(),
            key.version.to_string(),
            key.state.clone(),
            format!("{} {}", key.provider, key.kek),
            key.created_at.format("%Y-%m-%d %H:%M").to_string(),
            key.cells.to_string(),
            key.key.clone(),
        ]);
    }
    print(out);
    for key in keys.iter().filter(|key| key.old) {
        warn(format_args!("key {} of {} has been active for more than a year: `keys rotate`", key.key, key.scope));
    }
    Ok(())
}

impl Rotate {
    async fn run(self, service: &ServiceScope) -> Result<()> {
        let which = match (self.which.tenant, self.which.all) {
            (Some(tenant), _) => Which::Tenant(named_tenant(tenant)),
            (None, true) => Which::All,
            (None, false) => Which::App,
        };
        let purpose = match self.purpose {
            Purpose::Encrypt => KeyPurpose::Encrypt,
            Purpose::Index => KeyPurpose::Index,
        };
        let rotated = keys::rotate(service, which, purpose).await?;
        if self.reporting.json {
            return print_json(&serde_json::json!({ "rotated": rotated }));
        }
        for one in &rotated {
            let how = if one.active { "in place of" } else { "pending, to come after" };
            print(format_args!("{}: version {} ({}) {how} {}", one.scope, one.version, one.to, one.from));
        }
        if rotated.iter().any(|one| !one.active) {
            print("a pending index key is looked for at once: rotate once more in 20 minutes, and it is written with");
            return Ok(());
        }
        print(format_args!("{} rotated; `keys reencrypt` seals what is under the old", counted(rotated.len(), "key")));
        Ok(())
    }
}

async fn rewrap(service: &ServiceScope, reporting: Reporting) -> Result<ExitCode> {
    let done = keys::rewrap(service).await?;
    let code = if done.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if reporting.json {
        print_json(&done)?;
        return Ok(code);
    }
    for failed in &done.failed {
        warn(failed);
    }
    let keys = counted(done.rewrapped, "key");
    print(format_args!("{keys} wrapped anew under {}; {} were before", done.under, done.current));
    if done.failed.is_empty() {
        print("the key-encryption keys before it are needed no more, but for backups");
    }
    Ok(code)
}

impl Retire {
    async fn run(self, service: &ServiceScope, app: &App) -> Result<()> {
        let what = keys::Retire { key: self.which.key, writers_restarted: self.writers_restarted };
        let retired = keys::retire(service, app.schema, what).await?;
        if self.reporting.json {
            return print_json(&retired);
        }
        for key in &retired.removed {
            print(format_args!("removed {key}"));
        }
        for why in &retired.kept {
            print(format_args!("kept: {why}"));
        }
        print(format_args!("{} removed, {} kept", counted(retired.removed.len(), "key"), retired.kept.len()));
        Ok(())
    }
}

/// The tenant that the person at the terminal names.
#[expect(clippy::disallowed_methods, reason = "whoever runs this has the service's login, and reaches every tenant")]
fn named_tenant(id: Uuid) -> TenantId {
    TenantId::trust(id)
}
