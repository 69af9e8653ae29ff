//! The roles: what the logins are members of, and what they may by themselves.

use waygate::models::SCHEMA;

use crate::support::{Login, SupabaseDb};

#[tokio::test]
async fn the_logins_are_members_of_their_requests_roles_alone_and_inherit_nothing() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let members = "SELECT member::regrole || ' ' || roleid::regrole || ' ' || pg_has_role(member, roleid, 'USAGE')
                   FROM pg_auth_members WHERE member::regrole::text IN ('waygate_app', 'waygate_service', 'authenticator')
                   ORDER BY 1";
    assert_eq!(
        database.column(Login::Admin, members).await,
        [
            "authenticator anon false",
            "authenticator authenticated false",
            "authenticator service_role false",
            "waygate_app anon false",
            "waygate_app authenticated false",
            "waygate_service service_role false",
        ]
    );
    let free = "SELECT rolname FROM pg_roles WHERE rolbypassrls AND NOT rolsuper";
    assert_eq!(database.column(Login::Admin, free).await, ["service_role"]);
    for table in SCHEMA.tables().map(|table| table.name) {
        for login in [Login::App, Login::Service] {
            let error = database.sql(login, &format!("SELECT 1 FROM {table}")).await.unwrap_err();
            assert_eq!(error.code(), Some("42501"), "{table} as {login:?}: {error}");
        }
    }
}

#[tokio::test]
async fn the_tenants_login_cannot_become_the_service() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    for escape in [
        "SET ROLE service_role",
        "SET ROLE authenticated; SET ROLE service_role",
        "SET ROLE authenticated; SELECT set_config('role', 'service_role', true)",
        "SET ROLE waygate_service",
        "SET ROLE waygate_owner",
        "SET ROLE authenticator",
        "SET SESSION AUTHORIZATION service_role",
    ] {
        let error = database.sql(Login::App, escape).await.unwrap_err();
        assert_eq!(error.code(), Some("42501"), "{escape}: {error}");
    }
}
