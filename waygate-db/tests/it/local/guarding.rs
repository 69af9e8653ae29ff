//! The event trigger that closes new tables, and what new objects grant by themselves.

use tokio_postgres::Client;
use waygate_db::local::LocalServer;
use waygate_db::local::database::{connect, create_database, hand_over, is_guarded, prepare_database};
use waygate_db::local::roles::{self, Passwords, ensure_roles};

use super::{column, start};

/// The tables of `public` that are not both enabled and forced.
const OPEN: &str = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                    AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1";

/// A prepared database, with a superuser's connection to it.
async fn prepared() -> (LocalServer, Client) {
    let server = start().await;
    let root = connect(&server.admin_url()).await.unwrap();
    ensure_roles(&root, &Passwords::default()).await.unwrap();
    create_database(&root, "shop", None).await.unwrap();
    let admin = connect(&server.admin_url().with_database("shop")).await.unwrap();
    prepare_database(&admin).await.unwrap();
    (server, admin)
}

async fn login(server: &LocalServer, role: &str) -> Client {
    connect(&server.admin_url().with_database("shop").with_user(role).unwrap()).await.unwrap()
}

async fn code(client: &Client, sql: &str) -> String {
    client.simple_query(sql).await.unwrap_err().code().unwrap().code().to_owned()
}

#[tokio::test]
async fn a_new_table_is_closed_at_once_whoever_makes_it_and_however() {
    let (server, admin) = prepared().await;
    assert!(is_guarded(&admin).await.unwrap());
    admin.batch_execute("CREATE ROLE other LOGIN; GRANT CREATE ON SCHEMA public TO other").await.unwrap();
    admin.batch_execute("GRANT CONNECT ON DATABASE shop TO other").await.unwrap();

    let migrator = login(&server, roles::MIGRATOR).await;
    migrator
        .batch_execute(
            "SET ROLE waygate_owner; CREATE SCHEMA aside;
             CREATE TABLE plain (id int PRIMARY KEY, self int REFERENCES plain, n serial);
             CREATE TABLE \"we\"\"ird Name\" AS SELECT 1 AS one;
             SELECT 2 AS two INTO into_it;
             CREATE UNLOGGED TABLE unlogged (id int);
             CREATE TABLE parted (id int) PARTITION BY LIST (id);
             CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
             CREATE TABLE child () INHERITS (plain);
             CREATE TABLE aside.elsewhere (id int);
             CREATE TEMP TABLE mine (id int); INSERT INTO mine VALUES (1);",
        )
        .await
        .unwrap();
    admin.batch_execute("CREATE TABLE of_the_superuser (id int)").await.unwrap();
    login(&server, "other").await.batch_execute("CREATE TABLE of_another (id int)").await.unwrap();
    assert_eq!(column(&admin, OPEN).await, [""; 0]);
    let closed = "SELECT count(*) FROM pg_class WHERE relrowsecurity";
    assert_eq!(column(&admin, closed).await, ["9"], "and none in another schema");

    // A grant alone opens nothing, not even to the owner; a superuser still sees the row.
    migrator.batch_execute("GRANT ALL ON into_it TO waygate_app").await.unwrap();
    let app = login(&server, roles::APP).await;
    assert_eq!(column(&app, "SELECT two FROM into_it").await, [""; 0]);
    assert_eq!(code(&app, "INSERT INTO into_it VALUES (1)").await, "42501");
    assert_eq!(column(&migrator, "SELECT two FROM into_it").await, [""; 0]);
    assert_eq!(column(&admin, "SELECT two FROM into_it").await, ["2"]);
    migrator.batch_execute("CREATE POLICY open ON into_it TO waygate_app USING (true)").await.unwrap();
    assert_eq!(column(&app, "SELECT two FROM into_it").await, ["2"], "its policy opens it");

    // What is there already is not touched again.
    migrator.batch_execute("ALTER TABLE plain DISABLE ROW LEVEL SECURITY").await.unwrap();
    migrator.batch_execute("CREATE TABLE IF NOT EXISTS plain (id int)").await.unwrap();
    assert_eq!(column(&admin, OPEN).await, ["plain"]);
}

#[tokio::test]
async fn preparing_again_keeps_the_trigger_as_it_is_and_a_copy_has_it() {
    let (server, admin) = prepared().await;
    let trigger = "SELECT evtname || ' ' || evtfoid::regprocedure || ' ' || evtenabled::text FROM pg_event_trigger";
    let once = column(&admin, trigger).await;
    assert_eq!(once, ["waygate_row_security waygate.enable_row_security() O"]);
    let rights = "SELECT proowner::regrole || ' ' || proacl::text || ' ' || prosecdef || ' ' || proconfig::text
                  FROM pg_proc WHERE proname = 'enable_row_security'";
    let function = column(&admin, rights).await;
    assert_eq!(function, ["postgres {postgres=X/postgres} false {\"search_path=pg_catalog, pg_temp\"}"]);
    hand_over(&admin).await.unwrap();
    assert_eq!((column(&admin, trigger).await, column(&admin, rights).await), (once, function));

    // Switched off, it is missed, and the next run switches it on.
    admin.batch_execute("ALTER EVENT TRIGGER waygate_row_security DISABLE").await.unwrap();
    assert!(!is_guarded(&admin).await.unwrap());
    prepare_database(&admin).await.unwrap();
    assert!(is_guarded(&admin).await.unwrap());

    drop(admin);
    let root = connect(&server.admin_url()).await.unwrap();
    let mut copied = create_database(&root, "copy", Some("shop")).await;
    for _ in 0..50 {
        if copied.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        copied = create_database(&root, "copy", Some("shop")).await;
    }
    copied.unwrap();
    let copy = connect(&server.admin_url().with_database("copy")).await.unwrap();
    assert!(is_guarded(&copy).await.unwrap());
    copy.batch_execute("CREATE TABLE t (id int)").await.unwrap();
    assert_eq!(column(&copy, OPEN).await, [""; 0]);
}

#[tokio::test]
async fn the_owner_of_the_schema_cannot_put_its_own_text_under_the_trigger() {
    let server = start().await;
    let root = connect(&server.admin_url()).await.unwrap();
    ensure_roles(&root, &Passwords::default()).await.unwrap();
    create_database(&root, "shop", None).await.unwrap();
    let replace = "SET ROLE waygate_owner; CREATE SCHEMA IF NOT EXISTS waygate;
                   CREATE OR REPLACE FUNCTION waygate.enable_row_security() RETURNS event_trigger LANGUAGE plpgsql
                   SECURITY DEFINER AS $$ BEGIN ALTER ROLE waygate_app SUPERUSER; END $$";
    // It is there before, under a name that everybody knows.
    let migrator = login(&server, roles::MIGRATOR).await;
    migrator.batch_execute(replace).await.unwrap();
    let admin = connect(&server.admin_url().with_database("shop")).await.unwrap();
    prepare_database(&admin).await.unwrap();
    assert_eq!(code(&migrator, replace).await, "42501");
    assert_eq!(code(&migrator, "DROP FUNCTION waygate.enable_row_security()").await, "2BP01", "the trigger needs it");
    admin.batch_execute("CREATE TABLE t (id int)").await.unwrap();
    assert_eq!(column(&admin, "SELECT rolsuper FROM pg_roles WHERE rolname = 'waygate_app'").await, ["f"]);
    assert_eq!(column(&admin, OPEN).await, [""; 0]);
}

#[tokio::test]
async fn an_administrator_who_is_no_superuser_prepares_without_the_trigger_and_can_come_back() {
    let server = start().await;
    let root = connect(&server.admin_url()).await.unwrap();
    root.batch_execute("CREATE ROLE chief LOGIN CREATEROLE CREATEDB").await.unwrap();
    root.batch_execute("CREATE DATABASE shop OWNER chief").await.unwrap();
    for _ in 0..2 {
        // A new connection each time: the first run closes the database to PUBLIC.
        let chief = login(&server, "chief").await;
        ensure_roles(&chief, &Passwords::default()).await.unwrap();
        hand_over(&chief).await.unwrap();
        assert!(!is_guarded(&chief).await.unwrap());
        let acl = "SELECT unnest(datacl)::text FROM pg_database WHERE datname = 'shop' ORDER BY 1";
        let acl = column(&chief, acl).await;
        assert!(acl.contains(&"chief=c/waygate_owner".to_owned()), "{acl:?}");
        assert_eq!(acl.len(), 5, "{acl:?}");
    }
    // Once a superuser came by, the trigger is there for the others too.
    hand_over(&connect(&server.admin_url().with_database("shop")).await.unwrap()).await.unwrap();
    let chief = login(&server, "chief").await;
    hand_over(&chief).await.unwrap();
    assert!(is_guarded(&chief).await.unwrap());
}

#[tokio::test]
async fn what_the_owner_makes_later_is_granted_to_nobody_by_itself() {
    let (_server, admin) = prepared().await;
    // What tutorials advise, and what preparing again takes back.
    for place in ["", "IN SCHEMA public", "IN SCHEMA waygate"] {
        for objects in ["TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"] {
            let grant = format!(
                "ALTER DEFAULT PRIVILEGES FOR ROLE waygate_owner {place}
                 GRANT ALL ON {objects} TO PUBLIC, waygate_app, waygate_service, waygate_login"
            );
            admin.batch_execute(&grant).await.unwrap();
        }
    }
    for _ in 0..2 {
        prepare_database(&admin).await.unwrap();
    }
    admin
        .batch_execute(
            "SET ROLE waygate_owner;
             CREATE TABLE t (id serial); CREATE TYPE mood AS ENUM ('good');
             CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE TABLE waygate.t (id serial); CREATE DOMAIN waygate.mood AS text;
             CREATE FUNCTION waygate.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
             RESET ROLE",
        )
        .await
        .unwrap();
    // Row types share their table's rights, and arrays their element's.
    let granted = "
        SELECT object || ': ' || grantee::regrole FROM (
            SELECT relname::text AS object, (aclexplode(coalesce(relacl, acldefault('r', relowner)))).grantee, relowner AS owner
            FROM pg_class WHERE relkind IN ('r', 'S') AND relowner = 'waygate_owner'::regrole
            UNION ALL
            SELECT proname, (aclexplode(coalesce(proacl, acldefault('f', proowner)))).grantee, proowner
            FROM pg_proc WHERE proowner = 'waygate_owner'::regrole
            UNION ALL
            SELECT typname, (aclexplode(coalesce(typacl, acldefault('T', typowner)))).grantee, typowner
            FROM pg_type WHERE typowner = 'waygate_owner'::regrole AND typtype IN ('e', 'd')
        ) acl WHERE grantee <> owner ORDER BY 1";
    assert_eq!(column(&admin, granted).await, [""; 0]);
}
