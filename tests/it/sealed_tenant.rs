//! The dialect `Sealed`: a tenant is believed only with the application's seal on it.

use uuid::Uuid;
use waygate::models::{Integration, SCHEMA, Tenant};
use waygate_db::{Dialect, Id, Maintenance, Model, SealKey, schema_sql, seal};

use crate::support::{EmptyDb, Login, Outcome, TextRow, integration, random_hash};

/// A sealed database, its key, and two tenants with an integration each.
struct Sealed {
    test: EmptyDb,
    db: waygate_db::Db,
    tenants: [Tenant; 2],
}

async fn registered(test: &EmptyDb) -> SealKey {
    let key = SealKey::from_base64(&SealKey::fresh_var().unwrap().1).unwrap();
    let session = Maintenance::connect(&test.scratch.urls().migrator.to_config()).await.unwrap();
    assert!(seal::register(&session, &key).await.unwrap());
    assert!(!seal::register(&session, &key).await.unwrap(), "a second time changes nothing");
    key
}

async fn sealed() -> Sealed {
    let test = EmptyDb::new().await;
    test.sql(Login::Owner, &schema_sql(&SCHEMA, &Dialect::Sealed)).await.unwrap();
    let key = registered(&test).await;
    let config = test.scratch.config().pool_size(2).dialect(Dialect::Sealed).tenant_seal(key);
    let db = waygate_db::Db::connect(config).await.unwrap();
    let mut tenants = Vec::new();
    for name in ["acme", "other"] {
        let create = Tenant::create().name(name).email(format!("{name}@example.org"));
        let tenant = create.waygate_api_key_hash(random_hash()).insert(&db.service("test")).await.unwrap();
        integration("slack", &db.tenant(tenant.id)).await.unwrap();
        tenants.push(tenant);
    }
    let tenants = tenants.try_into().unwrap_or_else(|_| panic!("two tenants"));
    Sealed { test, db, tenants }
}

impl Sealed {
    /// A plain statement of the app login with these settings.
    async fn plain(&self, settings: &str, sql: &str) -> waygate_db::Result<Vec<TextRow>> {
        self.test.sql(Login::App, &format!("{settings}; {sql}")).await
    }
}

#[tokio::test]
async fn the_librarys_own_sessions_carry_the_seal() {
    let sealed = sealed().await;
    for tenant in &sealed.tenants {
        let scope = sealed.db.tenant(tenant.id);
        let rows = Integration::query().all(&scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.tenant_id).collect::<Vec<_>>(), [tenant.id]);
        let renamed = scope
            .transaction(async |tx| {
                Integration::update(rows[0].id).name("renamed").exec(tx).await?;
                Integration::find(rows[0].id, tx).await
            })
            .await;
        assert_eq!(renamed.unwrap().unwrap().name, "renamed");
        let for_tenant = sealed.db.service("test").for_tenant(tenant.id);
        assert_eq!(Integration::query().count(&for_tenant).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_tenant_without_its_seal_is_refused() {
    let sealed = sealed().await;
    let [acme, other] = &sealed.tenants;
    let set = |seal: &str| format!("SET waygate.tenant_id = '{}'; SET waygate.tenant_seal = '{seal}'", acme.id);
    let expiry = "99999999999";
    let forged = "0".repeat(64);
    let unknown_key = format!("0000000000000000.{expiry}.{forged}");
    let tenant_only = format!("SET waygate.tenant_id = '{}'", acme.id);
    for settings in [tenant_only, set(""), set("a.b.c"), set(".."), set(&unknown_key), set(&"x".repeat(1_000_000))] {
        let rows = sealed.plain(&settings, "SELECT count(*) FROM integrations").await;
        let error = rows.refused();
        assert!(matches!(error.code(), Some("42501" | "22P02")), "{error}");
    }
    let missing = sealed.plain("SELECT 1", "SELECT count(*) FROM integrations").await.refused();
    assert!(missing.is_tenant_missing(), "{missing}");
    assert_ne!(acme.id, other.id);
}

/// What somebody could smuggle into a statement that runs in acme's session.
#[tokio::test]
async fn a_set_config_inside_a_statement_chooses_no_other_tenant() {
    let sealed = sealed().await;
    let [acme, other] = &sealed.tenants;
    let injected = |tenant: &Tenant| {
        format!(
            "WITH chosen AS MATERIALIZED (SELECT set_config('waygate.tenant_id', '{}', true)) \
             SELECT integrations.tenant_id FROM chosen, integrations",
            tenant.id
        )
    };
    let seal = sealed.seal_of(acme).await;
    let settings = format!("SET waygate.tenant_id = '{}'; SET waygate.tenant_seal = '{seal}'", acme.id);
    let own = sealed.plain(&settings, "SELECT tenant_id FROM integrations").await.unwrap();
    assert_eq!(own, [[Some(acme.id.to_string())]], "the seal itself is good");
    let own = sealed.plain(&settings, &injected(acme)).await.unwrap();
    assert_eq!(own, [[Some(acme.id.to_string())]], "and so is the statement");
    let error = sealed.plain(&settings, &injected(other)).await.refused();
    assert_eq!(error.code(), Some("42501"), "{error}");
    let insert = format!(
        "WITH chosen AS MATERIALIZED (SELECT set_config('waygate.tenant_id', '{}', true) AS id) \
         INSERT INTO integrations (name, slug, auth_type) SELECT id, id, 'basic' FROM chosen",
        other.id
    );
    assert_eq!(sealed.plain(&settings, &insert).await.refused().code(), Some("42501"));
}

#[tokio::test]
async fn a_seal_is_of_one_tenant_ends_and_falls_with_its_key() {
    let sealed = sealed().await;
    let [acme, other] = &sealed.tenants;
    let seal = sealed.seal_of(acme).await;
    let of_other = format!("SET waygate.tenant_id = '{}'; SET waygate.tenant_seal = '{seal}'", other.id);
    let read = "SELECT count(*) FROM integrations";
    assert_eq!(sealed.plain(&of_other, read).await.refused().code(), Some("42501"));
    let [id, expiry, mac] = seal.split('.').collect::<Vec<_>>().try_into().unwrap();
    for altered in [format!("{id}.{}.{mac}", expiry.parse::<u64>().unwrap() + 1), format!("{id}.1.{mac}")] {
        let settings = format!("SET waygate.tenant_id = '{}'; SET waygate.tenant_seal = '{altered}'", acme.id);
        assert_eq!(sealed.plain(&settings, read).await.refused().code(), Some("42501"));
    }
    let session = Maintenance::connect(&sealed.test.scratch.urls().migrator.to_config()).await.unwrap();
    assert!(seal::retire(&session, id).await.unwrap());
    assert_eq!(seal::list(&session).await.unwrap(), []);
    let error = Integration::find(Id::from_uuid(Uuid::nil()), &sealed.db.tenant(acme.id)).await.refused();
    assert!(error.is_permission_denied(), "{error}");
}

#[tokio::test]
async fn no_login_reads_the_keys_and_a_database_needs_one() {
    let sealed = sealed().await;
    for login in [Login::App, Login::Service] {
        let error = sealed.test.sql(login, "SELECT * FROM waygate.seal_keys").await.refused();
        assert!(error.is_permission_denied(), "{error}");
    }
    let config = sealed.test.scratch.config().dialect(Dialect::Sealed);
    let error = waygate_db::Db::connect(config).await.refused();
    assert!(error.is_config() && error.to_string().contains("seals"), "{error}");
    let plain = EmptyDb::new().await;
    let session = Maintenance::connect(&plain.scratch.urls().migrator.to_config()).await.unwrap();
    assert!(seal::list(&session).await.refused().is_config());
}

impl Sealed {
    /// The seal that a session of this tenant carries, as the session itself reads it back.
    async fn seal_of(&self, tenant: &Tenant) -> String {
        let read = "CREATE FUNCTION public.own_seal() RETURNS text LANGUAGE sql STABLE \
                    AS $$ SELECT current_setting('waygate.tenant_seal') $$; \
                    GRANT EXECUTE ON FUNCTION public.own_seal() TO waygate_app; \
                    ALTER TABLE public.integrations ALTER COLUMN documentation_url SET DEFAULT public.own_seal()";
        self.test.sql(Login::Owner, read).await.unwrap();
        let scope = self.db.tenant(tenant.id);
        let seen = integration("seal", &scope).await.unwrap();
        Integration::delete(seen.id).exec(&scope).await.unwrap();
        let undo = "ALTER TABLE public.integrations ALTER COLUMN documentation_url DROP DEFAULT; \
                    DROP FUNCTION public.own_seal()";
        self.test.sql(Login::Owner, undo).await.unwrap();
        seen.documentation_url.unwrap()
    }
}
