//! One tenant's handle reaches no other tenant's row, by any verb of any model; the service reaches all.

use waygate::models::{
    Action, FieldMapping, Integration, IntegrationCredential, IntegrationStatus, RequestLog, SCHEMA, Tenant,
};
use waygate_db::Model;

use crate::support::{Login, Outcome, Rows, TestDb, same};

/// Checks each read of a model: this handle sees the own row and not the other's.
macro_rules! sees_its_own {
    ($model:ty, $handle:expr, $own:expr, $other:expr) => {{
        let (own, other) = ($own, $other);
        let name = <$model>::TABLE.name;
        assert!(<$model>::find(own.id, $handle).await.unwrap().is_some(), "{name}");
        assert!(<$model>::find(other.id, $handle).await.unwrap().is_none(), "{name}");
        let all = <$model>::query().all($handle).await.unwrap();
        assert_eq!(all.iter().map(|row| row.id).collect::<Vec<_>>(), [own.id], "{name}");
        assert_eq!(<$model>::query().count($handle).await.unwrap(), 1, "{name}");
        assert!(!<$model>::query().filter(|row| row.id.eq(other.id)).exists($handle).await.unwrap(), "{name}");
        let wide = <$model>::query().filter(|row| row.id.eq(other.id) | row.id.ne(other.id));
        assert_eq!(wide.one($handle).await.unwrap().id, own.id, "{name}");
        let page = <$model>::query().page(None, 10, $handle).await.unwrap();
        assert_eq!(page.items.len(), 1, "{name}");
        name
    }};
}

/// Checks each change of a model: this handle finds the other's row for none of them.
macro_rules! changes_no_other {
    ($model:ty, $handle:expr, $other:expr, $column:ident = $value:expr) => {{
        let other = $other;
        let name = <$model>::TABLE.name;
        let update = <$model>::update(other.id).$column($value).exec($handle).await.refused();
        assert!(update.is_not_found(), "{name}: {update}");
        assert!(other.patch().$column($value).save($handle).await.refused().is_not_found(), "{name}");
        assert!(<$model>::update(other.id).exec($handle).await.refused().is_not_found(), "{name}");
        name
    }};
}

#[tokio::test]
async fn every_read_of_every_model_shows_the_own_row_alone() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let for_tenant = test.service().for_tenant(acme.tenant.id);
    for handle in [&acme.scope, &for_tenant] {
        let seen = [
            sees_its_own!(Tenant, handle, &acme.tenant, &other.tenant),
            sees_its_own!(Integration, handle, &acme.integration, &other.integration),
            sees_its_own!(Action, handle, &acme.action, &other.action),
            sees_its_own!(IntegrationCredential, handle, &acme.credential, &other.credential),
            sees_its_own!(FieldMapping, handle, &acme.mapping, &other.mapping),
            sees_its_own!(RequestLog, handle, &acme.log, &other.log),
        ];
        assert_eq!(seen.to_vec(), SCHEMA.tables().map(|table| table.name).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn no_change_of_any_model_reaches_anothers_row() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let for_tenant = test.service().for_tenant(acme.tenant.id);
    for handle in [&acme.scope, &for_tenant] {
        let changed = [
            changes_no_other!(Tenant, handle, &other.tenant, name = "taken over"),
            changes_no_other!(Integration, handle, &other.integration, name = "taken over"),
            changes_no_other!(Action, handle, &other.action, name = "taken over"),
            changes_no_other!(IntegrationCredential, handle, &other.credential, scopes = ["taken over"]),
            changes_no_other!(FieldMapping, handle, &other.mapping, source_path = "taken over"),
        ];
        let mutable: Vec<_> = SCHEMA.tables().filter(|table| !table.append_only).map(|table| table.name).collect();
        assert_eq!(changed.to_vec(), mutable);
        assert!(!Integration::delete(other.integration.id).exec(handle).await.unwrap());
        assert!(!Action::delete(other.action.id).exec(handle).await.unwrap());
        assert!(!IntegrationCredential::delete(other.credential.id).exec(handle).await.unwrap());
        assert!(!FieldMapping::delete(other.mapping.id).exec(handle).await.unwrap());
    }
    same(&Integration::find(other.integration.id, &other.scope).await.unwrap().unwrap(), &other.integration);
    same(&FieldMapping::find(other.mapping.id, &other.scope).await.unwrap().unwrap(), &other.mapping);
    for (table, _) in other.keys() {
        assert_eq!(test.count(table).await, 2, "{table}");
    }
}

#[tokio::test]
async fn a_key_that_another_tenant_uses_tells_no_more_than_a_duplicate() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let create = || {
        Integration::create().id(other.integration.id).name("I").slug("new").auth_type(waygate::models::AuthType::Basic)
    };
    assert!(create().insert(&acme.scope).await.refused().is_unique_violation());
    assert!(create().insert_if_absent(&acme.scope).await.unwrap().is_none());
    assert_eq!(Integration::query().count(&acme.scope).await.unwrap(), 1);
}

#[tokio::test]
async fn the_service_reads_and_changes_every_tenants_rows() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let service = test.service();
    assert_eq!(Tenant::query().count(&service).await.unwrap(), 2);
    assert_eq!(Integration::query().count(&service).await.unwrap(), 2);
    assert_eq!(Action::query().count(&service).await.unwrap(), 2);
    assert_eq!(FieldMapping::query().count(&service).await.unwrap(), 2);
    assert_eq!(RequestLog::query().count(&service).await.unwrap(), 2);
    let credentials = IntegrationCredential::query().all(&service).await.unwrap();
    assert_eq!(credentials.len(), 2, "each opens under its own tenant's key");

    for rows in [&acme, &other] {
        Integration::update(rows.integration.id).status(IntegrationStatus::Error).exec(&service).await.unwrap();
        let seen = Integration::find(rows.integration.id, &rows.scope).await.unwrap().unwrap();
        assert_eq!((seen.status, seen.tenant_id), (IntegrationStatus::Error, rows.tenant.id));
    }
    assert!(Integration::delete(acme.integration.id).exec(&service).await.unwrap());
    assert_eq!(Integration::query().count(&service).await.unwrap(), 1);
}

#[tokio::test]
async fn an_unknown_tenant_sees_nothing_and_writes_nothing() {
    let test = TestDb::new().await;
    let _acme = Rows::of(&test, "acme").await;
    let nobody = test.db.tenant(crate::support::trusted(uuid::Uuid::new_v4()));
    assert_eq!(Integration::query().count(&nobody).await.unwrap(), 0);
    assert!(Tenant::find(nobody.id(), &nobody).await.unwrap().is_none());
    let error = crate::support::integration("slack", &nobody).await.refused();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert!(Tenant::update(nobody.id()).name("x").exec(&nobody).await.refused().is_not_found());
    assert_eq!(test.count("integrations").await, 1);
}

#[tokio::test]
async fn a_session_of_the_service_leaves_no_tenant_behind() {
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let service = test.service();
    for _ in 0..3 {
        // One connection serves all three in turn.
        assert_eq!(Integration::query().count(&service.for_tenant(acme.tenant.id)).await.unwrap(), 1);
        assert_eq!(Integration::query().count(&service).await.unwrap(), 2);
        assert_eq!(
            Integration::query().one(&service.for_tenant(other.tenant.id)).await.unwrap().id,
            other.integration.id
        );
    }
    let left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(test.value(Login::Admin, left).await, "0", "no transaction is left open");
}
