//! The DDL for Citus, on a plain server with a stand-in that refuses what Citus documents as refused. What only a
//! cluster shows, it cannot.

mod deploying;
mod misfits;
mod mutants;
mod snapshot;

use waygate_db::{Dialect, Schema, schema_sql};

use crate::support::database::{Database, Session};
use crate::support::waygate_schema::SCHEMA;

/// What stands in for Citus.
const SHIM: &str = include_str!("citus/shim.sql");

/// The DDL of the six models.
fn waygate() -> String {
    schema_sql(&SCHEMA, &Dialect::Citus)
}

/// An empty database of a server that takes itself for Citus.
async fn cluster() -> (Database, Session) {
    let database = Database::empty().await;
    let administrator = database.administrator().await;
    administrator.run(SHIM).await;
    (database, administrator)
}

/// A cluster that holds these models.
async fn deployed(schema: &Schema) -> (Database, Session) {
    let (database, administrator) = cluster().await;
    database.deploy(&schema_sql(schema, &Dialect::Citus)).await;
    (database, administrator)
}
