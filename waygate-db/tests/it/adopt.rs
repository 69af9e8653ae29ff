//! Taking over the migrations of other tools: their files and history tables as those tools write them.

mod diesel;
mod prisma;
mod refinery;
mod refusals;
mod sqlx;

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use waygate_db::Result;
use waygate_db::migrate::{Adopted, Adoption, DeployOptions, Migration, Tool, adopt, deploy};

use crate::support::database::{Database, Session};

/// A project with another tool's files, and a database with its history.
struct Project {
    folder: TempDir,
    database: Database,
    administrator: Session,
    tool: Tool,
}

impl Project {
    /// With these files of the tool, by their paths.
    async fn new(tool: Tool, files: &[(&str, &str)]) -> Self {
        let (folder, database) = (TempDir::new().unwrap(), Database::empty().await);
        let administrator = database.administrator().await;
        let project = Self { folder, database, administrator, tool };
        for (path, text) in files {
            let path = project.old().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        project
    }

    fn old(&self) -> PathBuf {
        self.folder.path().join("old")
    }

    fn new_folder(&self) -> PathBuf {
        self.folder.path().join("migrations")
    }

    /// Does what the tool has done to the database.
    async fn did(&self, sql: &str) {
        self.administrator.run(sql).await;
    }

    async fn adopt(&self) -> Result<Adopted> {
        let (from, to) = (self.old(), self.new_folder());
        self.adopt_with(Adoption { tool: self.tool, from: &from, to: &to, dry_run: false }).await
    }

    async fn adopt_with(&self, adoption: Adoption<'_>) -> Result<Adopted> {
        let mut session = self.database.maintenance().await;
        let adopted = adopt(adoption, Some(&mut session)).await;
        session.close().await;
        adopted
    }

    /// The new file of a migration.
    fn text(&self, id: &str) -> String {
        fs::read_to_string(self.new_folder().join(id).join("up.sql")).unwrap()
    }

    /// Deploys the new folder; the ids that were applied.
    async fn deploy(&self) -> Vec<String> {
        let files = Migration::read_dir(self.new_folder()).unwrap();
        let mut session = self.database.maintenance().await;
        let report = deploy(&mut session, &files, DeployOptions::default(), &mut |_| {}).await.unwrap();
        session.close().await;
        report.applied.into_iter().map(|one| one.id).collect()
    }

    async fn ledger(&self) -> Vec<String> {
        self.administrator.column("SELECT id || ' ' || how FROM waygate.migrations ORDER BY id").await
    }

    /// Adopting is refused with these words, writes no file and records nothing.
    async fn refused(&self, words: &[&str]) {
        let error = self.adopt().await.unwrap_err();
        let text = error.to_string();
        for word in words {
            assert!(text.contains(word), "{word:?} is not in {text}");
        }
        assert!(!self.new_folder().exists(), "files were written: {text}");
        let ledger = "SELECT to_regclass('waygate.migrations') IS NULL";
        assert_eq!(self.administrator.value(ledger).await, "t", "{text}");
    }
}

/// Each migration's original, id and state.
fn listed(adopted: &Adopted) -> Vec<String> {
    let state = |applied| if applied { "applied" } else { "pending" };
    adopted.migrations.iter().map(|one| format!("{} {} {}", one.original, one.id, state(one.applied))).collect()
}
