//! `db pull`: what it writes compiles, says what the database is, and says what it leaves out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use waygate_db::catalog::{Catalog, Change, Difference, Key, Kind, differences};
use waygate_db::local::run_sql;
use waygate_db::{DatabaseUrl, Maintenance};

use super::Waygate;
use crate::support::{EmptyDb, TestDb};

/// A foreign database: none of the library's tables, rights or guards.
async fn foreign(sql: &str) -> EmptyDb {
    let database = EmptyDb::new().await;
    let script = format!("DROP EVENT TRIGGER IF EXISTS waygate_row_security; {sql}");
    run_sql(&database.scratch.urls().admin, &script).await.unwrap();
    database
}

/// What was pulled from one database, in a folder of its own.
struct Pull {
    folder: TempDir,
    report: Value,
}

impl Pull {
    fn of(url: &DatabaseUrl, options: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("models");
        let start = ["db", "pull", "--url", &url.expose(), "--out", out.to_str().unwrap()];
        let report = Waygate::new().reports(&[&start, options].concat());
        Self { folder, report }
    }

    /// A program that writes the models' DDL beside itself.
    fn program(&self) -> PathBuf {
        let (main, module, ddl) = (self.path("main.rs"), self.path("models/mod.rs"), self.path("ddl.sql"));
        let text = format!(
            "#[path = {module:?}]\nmod models;\n\nfn main() {{\n    \
                 let ddl = waygate_db::schema_sql(&models::SCHEMA, &waygate_db::Dialect::Postgres);\n    \
                 std::fs::write({ddl:?}, ddl).unwrap();\n}}\n"
        );
        fs::write(&main, text).unwrap();
        main
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("models").join(name)).unwrap()
    }

    /// The catalog of a database that holds the models and nothing else, after the program ran.
    async fn catalog(&self) -> Catalog {
        let database = EmptyDb::new().await;
        let ddl = fs::read_to_string(self.path("ddl.sql")).unwrap();
        run_sql(&database.scratch.urls().migrator, &format!("SET ROLE waygate_owner; BEGIN; {ddl} COMMIT"))
            .await
            .unwrap_or_else(|error| panic!("{error}: {ddl}"));
        catalog(&database.scratch.urls().migrator).await
    }

    /// The objects that the notes name, and what they say.
    fn notes(&self, about: &str) -> Vec<(String, String)> {
        let notes = self.report["notes"].as_array().unwrap().iter().filter(|note| note["about"] == about);
        notes
            .map(|note| {
                let path: Vec<&str> =
                    note["path"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
                (
                    format!("{} {}", note["kind"].as_str().unwrap(), path.join(".")),
                    note["text"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    }

    fn note(&self, about: &str, object: &str) -> String {
        let found: Vec<String> =
            self.notes(about).into_iter().filter(|(name, _)| name == object).map(|(_, text)| text).collect();
        assert!(!found.is_empty(), "no note about {object}: {:#?}", self.report["notes"]);
        found.join("; ")
    }
}

async fn catalog(url: &DatabaseUrl) -> Catalog {
    let session = Maintenance::connect(&url.to_config()).await.unwrap();
    Catalog::read(&session).await.unwrap()
}

/// Compiles the models of all these, and runs the programs.
fn compile(pulls: &[&Pull]) {
    let cases = trybuild::TestCases::new();
    for pull in pulls {
        cases.pass(pull.program());
    }
}

/// What two catalogs differ in, beside comments: those of the models are not part of their DDL.
fn beside_comments(from: &Catalog, to: &Catalog) -> Vec<Difference> {
    let is_comment = |difference: &Difference| match &difference.change {
        Change::Altered { properties } => properties.iter().all(|property| property.name == "comment"),
        _ => false,
    };
    differences(from, to).into_iter().filter(|difference| !is_comment(difference)).collect()
}

/// Whether rustfmt leaves the files as they are, by its own settings.
fn is_formatted(folder: &Path) -> bool {
    let mut command = Command::new("rustfmt");
    let output = command.args(["--check", "--edition", "2024"]).arg(folder.join("mod.rs")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    true
}

#[tokio::test]
async fn models_that_were_pulled_compile_and_say_what_the_database_is() {
    let waygate = TestDb::new().await;
    let hand_made = foreign(include_str!("pull/hand_made.sql")).await;
    let prisma = foreign(include_str!("pull/prisma.sql")).await;
    let hostile = foreign(include_str!("pull/hostile.sql")).await;
    let of_waygate = Pull::of(&waygate.urls().app, &[]);
    let of_hand_made = Pull::of(&hand_made.scratch.urls().admin, &[]);
    let of_prisma = Pull::of(&prisma.scratch.urls().admin, &[]);
    let of_hostile = Pull::of(&hostile.scratch.urls().admin, &[]);
    let pulls = [&of_waygate, &of_hand_made, &of_prisma, &of_hostile];
    for pull in pulls {
        is_formatted(&pull.path("models"));
    }
    compile(&pulls);

    // The library's own database: nothing is left to do.
    let is_ledger = |key: &Key| key.path.iter().take(2).eq(["waygate", "migrations"]);
    let deployed = catalog(&waygate.urls().migrator).await.retain(|key, _| !is_ledger(key));
    let found = beside_comments(&deployed, &of_waygate.catalog().await);
    assert!(found.is_empty(), "{}", found.iter().map(|one| format!("{one}\n")).collect::<String>());
    assert_eq!(of_waygate.report["notes"], serde_json::json!([]));

    // Anybody's: whatever a migration from the models would change was said.
    for (database, pull) in [(&hand_made, &of_hand_made), (&prisma, &of_prisma), (&hostile, &of_hostile)] {
        let there = catalog(&database.scratch.urls().admin).await.retain(|key, _| key.schema() != Some("waygate"));
        let models = pull.catalog().await.retain(|key, _| key.schema() != Some("waygate"));
        all_said(pull, &beside_comments(&there, &models));
    }
}

/// Every object that differs is in a note, or is a part of a table whose security is.
fn all_said(pull: &Pull, found: &[Difference]) {
    let noted: BTreeSet<String> = ["no_model", "change", "unsaid"]
        .into_iter()
        .flat_map(|about| pull.notes(about))
        .map(|(object, _)| object)
        .collect();
    let name = |key: &Key| {
        let kind = serde_json::to_value(key.kind).unwrap();
        format!("{} {}", kind.as_str().unwrap(), key.path.join("."))
    };
    for difference in found {
        let key = &difference.key;
        let is_said = noted.contains(&name(key)) || key.table().is_some_and(|table| noted.contains(&name(&table)));
        // Rights on the schema are the library's first migration's.
        assert!(is_said || key.kind == Kind::Schema, "not said: {difference}\n{noted:#?}");
    }
}
