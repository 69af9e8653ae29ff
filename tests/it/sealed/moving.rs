//! Values on their way out of a plain column: read where they are, sealed by the first write, never written back.

use waygate::models::Tenant;
use waygate_db::{Db, Dialect, Encrypted, EnvKeys, Id, Model, TenantId, TenantScope, keys, schema_sql};

use crate::support::{EmptyDb, Login, Outcome, random_hash};

/// The table before, whose number is plain.
mod before {
    use super::*;

    #[derive(Model, Debug)]
    #[model(table = "people")]
    #[expect(dead_code, reason = "the database reads them")]
    pub(super) struct Person {
        #[model(key)]
        id: Id<Person>,
        #[model(tenant, belongs_to(Tenant))]
        tenant_id: TenantId,
        pub(super) ssn: Option<String>,
        age: i32,
    }

    pub(super) static SCHEMA: waygate_db::Schema = waygate_db::schema![Tenant, Person];
}

/// The same table, while the numbers are moved.
#[derive(Model, Debug)]
#[model(table = "people")]
#[expect(dead_code, reason = "no test asks whose a row is")]
struct Person {
    #[model(key)]
    id: Id<Person>,
    #[model(tenant, belongs_to(Tenant))]
    tenant_id: TenantId,
    #[model(encrypted(migrate_from = "ssn"))]
    sealed_ssn: Option<Encrypted<String>>,
    #[model(encrypted(migrate_from = "age"))]
    sealed_age: Encrypted<i32>,
}

static SCHEMA: waygate_db::Schema = waygate_db::schema![Tenant, Person];

/// What a user writes by hand, until migrations are generated.
const MIGRATION: &str = "ALTER TABLE people ALTER age DROP NOT NULL,
        ADD sealed_ssn waygate.encrypted, ADD sealed_age waygate.encrypted,
        ALTER sealed_ssn SET STORAGE EXTERNAL, ALTER sealed_age SET STORAGE EXTERNAL;
    REVOKE INSERT (ssn, age) ON people FROM waygate_app, waygate_service;
    GRANT INSERT (sealed_ssn, sealed_age), UPDATE (sealed_ssn, sealed_age) ON people TO waygate_app, waygate_service";

/// A database with one person of before, and a tenant's handle.
async fn moved() -> (EmptyDb, Db, TenantScope, Id<Person>) {
    let empty = EmptyDb::new().await;
    empty.sql(Login::Owner, &schema_sql(&before::SCHEMA, &Dialect::Postgres)).await.unwrap();
    let db = Db::connect(empty.scratch.config().keys(EnvKeys::throw_away().unwrap()).pool_size(2)).await.unwrap();
    let hash = random_hash();
    let tenant = Tenant::create().name("acme").email("a@example.org").waygate_api_key_hash(hash.as_str());
    let acme = db.tenant(tenant.insert(&db.service("test")).await.unwrap().id);
    let person = before::Person::create().ssn("078-05-1120").age(41).insert(&acme).await.unwrap();
    empty.sql(Login::Owner, MIGRATION).await.unwrap();
    let id = Id::from(person.key().as_uuid());
    (empty, db, acme, id)
}

async fn stored(empty: &EmptyDb, column: &str) -> Vec<Option<String>> {
    let rows = empty.sql(Login::Service, &format!("SELECT {column} FROM people ORDER BY id")).await.unwrap();
    rows.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_value_is_read_from_the_plain_column_until_a_write_moves_it() {
    let (empty, _db, acme, id) = moved().await;
    let person = Person::find(id, &acme).await.unwrap().unwrap();
    assert_eq!(person.sealed_ssn.as_ref().map(|ssn| ssn.expose().as_str()), Some("078-05-1120"));
    assert_eq!(*person.sealed_age.expose(), 41);

    let person = person.patch().sealed_ssn("219-09-9999").save(&acme).await.unwrap();
    assert_eq!(person.sealed_ssn.map(Encrypted::into_exposed).as_deref(), Some("219-09-9999"));
    assert_eq!(stored(&empty, "ssn").await, [None], "the write emptied the plain column");
    assert_eq!(stored(&empty, "age").await, [Some("41".to_owned())], "and no other");

    Person::update(id).sealed_ssn(None::<Encrypted<String>>).exec(&acme).await.unwrap();
    assert!(Person::find(id, &acme).await.unwrap().unwrap().sealed_ssn.is_none(), "an emptied value stays empty");
}

#[tokio::test]
async fn a_new_row_is_sealed_from_the_start() {
    let (empty, _db, acme, _) = moved().await;
    let person = Person::create().sealed_ssn("1").sealed_age(7).insert(&acme).await.unwrap();
    assert_eq!(*person.sealed_age.expose(), 7);
    let plain = empty.sql(Login::Service, &format!("SELECT ssn, age FROM people WHERE id = '{}'", person.id)).await;
    assert_eq!(plain.unwrap(), [[None, None]]);
}

#[tokio::test]
async fn a_sealed_value_that_does_not_open_is_never_replaced_by_the_plain_one() {
    let (empty, _db, acme, id) = moved().await;
    Person::update(id).sealed_age(42).exec(&acme).await.unwrap();
    // Whoever writes the database puts a plain value back and breaks the cell.
    let forged =
        "UPDATE people SET age = 1, sealed_age = set_byte(sealed_age::bytea, 40, get_byte(sealed_age, 40) # 1)";
    empty.sql(Login::Owner, forged).await.unwrap();
    let error = Person::find(id, &acme).await.refused();
    assert!(error.is_altered() && error.message().starts_with("people.sealed_age: "), "{error}");
}

#[tokio::test]
async fn both_columns_empty_is_an_error_where_the_field_needs_a_value() {
    let (empty, _db, acme, id) = moved().await;
    empty.sql(Login::Owner, "UPDATE people SET age = NULL").await.unwrap();
    let error = Person::find(id, &acme).await.refused();
    assert!(error.is_decode() && error.message().starts_with("people.sealed_age: NULL"), "{error}");
}

#[tokio::test]
async fn the_job_moves_what_no_write_has_reached() {
    let (empty, db, acme, id) = moved().await;
    for age in 0..50 {
        let ssn = format!("ssn {age}");
        let insert =
            format!("SET waygate.tenant_id = '{}'; INSERT INTO people (ssn, age) VALUES ('{ssn}', {age})", acme.id());
        empty.sql(Login::Owner, &insert).await.unwrap();
    }
    Person::update(id).sealed_age(7).exec(&acme).await.unwrap();
    let service = db.service("seal what is plain");
    let heard = std::sync::atomic::AtomicU64::new(0);
    let watch = |moved| heard.store(moved, std::sync::atomic::Ordering::Relaxed);
    // Two runs at once share the work, and neither does the other's again.
    let runs = tokio::join!(
        keys::move_plaintext(&service, &SCHEMA, 7, &watch),
        keys::move_plaintext(&service, &SCHEMA, 5, &|_| ())
    );
    let (one, two) = (runs.0.unwrap(), runs.1.unwrap());
    let moved: Vec<u64> = one.iter().zip(&two).map(|(one, two)| one.moved + two.moved).collect();
    assert_eq!(moved, [51, 50]);
    assert!(one.iter().chain(&two).all(|moved| moved.stray == 0));
    assert_eq!((one[0].column.as_str(), one[0].from), ("people.sealed_ssn", "ssn"));
    assert!(heard.into_inner() <= 51);
    assert!(stored(&empty, "ssn").await.into_iter().chain(stored(&empty, "age").await).all(|plain| plain.is_none()));
    let people = Person::query().all(&acme).await.unwrap();
    for person in &people {
        let ssn = person.sealed_ssn.as_ref().unwrap().expose();
        assert!(*ssn == "078-05-1120" || *ssn == format!("ssn {}", person.sealed_age.expose()), "{ssn}");
    }
    assert_eq!(people.len(), 51);
    let again = keys::move_plaintext(&service, &SCHEMA, 7, &|_| ()).await.unwrap();
    assert!(again.iter().all(|moved| moved.moved == 0 && moved.left == 0), "{again:?}");
}

#[tokio::test]
async fn a_row_that_is_written_while_it_is_moved_keeps_the_later_value() {
    let (empty, db, acme, id) = moved().await;
    let service = db.service("seal what is plain");
    // The row is locked by a writer that has not committed when the job reaches it.
    let writer = acme.transaction(async |tx| {
        Person::update(id).sealed_ssn("later").sealed_age(1).exec(tx).await?;
        let job = keys::move_plaintext(&service, &SCHEMA, 10, &|_| ());
        let job = tokio::time::timeout(std::time::Duration::from_millis(300), job).await;
        assert!(job.is_err(), "the job waits for the writer");
        Ok::<_, waygate_db::Error>(())
    });
    writer.await.unwrap();
    let report = keys::move_plaintext(&service, &SCHEMA, 10, &|_| ()).await.unwrap();
    assert!(report.iter().all(|moved| moved.left == 0), "{report:?}");
    let person = Person::find(id, &acme).await.unwrap().unwrap();
    assert_eq!(person.sealed_ssn.unwrap().expose(), "later");
    assert_eq!(stored(&empty, "ssn").await, [None]);
}

#[tokio::test]
async fn a_plain_value_beside_a_sealed_one_is_counted_and_never_read() {
    let (empty, db, acme, id) = moved().await;
    Person::update(id).sealed_ssn("sealed").exec(&acme).await.unwrap();
    empty.sql(Login::Owner, "UPDATE people SET ssn = 'stray'").await.unwrap();
    let report = keys::move_plaintext(&db.service("seal"), &SCHEMA, 10, &|_| ()).await.unwrap();
    assert_eq!((report[0].left, report[0].stray), (1, 1));
    assert_eq!(Person::find(id, &acme).await.unwrap().unwrap().sealed_ssn.unwrap().expose(), "sealed");
}

#[test]
fn the_schema_holds_both_columns_and_grants_no_insert_of_the_plain_one() {
    let sql = schema_sql(&SCHEMA, &Dialect::Postgres);
    let table = sql.split("CREATE TABLE public.people (").nth(1).and_then(|rest| rest.split(");").next()).unwrap();
    assert!(table.contains("ssn        text") && table.contains("age        integer"), "{table}");
    assert!(!table.contains("sealed_age waygate.encrypted NOT NULL"), "{table}");
    let grants = sql.split("REVOKE ALL ON public.people").nth(1).unwrap();
    assert!(grants.contains("INSERT (id, sealed_ssn, sealed_age)"), "{grants}");
    assert!(grants.contains("UPDATE (sealed_ssn, sealed_age, ssn, age)"), "{grants}");
}
