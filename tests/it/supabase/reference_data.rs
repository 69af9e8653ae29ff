//! A shared model beside the tenants': `anon` and every tenant read it, only the service writes it.

use waygate_db::{Db, Id, Model, TenantId, schema_sql};

use super::{A, claims, request};
use crate::support::supabase::dialect;
use crate::support::{Login, SupabaseDb, trusted};

#[derive(Model)]
#[model(table = "owners")]
struct Owner {
    #[model(key, tenant)]
    id: TenantId,
}

#[derive(Model, Debug, PartialEq)]
#[model(table = "countries", shared)]
struct Country {
    #[model(key)]
    id: Id<Country>,
    name: String,
}

pub(super) static SCHEMA: waygate_db::Schema = waygate_db::schema![Owner, Country];

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

#[tokio::test]
async fn the_library_reads_reference_data_for_everyone_and_writes_it_as_the_service() {
    let Some(database) = SupabaseDb::empty().await else { return };
    database.sql(Login::Owner, &schema_sql(&SCHEMA, &dialect())).await.unwrap();
    let db = Db::connect(database.config()).await.unwrap();
    let country = Country::create().name("Norway").insert(&db.service("an import")).await.unwrap();
    assert_eq!(Country::query().all(&db.anon()).await.unwrap(), [country]);
    assert_eq!(Country::query().count(&db).await.unwrap(), 1);
    assert_eq!(Country::query().count(&db.tenant(trusted(A.parse().unwrap()))).await.unwrap(), 1);
}
