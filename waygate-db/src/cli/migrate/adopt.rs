//! `migrate adopt`: another tool's history becomes this one's.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::super::{Reporting, connect, print, print_json, table, warn};
use crate::environment::Environment;
use crate::error::Result;
use crate::migrate::{Adoption, Tool};

/// Take over the history of another tool: prisma, sqlx, refinery or diesel
///
/// Its files are copied as they are; what it applied counts as applied. Nothing is run.
#[derive(Debug, Args)]
pub struct Adopt {
    /// The tool: prisma, sqlx, refinery or diesel
    tool: Tool,
    /// The folder of its migrations; where it keeps them by default
    #[arg(long, value_name = "PATH")]
    dir: Option<PathBuf>,
    /// The folder to write migrations into
    #[arg(long, value_name = "PATH", default_value = "migrations")]
    out: PathBuf,
    /// Say what would become of each, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    reporting: Reporting,
}

impl Adopt {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let session = connect::migrator(&Environment::load()?).await?;
        let folder = self.dir.clone().unwrap_or_else(|| self.tool.folder().into());
        let adoption = Adoption::plan(&session, self.tool, &folder).await?;
        let written = if self.dry_run { Vec::new() } else { adoption.carry_out(&session, &self.out).await? };
        session.close().await;
        if self.reporting.json {
            print_json(&adoption)?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut out = table(&["file", "migration", "state"]);
        for one in &adoption.migrations {
            out.add_row([one.from.as_str(), &one.id, if one.applied { "applied" } else { "pending" }]);
        }
        print(out);
        adoption.warnings.iter().for_each(warn);
        written.iter().for_each(|file| print(format_args!("wrote {}", file.display())));
        print(format_args!("public.{} stays as it is; drop it once the other tool is gone", adoption.table));
        Ok(ExitCode::SUCCESS)
    }
}
