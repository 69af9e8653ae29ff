//! `tenant create`, `tenant list` and `tenant rotate-key`; `project` holds what a project gives for them.

mod grace;
mod project;

use std::io::Write;
use std::process::ExitCode;

use chrono::TimeDelta;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{App, Reporting, connect, print, print_json, table};
use crate::api_key::ApiKey;
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::session::ServiceScope;

pub use project::{KeyRotation, NewTenant, TenantFuture, TenantSummary, Tenants};

/// Make tenants, list them, replace their API keys.
#[derive(Debug, Subcommand)]
pub enum Tenant {
    /// Make a tenant and print its API key, which is shown this once
    Create(Create),
    /// List the tenants
    List {
        #[command(flatten)]
        reporting: Reporting,
    },
    /// Give a tenant another API key and print it; the present one stays live for a while
    RotateKey(RotateKey),
}

/// What makes a tenant.
#[derive(Debug, Args)]
pub struct Create {
    /// What people call it
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    name: String,
    /// Where to reach it; no other tenant has the same
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    email: String,
    #[command(flatten)]
    reporting: Reporting,
}

/// What replaces a key.
#[derive(Debug, Args)]
pub struct RotateKey {
    /// The tenant's id or email
    #[arg(value_name = "ID_OR_EMAIL", value_parser = NonEmptyStringValueParser::new())]
    tenant: String,
    /// How long the present key stays live: 30m, 12h, 7d; 0 ends it at once
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = grace::parse)]
    grace: TimeDelta,
    #[command(flatten)]
    reporting: Reporting,
}

impl Tenant {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let Some(tenants) = app.tenants else {
            return Err(Error::new(Kind::Config, format!("{} has no tenants", app.name)).help("give its `App` some"));
        };
        match self {
            Self::Create(create) => create.run(app, tenants).await?,
            Self::List { reporting } => {
                let list = (tenants.list)(&service(app, "list").await?).await?;
                print_list(&list, reporting)?;
            }
            Self::RotateKey(rotate) => rotate.run(app, tenants).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Create {
    async fn run(self, app: &App, tenants: Tenants) -> Result<()> {
        let Self { name, email, reporting } = self;
        let key = ApiKey::generate()?;
        let service = service(app, "create").await?;
        let tenant = (tenants.create)(&service, NewTenant { name, email, key_hash: key.hash() }).await;
        let tenant = tenant.map_err(|error| if error.is_unique_violation() { taken(app, error) } else { error })?;
        Handover { tenant, api_key: key.expose() }.print(app, reporting, None)
    }
}

impl RotateKey {
    async fn run(self, app: &App, tenants: Tenants) -> Result<()> {
        let Self { tenant, grace, reporting } = self;
        if !grace.is_zero() {
            require_place_for_previous_key(app)?;
        }
        let key = ApiKey::generate()?;
        let service = service(app, "rotate-key").await?;
        let rotation = KeyRotation { tenant, key_hash: key.hash(), grace };
        let tenant = (tenants.rotate_key)(&service, rotation).await?.ok_or_else(|| {
            Error::new(Kind::NotFound, "no tenant has this id or email")
                .help(format!("`{} tenant list` shows them", app.name))
        })?;
        let fate = match tenant.previous_key_until {
            Some(until) => format!("The key before stays live until {}.", until.format("%Y-%m-%d %H:%M:%S UTC")),
            None => "The key before is dead.".to_owned(),
        };
        Handover { tenant, api_key: key.expose() }.print(app, reporting, Some(&fate))
    }
}

/// A scope of the service that says which command it acts for.
async fn service(app: &App, command: &str) -> Result<ServiceScope> {
    let db = connect::service(&Environment::load()?).await?;
    Ok(db.service(format!("{} tenant {command}", app.name)))
}

fn taken(app: &App, error: Error) -> Error {
    Error::new(Kind::Server, "another tenant has this email; none was made")
        .help(format!("give another email, or see `{} tenant list`", app.name))
        .reported(error.into_report())
}

/// Without columns for it, the present key could only end at once.
fn require_place_for_previous_key(app: &App) -> Result<()> {
    let login = app.schema.tables().find_map(|table| table.login);
    if login.is_some_and(|login| login.previous.is_some()) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Config,
        format!("{}'s tenant table has no columns for a key before the present one", app.name),
    )
    .help("name them, as in `#[model(login(previous = …, until = …))]`; or end the present key with --grace 0"))
}

/// A tenant with its new key, on the way to whoever asked for it.
#[derive(Serialize)]
struct Handover<'a> {
    #[serde(flatten)]
    tenant: TenantSummary,
    api_key: &'a str,
}

impl Handover<'_> {
    /// Prints the key, the one time that it is seen.
    fn print(&self, app: &App, reporting: Reporting, fate: Option<&str>) -> Result<()> {
        let text = if reporting.json {
            serde_json::to_string_pretty(self)
                .map_err(|error| Error::new(Kind::Encode, "the report has no JSON form").caused_by(error))?
        } else {
            let Self { tenant: TenantSummary { id, name, email, .. }, api_key } = self;
            let mut out = table(&["id", "name", "email"]);
            out.add_row([id.to_string(), name.clone(), email.clone()]);
            let fate = fate.map(|fate| format!("\n{fate}")).unwrap_or_default();
            format!("{out}\nAPI key: {api_key}\nIt is shown only now: the database keeps its hash alone.{fate}")
        };
        let mut out = std::io::stdout().lock();
        // Nobody can print it again, so a reader that went away is an error here.
        writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| {
            Error::new(Kind::Io, "the new key could not be written to standard output, and is lost")
                .help(format!("`{} tenant rotate-key {}` makes another", app.name, self.tenant.id))
                .caused_by(error)
        })
    }
}

fn print_list(tenants: &[TenantSummary], reporting: Reporting) -> Result<()> {
    if reporting.json {
        return print_json(&serde_json::json!({ "tenants": tenants }));
    }
    let mut out = table(&["id", "name", "email", "since", "key before live until"]);
    for TenantSummary { id, name, email, created_at, previous_key_until } in tenants {
        let until = previous_key_until.map(|until| until.format("%Y-%m-%d %H:%M UTC").to_string());
        let since = created_at.format("%Y-%m-%d").to_string();
        out.add_row([id.to_string(), name.clone(), email.clone(), since, until.unwrap_or_default()]);
    }
    print(out);
    Ok(())
}
