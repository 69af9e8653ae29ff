//! A database with every class of object that a catalog has to tell.

use waygate_db::catalog::{Action, Catalog, Difference, differences};

use crate::support::database::Database;

/// The changes of one property each, a line each.
pub(crate) const MUTATIONS: &str = include_str!("mutations.txt");
/// The one change that the server refuses: a generated column is computed from that column.
pub(crate) const REFUSED: &str = "ALTER TABLE app.tenants ALTER COLUMN slug TYPE text COLLATE \"C\"";

/// An empty database of a server that has the role which the schema grants to.
pub(crate) async fn empty() -> Database {
    let database = Database::empty().await;
    let administrator = database.administrator().await;
    let role = "DO $$BEGIN CREATE ROLE torture_reader NOLOGIN;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$";
    administrator.run(role).await;
    database
}

/// A database with all of it.
pub(crate) async fn tortured() -> Database {
    let database = empty().await;
    database.deploy(include_str!("torture.sql")).await;
    database
}

/// The catalog of a database.
pub(crate) async fn read(database: &Database) -> Catalog {
    let session = database.maintenance().await;
    let catalog = Catalog::read(&session).await.unwrap();
    session.close().await;
    catalog
}

/// Runs a plan as its owner, in one transaction; gives the server's complaint.
pub(crate) async fn run(database: &Database, plan: &[Action]) -> Result<(), String> {
    let sql: Vec<String> = plan.iter().map(Action::to_string).collect();
    let script = format!("{}BEGIN;\n{}\nCOMMIT;", role_for(&sql.join("\n")), sql.join("\n"));
    let session = database.administrator().await;
    match session.try_run(&script).await {
        Ok(()) => Ok(()),
        Err(complaint) => Err(format!("{complaint}\n{}", sql.join("\n"))),
    }
}

/// What a script has to begin with: only a superuser may move the objects that an extension brought.
pub(crate) fn role_for(sql: &str) -> &'static str {
    if sql.contains("ALTER EXTENSION") { "" } else { "SET ROLE waygate_owner; " }
}

/// Differences as people read them.
pub(crate) fn told(found: &[Difference]) -> String {
    found.iter().flat_map(|one| [one.to_string(), "\n".to_owned()]).collect()
}

/// Fails unless the two are the same, and says where they are not.
pub(crate) fn assert_same(found: &Catalog, wanted: &Catalog, about: &str) {
    let left = differences(found, wanted);
    assert!(left.is_empty(), "{about}: left over:\n{}", told(&left));
}
