//! `db pull`: what it writes compiles, says what the database is, and says what it leaves out.

mod every_word;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use waygate_db::catalog::{Catalog, Change, Difference, Key, Kind, differences, plan};
use waygate_db::local::run_sql;
use waygate_db::migrate::without_ledger;
use waygate_db::{DatabaseUrl, Dialect, Maintenance, Schema, schema_sql};

use super::Waygate;
use crate::support::{EmptyDb, TestDb, own_server};

/// A foreign database: none of the library's tables, rights or guards.
async fn foreign(sql: &str) -> EmptyDb {
    let database = EmptyDb::new().await;
    let script = format!("DROP EVENT TRIGGER IF EXISTS waygate_row_security; {sql}");
    run_sql(&database.scratch.urls().admin, &script).await.unwrap();
    database
}

/// A database that holds these models.
async fn deployed(schema: &Schema) -> EmptyDb {
    let database = EmptyDb::new().await;
    let ddl = schema_sql(schema, &Dialect::Postgres);
    let script = format!("SET ROLE waygate_owner; BEGIN; {ddl} COMMIT");
    run_sql(&database.scratch.urls().migrator, &script).await.unwrap_or_else(|error| panic!("{error}"));
    database
}

/// What was pulled from one database, in a folder of its own.
struct Pull {
    folder: TempDir,
    /// The file that declares everything.
    module: &'static str,
    report: Value,
}

impl Pull {
    fn of(url: &DatabaseUrl, options: &[&str]) -> Self {
        Self::written(url, "--out", "models", "models/mod.rs", options)
    }

    fn in_one_file(url: &DatabaseUrl) -> Self {
        Self::written(url, "--single-file", "models.rs", "models.rs", &[])
    }

    fn written(url: &DatabaseUrl, option: &str, target: &str, module: &'static str, options: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let target = folder.path().join(target);
        let start = ["db", "pull", "--url", &url.expose(), option, target.to_str().unwrap()];
        let report = Waygate::new().reports(&[&start, options].concat());
        Self { folder, module, report }
    }

    /// A program that writes the models' DDL beside itself.
    fn program(&self) -> PathBuf {
        let main = self.path("main.rs");
        // A path as Rust writes a constant.
        let written = |name: &str| format!("{:?}", self.path(name).to_string_lossy());
        let (module, ddl) = (written(self.module), written("ddl.sql"));
        let text = format!(
            "#[path = {module}]\nmod models;\n\nfn main() {{\n    \
                 let ddl = waygate_db::schema_sql(&models::SCHEMA, &waygate_db::Dialect::Postgres);\n    \
                 std::fs::write({ddl}, ddl).unwrap();\n}}\n"
        );
        fs::write(&main, text).unwrap();
        main
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The catalog of a database that holds the models and nothing else, after the program ran.
    async fn catalog(&self) -> Catalog {
        let database = EmptyDb::new().await;
        let ddl = fs::read_to_string(self.path("ddl.sql")).unwrap();
        run_sql(&database.scratch.urls().migrator, &format!("SET ROLE waygate_owner; BEGIN; {ddl} COMMIT"))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
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

fn is_public(difference: &Difference) -> bool {
    difference.key.schema() != Some("waygate")
}

/// Differences as people read them.
fn told(found: &[Difference]) -> String {
    found.iter().map(|one| format!("{one}\n")).collect()
}

/// Fails unless rustfmt leaves the files as they are, by its own settings.
fn assert_formatted(pull: &Pull) {
    let mut command = Command::new("rustfmt");
    let output = command.args(["--check", "--edition", "2024"]).arg(pull.path(pull.module)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[tokio::test]
async fn models_that_were_pulled_compile_and_say_what_the_database_is() {
    let waygate = TestDb::new().await;
    let hand_made = foreign(include_str!("pull/hand_made.sql")).await;
    let prisma = foreign(include_str!("pull/prisma.sql")).await;
    let hostile = foreign(include_str!("pull/hostile.sql")).await;
    // A role that every server has stands in for the one that the script would make.
    let torture =
        include_str!("../../../waygate-db/tests/it/catalog/torture.sql").replace("torture_reader", "pg_monitor");
    let torture = foreign(&torture).await;
    let of_waygate = Pull::of(&waygate.urls().app, &[]);
    let of_hand_made = Pull::of(&hand_made.scratch.urls().admin, &[]);
    let of_prisma = Pull::of(&prisma.scratch.urls().admin, &[]);
    let of_hostile = Pull::of(&hostile.scratch.urls().admin, &[]);
    // Handed to the owner already, as `setup` does.
    let fitting = foreign(&format!("SET ROLE waygate_owner; {}", include_str!("pull/fitting.sql"))).await;
    let of_fitting = Pull::of(&fitting.scratch.urls().admin, &[]);
    let in_one_file = Pull::in_one_file(&hand_made.scratch.urls().admin);
    let every_word = deployed(&every_word::SCHEMA).await;
    let of_every_word = Pull::of(&every_word.scratch.urls().service, &[]);
    let of_torture = Pull::of(&torture.scratch.urls().admin, &["--schema", "app"]);
    let pulls =
        [&of_waygate, &of_hand_made, &of_prisma, &of_hostile, &of_torture, &of_every_word, &of_fitting, &in_one_file];
    for pull in pulls {
        assert_formatted(pull);
    }
    compile(&pulls);

    // The library's own databases: nothing is left to do.
    for (url, pull) in [(&waygate.urls().migrator, &of_waygate), (&every_word.scratch.urls().migrator, &of_every_word)]
    {
        let there = without_ledger(catalog(url).await);
        let found = differences(&there, &pull.catalog().await);
        assert!(found.is_empty(), "{}", told(&found));
        assert_eq!(pull.report["notes"], serde_json::json!([]));
    }

    // Anybody's: whatever a migration from the models would change was said.
    // The hostile one has columns of a type that no model makes, which is told; its models alone make no database.
    assert!(of_hostile.report["notes"].to_string().contains("blank"), "{:#?}", of_hostile.report["notes"]);
    for (database, pull) in [(&hand_made, &of_hand_made), (&prisma, &of_prisma)] {
        let there = catalog(&database.scratch.urls().admin).await.retain(|key, _| key.schema() != Some("waygate"));
        let models = pull.catalog().await.retain(|key, _| key.schema() != Some("waygate"));
        all_said(pull, &beside_comments(&there, &models));
    }

    // Where every table fits, the plan makes the database what its models say, with its rows.
    let (url, models) = (&fitting.scratch.urls().admin, of_fitting.catalog().await);
    let there = catalog(url).await;
    all_said(&of_fitting, &beside_comments(&there, &models).into_iter().filter(is_public).collect::<Vec<_>>());
    let actions: Vec<String> = plan(&there, &models).unwrap().iter().map(ToString::to_string).collect();
    run_sql(url, &format!("SET ROLE waygate_owner; BEGIN; {} COMMIT", actions.join("\n")))
        .await
        .unwrap_or_else(|error| panic!("{error}: {actions:#?}"));
    let found = beside_comments(&catalog(url).await, &models);
    assert!(found.is_empty(), "{}", told(&found));
    assert_eq!(run_sql(url, "SELECT count(*) FROM reports").await.unwrap(), [[Some("1".to_owned())]]);
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

#[tokio::test]
async fn what_a_model_cannot_say_is_said_object_by_object() {
    let database = foreign(include_str!("pull/hand_made.sql")).await;
    let pull = Pull::of(&database.scratch.urls().admin, &[]);
    assert!(pull.note("no_model", "table public.events").contains("bigint"));
    assert!(pull.note("no_model", "table public.project_members").contains("project_id, user_id"));
    assert!(pull.note("no_model", "table public.notes_without_key").contains("no primary key"));
    assert!(pull.note("no_model", "table public.metrics").contains("partitions"));
    assert!(pull.note("guess", "table public.countries").contains("`shared`"));
    assert!(pull.note("guess", "table public.tasks").contains("project_id"));
    assert!(pull.note("change", "table public.users").contains("row security"));
    assert!(
        pull.note("change", "constraint public.projects.projects_owner_id_fkey")
            .contains("(organization_id, owner_id)")
    );
    assert!(pull.note("unsaid", "constraint public.projects.projects_slug_key").contains("unique across tenants"));
    assert!(pull.note("unsaid", "constraint public.organizations.organizations_seats_check").contains("seats > 0"));
    assert!(pull.note("unsaid", "column public.projects.search").contains("drop the column"));
    for object in [
        "view public.open_projects",
        "function public.touch.",
        "trigger public.users.touch",
        "index public.users.users_lower_email",
    ] {
        pull.note("unsaid", object);
    }
    // The same stands where the models do.
    let module = fs::read_to_string(pull.path("models/mod.rs")).unwrap();
    assert!(module.contains("view public.open_projects") && module.contains("table public.metrics"), "{module}");

    let user = fs::read_to_string(pull.path("models/user.rs")).unwrap();
    for line in [
        "/// People.\n/// They log in.\n#[derive(Model, Debug, Clone)]",
        "    /// Where to reach them.\n    #[model(max_len = 320)]\n    pub email: String,",
        "    #[model(column = \"type\", default = \"member\")]\n    pub type_: String,",
        "    #[model(column = \"save\", default = true)]\n    pub save_value: bool,",
        "    #[model(column = \"2fa\", default = false)]\n    pub _2fa: bool,",
        "    pub scores: Vec<i32>,",
    ] {
        assert!(user.contains(line), "{line}\n{user}");
    }
}

#[tokio::test]
async fn one_table_is_pulled_alone_and_the_tenants_are_named() {
    let database = foreign(include_str!("pull/hand_made.sql")).await;
    let url = &database.scratch.urls().admin;
    let alone = Pull::of(url, &["--table", "tasks", "--table", "projects"]);
    let models: Vec<&str> =
        alone.report["models"].as_array().unwrap().iter().map(|model| model["model"].as_str().unwrap()).collect();
    assert_eq!(models, ["Project", "Task"]);
    assert!(alone.note("unsaid", "constraint public.projects.projects_organization_id_fkey").contains("has no model"));
    let named = Pull::of(url, &["--tenant", "users"]);
    assert!(named.note("guess", "table public.users").contains("taken for a tenant"));
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("models");
    let start = ["db", "pull", "--url", &url.expose(), "--out", out.to_str().unwrap()];
    let missing = Waygate::new().fails(1, &[&start[..], &["--table", "nothing"]].concat());
    assert!(missing.contains("no table public.nothing"), "{missing}");
    let misfit = Waygate::new().fails(1, &[&start[..], &["--tenant", "events"]].concat());
    assert!(misfit.contains("cannot be the table of the tenants"), "{misfit}");
    let elsewhere = Waygate::new().fails(1, &[&start[..], &["--schema", "elsewhere"]].concat());
    assert!(elsewhere.contains("no schema elsewhere"), "{elsewhere}");
    assert!(!out.exists(), "nothing was written");
}

#[tokio::test]
async fn a_folder_that_holds_something_is_left_alone() {
    let database = foreign(include_str!("pull/hand_made.sql")).await;
    let url = database.scratch.urls().admin.expose();
    let folder = TempDir::new().unwrap();
    let (mine, out) = (folder.path().join("mine.rs"), folder.path().to_str().unwrap());
    fs::write(&mine, "mine").unwrap();
    let refused = Waygate::new().fails(1, &["db", "pull", "--url", &url, "--out", out]);
    assert!(refused.contains("holds other things") && refused.contains("--force"), "{refused}");
    let file = mine.to_str().unwrap();
    let refused = Waygate::new().fails(1, &["db", "pull", "--url", &url, "--single-file", file]);
    assert!(refused.contains("is there already"), "{refused}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    let printed = Waygate::new().prints(&["db", "pull", "--url", &url, "--out", out, "--force"]);
    assert!(printed.contains("Organization") && printed.contains("Tables without a model"), "{printed}");
    assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
    assert!(folder.path().join("mod.rs").exists());
}

#[tokio::test]
async fn any_login_that_may_connect_is_enough() {
    let Some(server) = own_server().await else { return };
    let admin = server.admin_url();
    run_sql(&admin, "CREATE ROLE reader LOGIN").await.unwrap();
    run_sql(&admin, "CREATE DATABASE shop").await.unwrap();
    let shop = admin.with_database("shop");
    run_sql(&shop, include_str!("pull/hand_made.sql")).await.unwrap();
    let pull = Pull::of(&shop.with_user("reader").unwrap(), &[]);
    assert_eq!(pull.report["models"].as_array().unwrap().len(), 5);
    server.stop().await.unwrap();
}
