//! `keys shred`: a tenant's keys destroyed, once its id was typed.

use std::io::{BufRead, IsTerminal, Write};

use clap::Args;
use uuid::Uuid;

use super::words::counted;
use super::{App, Reporting, named_tenant, print, print_json, table};
use crate::error::{Error, Kind, Result};
use crate::keys;
use crate::session::ServiceScope;

const WORD_ON_BACKUPS: &str = "Backups and the server's write-ahead log hold the wrapped keys until they expire: until \
                               then, whoever has them and the key-encryption key opens the tenant's secrets.";

/// Whose keys are destroyed.
#[derive(Debug, Args)]
pub(super) struct Shred {
    /// The tenant
    #[arg(long, value_name = "ID")]
    tenant: Uuid,
    /// The tenant's id once more, where nobody can type it
    #[arg(long, value_name = "ID")]
    confirm: Option<String>,
    #[command(flatten)]
    reporting: Reporting,
}

impl Shred {
    pub(super) async fn run(self, service: &ServiceScope, app: &App) -> Result<()> {
        let typed = match &self.confirm {
            Some(typed) => typed.clone(),
            None => ask(self.tenant)?,
        };
        if typed.trim() != self.tenant.to_string() {
            return Err(Error::new(Kind::Config, "what was typed is not the tenant's id; nothing was destroyed")
                .help("give the id with hyphens and in lower case, as --tenant does"));
        }
        let shredded = keys::shred(service, app.schema, named_tenant(self.tenant)).await?;
        if self.reporting.json {
            return print_json(&shredded);
        }
        if !shredded.cells.is_empty() {
            let mut out = table(&["column", "cells that open no more", "key"]);
            for count in &shredded.cells {
                out.add_row([count.column.clone(), count.cells.to_string(), count.key.clone()]);
            }
            print(out);
        }
        print(format_args!("{} of tenant {} destroyed", counted(shredded.keys.len(), "key"), shredded.tenant));
        print(WORD_ON_BACKUPS);
        Ok(())
    }
}

/// Has the id typed at the terminal.
fn ask(tenant: Uuid) -> Result<String> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(Error::new(
            Kind::Config,
            "destroying a tenant's keys needs a confirmation, and nobody can type it",
        )
        .help(format!("give --confirm {tenant}, if all secrets of this tenant are to be lost")));
    }
    let mut prompt = std::io::stderr().lock();
    let question = "This destroys all secrets of the tenant, and cannot be undone. Type the tenant's id to go on:";
    let failed = |error| Error::new(Kind::Io, "the confirmation could not be read").caused_by(error);
    write!(prompt, "{question} ").and_then(|()| prompt.flush()).map_err(failed)?;
    let mut typed = String::new();
    input.lock().read_line(&mut typed).map_err(failed)?;
    Ok(typed)
}
