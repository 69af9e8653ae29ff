//! Tenants that are none: what a raw session of the app's login may set, and what the interface may name.

use uuid::Uuid;
use waygate::models::{Integration, SCHEMA};
use waygate_db::Model;

use super::report;
use crate::support::{Login, Outcome, Rows, TestDb, integration, trusted};

/// What stands where a tenant's UUID would, none of which is one.
fn forgeries(other: Uuid) -> Vec<String> {
    let mut forgeries: Vec<String> = [
        "",
        " ",
        "'",
        "''",
        "\"",
        "\\",
        "' OR true --",
        "'; SET ROLE waygate_owner; --",
        "garbage",
        "NULL",
        "*",
        "%",
        "\u{200b}",
        "\u{ff11}",
        "00000000-0000-0000-0000-00000000000",
        "00000000-0000-0000-0000-0000000000000",
    ]
    .map(str::to_owned)
    .into();
    forgeries.extend([format!("{other},{other}"), format!("{other}\0"), format!("{other}'"), format!(" {other} x")]);
    forgeries.push("x".repeat(1 << 20));
    forgeries.push(other.to_string().repeat(1 << 15));
    forgeries
}

#[tokio::test]
async fn a_setting_that_is_no_tenant_is_an_error_on_every_table() {
    let test = TestDb::new().await;
    let (acme, _other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let mut refused = 0;
    for forgery in forgeries(acme.tenant.id.as_uuid()) {
        let quoted = forgery.replace('\'', "''");
        let shown: String = forgery.chars().take(40).collect();
        for table in SCHEMA.tables() {
            let name = table.name;
            for statement in [
                format!("SELECT * FROM {name}"),
                format!("DELETE FROM {name}"),
                format!("SELECT count(*) FROM {name} WHERE id IS NOT NULL"),
            ] {
                let set =
                    format!("SET standard_conforming_strings = on; SET waygate.tenant_id = '{quoted}'; {statement}");
                let error = test.sql(Login::App, &set).await.refused();
                // 42501: deleting is not this login's, whatever is set. A NUL does not even reach the server.
                let code = error.code().unwrap_or("none");
                assert!(["22P02", "42501", "none"].contains(&code), "{shown:?} on {name}: {error}");
                assert!(code != "none" || forgery.contains('\0'), "{shown:?} on {name}: {error}");
                refused += 1;
            }
        }
    }
    for (table, _) in acme.keys() {
        assert_eq!(test.count(table).await, 2, "{table}");
    }
    report(format_args!("statements under a forged tenant: {refused}, rows seen or changed: 0"));
}

#[tokio::test]
async fn a_tenant_that_does_not_exist_reaches_nothing() {
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let acme = Rows::of(&test, "acme").await;
    for uuid in [Uuid::nil(), Uuid::max(), Uuid::new_v4(), acme.integration.id.as_uuid()] {
        let nobody = test.db.tenant(trusted(uuid));
        assert_eq!(Integration::query().count(&nobody).await.unwrap(), 0, "{uuid}");
        assert!(Integration::find(acme.integration.id, &nobody).await.unwrap().is_none(), "{uuid}");
        assert!(integration("theirs", &nobody).await.refused().is_foreign_key_violation(), "{uuid}");
        assert_eq!(Integration::query().count(&acme.scope).await.unwrap(), 1, "{uuid}");
    }
}
