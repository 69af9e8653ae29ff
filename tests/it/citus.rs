//! The models on Citus: a plain server with a stand-in that refuses what Citus documents as refused.

use chrono::{DateTime, Utc};
use waygate::DIALECTS;
use waygate::models::{Action, AuthType, FieldMapping, HttpMethod, Integration, SCHEMA, Tenant};
use waygate_db::migrate::Migration;
use waygate_db::{Config, Db, Dialect, EnvKeys, Model, TenantScope, schema_check};

use crate::support::{EmptyDb, Login, random_hash};

/// What stands in for Citus.
pub(crate) const SHIM: &str = include_str!("../../waygate-db/tests/it/ddl/citus/shim.sql");

fn migrations() -> &'static [Migration] {
    DIALECTS.iter().find(|history| history.dialect == "citus").unwrap().migrations
}

/// A database on the stand-in, deployed to, and a tenant in it.
async fn deployed() -> (EmptyDb, Db, TenantScope) {
    let empty = EmptyDb::new().await;
    empty.sql(Login::Admin, SHIM).await.unwrap();
    empty.scratch.deploy(migrations()).await.unwrap();
    let keys = EnvKeys::from_vars(EnvKeys::fresh_vars().unwrap()).unwrap();
    let config: Config = empty.scratch.config().keys(keys).pool_size(2).dialect(Dialect::Citus);
    let db = Db::connect(config).await.unwrap();
    let tenant = Tenant::create()
        .name("Acme")
        .email("acme@example.org")
        .waygate_api_key_hash(random_hash())
        .insert(&db.service("test"))
        .await
        .unwrap();
    let acme = db.tenant(tenant.id);
    (empty, db, acme)
}

async fn integration(acme: &TenantScope) -> Integration {
    Integration::create().name("Slack").slug("slack").auth_type(AuthType::Oauth2).insert(acme).await.unwrap()
}

#[tokio::test]
async fn the_migrations_make_what_the_models_say() {
    Box::pin(crate::schema::replay_and_render(&Dialect::Citus, SHIM)).await;
}

#[test]
fn mappings_alone_do_not_fit() {
    let misfits: Vec<_> = schema_check(&SCHEMA, &Dialect::Citus).into_iter().map(|misfit| misfit.table).collect();
    assert_eq!(misfits, [FieldMapping::TABLE.name]);
}

#[tokio::test]
async fn an_update_writes_its_time() {
    let (_empty, db, acme) = deployed().await;
    let before = integration(&acme).await;
    let after = before.patch().name("Slack 2").save(&acme).await.unwrap();
    assert!(after.updated_at > before.updated_at && after.created_at == before.created_at);
    let service = db.service("test");
    let tenants: Vec<Tenant> = Tenant::query().all(&service).await.unwrap();
    let old: DateTime<Utc> = tenants[0].updated_at;
    let renamed = tenants[0].patch().name("Acme 2").save(&service).await.unwrap();
    assert!(renamed.updated_at > old);
}

#[tokio::test]
async fn a_tenants_rows_are_its_own() {
    let (_empty, db, acme) = deployed().await;
    let slack = integration(&acme).await;
    Action::create()
        .integration_id(slack.id)
        .name("Send")
        .slug("send")
        .http_method(HttpMethod::Post)
        .endpoint_template("/")
        .insert(&acme)
        .await
        .unwrap();
    let other = Tenant::create()
        .name("Other")
        .email("other@example.org")
        .waygate_api_key_hash(random_hash())
        .insert(&db.service("test"))
        .await
        .unwrap();
    let other = db.tenant(other.id);
    assert_eq!(Integration::query().count(&other).await.unwrap(), 0);
    assert!(Integration::find(slack.id, &other).await.unwrap().is_none());
    assert!(Integration::update(slack.id).name("x").exec(&other).await.unwrap_err().is_not_found());
    assert_eq!(Action::query().count(&acme).await.unwrap(), 1);
    assert!(Integration::delete(slack.id).exec(&acme).await.unwrap());
    assert_eq!(Action::query().count(&db.service("test")).await.unwrap(), 0, "the cascade");
}
