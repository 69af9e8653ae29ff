//! A shared model beside the tenants': `anon` and every tenant read it, only the service writes it.

use waygate_db::{Id, Model, TenantId, schema_sql};

use super::{A, claims, request};
use crate::support::supabase::dialect;
use crate::support::{Login, SupabaseDb};

#[derive(Model)]
#[model(table = "owners")]
struct Owner {
    #[model(key, tenant)]
    id: TenantId,
}

#[derive(Model)]
#[model(table = "countries", shared)]
#[expect(dead_code, reason = "only its table is used")]
struct Country {
    #[model(key)]
    id: Id<Country>,
    name: String,
}

static SCHEMA: waygate_db::Schema = waygate_db::schema![Owner, Country];

#[tokio::test]
async fn everyone_reads_reference_data_and_the_service_alone_writes_it() {
    let Some(database) = SupabaseDb::empty().await else { return };
    database.sql(Login::Owner, &schema_sql(&SCHEMA, &dialect())).await.unwrap();
    let insert = "INSERT INTO countries (name) VALUES ('Norway')";
    database.sql(Login::Service, &request("service_role", "{}", insert)).await.unwrap();
    for (role, claims) in [("anon", "{}".to_owned()), ("authenticated", claims(A)), ("authenticated", "{}".to_owned())]
    {
        let read = request(role, &claims, "SELECT name FROM countries");
        assert_eq!(database.column(Login::App, &read).await, ["Norway"], "{role}");
        for write in [insert, "UPDATE countries SET name = 'x'", "DELETE FROM countries", "TRUNCATE countries"] {
            let error = database.sql(Login::App, &request(role, &claims, write)).await.unwrap_err();
            assert_eq!(error.code(), Some("42501"), "{write} as {role}: {error}");
        }
    }
    let tenants = request("anon", &claims(A), "SELECT 1 FROM owners");
    assert_eq!(database.sql(Login::App, &tenants).await.unwrap_err().code(), Some("42501"));
    let policies = "SELECT policyname || ' ' || roles::text || ' ' || cmd FROM pg_policies
                    WHERE tablename = 'countries' ORDER BY 1";
    assert_eq!(
        database.column(Login::Admin, policies).await,
        [
            "countries_anon {anon} SELECT",
            "countries_app {authenticated} SELECT",
            "countries_owner {waygate_owner} ALL",
            "countries_service {service_role} ALL",
        ]
    );
}
