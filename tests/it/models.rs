//! Each model: what a row holds, what the database fills in, and what it refuses.

mod actions;
mod cascades;
mod credentials;
mod integrations;
mod logs;
mod mappings;
mod tenants;

use waygate::models::{Action, FieldMapping, Integration, IntegrationCredential, RequestLog, SCHEMA, Tenant};
use waygate_db::Model;

/// The models that the modules here test, each under its own name.
const TESTED: [&str; 6] = [
    Tenant::TABLE.name,
    Integration::TABLE.name,
    Action::TABLE.name,
    IntegrationCredential::TABLE.name,
    FieldMapping::TABLE.name,
    RequestLog::TABLE.name,
];

#[test]
fn every_model_of_the_schema_has_tests() {
    let tables: Vec<&str> = SCHEMA.tables().map(|table| table.name).collect();
    assert_eq!(tables, TESTED, "a new model needs a module here, and a row in `support::Rows`");
}
