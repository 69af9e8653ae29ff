//! Texts that lie about the tenant: of their session, of their rows, and of both.

use waygate::models::{Action, FieldMapping, Integration, IntegrationCredential, RequestLog, Tenant};
use waygate_db::schema::{Scope, Table};
use waygate_db::{Model, TenantScope};

use crate::support::{Rows, TestDb};

/// Sets the session's tenant to `$1` out of a string, where no word of the text shows it.
const SET: &str = "(SELECT count(*) FROM ts_stat(format(\
                   $$SELECT set_config('waygate.tenant_id', %L, true)::tsvector$$, $1)))";

/// Texts that set the tenant to `$1` inside the statement, before rows of this table are looked at.
fn forgeries(table: &Table, columns: &str) -> [&'static str; 3] {
    let name = table.name;
    [
        format!("WITH forged AS MATERIALIZED (SELECT {SET}) SELECT {columns} FROM forged, {name} t"),
        format!("WITH forged AS MATERIALIZED (SELECT {SET}) SELECT {columns} FROM forged, public.{name} t"),
        format!(
            "SELECT {columns} FROM (SELECT {SET} OFFSET 0) forged CROSS JOIN LATERAL \
             (SELECT * FROM public.{name} WHERE forged IS NOT NULL) t"
        ),
    ]
    .map(|text| &*text.leak())
}

/// The columns of `t`, with `own` where the row would say whose it is.
fn relabelled(table: &Table, own: &str) -> String {
    let column = |(index, column): (usize, &waygate_db::schema::Column)| match table.scope {
        Scope::Column(tenant) | Scope::Through { column: tenant, .. } if tenant == index => {
            format!("'{own}'::uuid AS {}", column.name)
        }
        _ => format!("t.{}", column.name),
    };
    table.columns.iter().enumerate().map(column).collect::<Vec<_>>().join(", ")
}

/// Runs a model's texts with the other tenant bound: its row does not come, whether the server answers or refuses.
macro_rules! gives_nothing_of {
    ($model:ty, $other:expr, $key:expr, $handle:expr, $texts:expr) => {
        for text in $texts(<$model>::TABLE) {
            if let Ok(rows) = <$model>::sql(text).bind($other.to_string()).all($handle).await {
                assert!(rows.iter().all(|row| row.id != $key), "{text}");
            }
        }
    };
}

/// Runs the texts of each model.
async fn give_nothing_of(other: &Rows, handle: &TenantScope, texts: impl Fn(&'static Table) -> Vec<&'static str>) {
    let id = other.tenant.id;
    gives_nothing_of!(Tenant, id, id, handle, texts);
    gives_nothing_of!(Integration, id, other.integration.id, handle, texts);
    gives_nothing_of!(Action, id, other.action.id, handle, texts);
    gives_nothing_of!(IntegrationCredential, id, other.credential.id, handle, texts);
    gives_nothing_of!(FieldMapping, id, other.mapping.id, handle, texts);
    gives_nothing_of!(RequestLog, id, other.log.id, handle, texts);
}

/// What these texts show where the library's own conditions are missing.
async fn bare(test: &TestDb, acme: &Rows, other: &Rows, text: &str) -> Vec<String> {
    let text = text.replace("$1", &format!("'{}'", other.tenant.id));
    let rows = test.as_tenant(acme.tenant.id, &format!("SELECT id FROM ({text}) AS rows")).await.unwrap();
    rows.into_iter().flatten().flatten().collect()
}

#[tokio::test]
async fn a_tenant_forged_inside_the_text_shows_no_row_of_that_tenant() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    for text in forgeries(Integration::TABLE, "t.*") {
        let seen = bare(&test, &acme, &other, text).await;
        assert!(seen.contains(&other.integration.id.to_string()), "the control sees the other's row: {text}");
    }
    for handle in [&acme.scope, &test.service().for_tenant(acme.tenant.id)] {
        give_nothing_of(&other, handle, |table| forgeries(table, "t.*").to_vec()).await;
    }
    assert_eq!(Integration::query().one(&acme.scope).await.unwrap().id, acme.integration.id);
}

/// The own tenant, or for a model that is owned through its parent an own parent.
fn own_label(table: &Table, acme: &Rows) -> String {
    match table.scope {
        Scope::Through { .. } => acme.action.id.to_string(),
        _ => acme.tenant.id.to_string(),
    }
}

#[tokio::test]
async fn a_row_that_the_text_relabels_as_the_own_tenants_does_not_come() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let columns = |table: &'static Table| relabelled(table, &own_label(table, &acme));
    for text in forgeries(Integration::TABLE, &columns(Integration::TABLE)) {
        let seen = bare(&test, &acme, &other, text).await;
        assert!(seen.contains(&other.integration.id.to_string()), "the control sees the other's row: {text}");
    }
    // A tenant forged as well, which is how a tenant's login gets at the row.
    for handle in [&acme.scope, &test.service().for_tenant(acme.tenant.id)] {
        give_nothing_of(&other, handle, |table| forgeries(table, &columns(table)).to_vec()).await;
    }
    // Row security lets the service through without a forgery; the text only mentions the tenant that is bound.
    let relabelling = |table: &'static Table| {
        let text = format!("SELECT {} FROM public.{} t WHERE $1 <> ''", columns(table), table.name);
        vec![&*text.leak()]
    };
    let for_tenant = test.service().for_tenant(acme.tenant.id);
    give_nothing_of(&other, &for_tenant, relabelling).await;
    // The same text gives the own row, so it was not for an error that nothing came.
    let [text] = relabelling(Integration::TABLE)[..] else { panic!("one text") };
    for handle in [&acme.scope, &for_tenant] {
        assert_eq!(Integration::sql(text).bind("x").one(handle).await.unwrap().id, acme.integration.id);
    }
}

/// A key that a function makes anew for each reading is still one key: the one that is asked about is the one given.
#[tokio::test]
async fn a_key_is_computed_once() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let keys = [acme.integration.id, other.integration.id];
    let fickle = format!(
        "CREATE SEQUENCE public.turns; GRANT USAGE ON SEQUENCE public.turns TO waygate_service; \
         CREATE FUNCTION public.fickle() RETURNS uuid STABLE LANGUAGE sql AS \
         $$SELECT CASE nextval('public.turns') % 2 WHEN 1 THEN uuid '{}' ELSE uuid '{}' END$$; \
         GRANT EXECUTE ON FUNCTION public.fickle() TO waygate_service",
        keys[0], keys[1]
    );
    test.rows_of(crate::support::Login::Admin, &fickle).await;
    let columns =
        relabelled(Integration::TABLE, &acme.tenant.id.to_string()).replacen("t.id", "public.fickle() AS id", 1);
    let text: &'static str = format!("SELECT {columns} FROM public.integrations t").leak();
    let service = test.service();
    let for_tenant = service.for_tenant(acme.tenant.id);
    // In a transaction that may write, for a sequence does.
    let rows = for_tenant.transaction(async |tx| Integration::sql(text).all(tx).await).await.unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.id == keys[0]), "{rows:?}");
}
