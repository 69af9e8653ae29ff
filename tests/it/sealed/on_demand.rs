//! Fields that stay sealed until somebody asks, of every type that can be sealed.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use waygate::models::Tenant;
use waygate_db::{Db, Dialect, Encrypted, EnvKeys, Id, Json, Model, Sealed, TenantId, TenantScope, schema_sql};

use crate::support::{EmptyDb, Login, MARKER, Outcome, random_hash};

#[derive(Model, Debug)]
#[model(table = "safes")]
#[expect(dead_code, reason = "no test asks whose a row is")]
struct Safe {
    #[model(key)]
    id: Id<Safe>,
    #[model(tenant, belongs_to(Tenant))]
    tenant_id: TenantId,
    name: String,
    #[model(encrypted)]
    code: Sealed<String>,
    #[model(encrypted(pad = fixed(64)))]
    spare: Option<Sealed<String>>,
    #[model(encrypted(bind = tenant))]
    bytes: Option<Encrypted<Vec<u8>>>,
    #[model(encrypted(bind = column, pad = block(32)))]
    flag: Option<Encrypted<bool>>,
    #[model(encrypted)]
    small: Option<Encrypted<i16>>,
    #[model(encrypted)]
    medium: Option<Encrypted<i32>>,
    #[model(encrypted)]
    large: Option<Encrypted<i64>>,
    #[model(encrypted)]
    ratio: Option<Encrypted<f64>>,
    #[model(encrypted)]
    owner: Option<Encrypted<Uuid>>,
    #[model(encrypted)]
    born: Option<Encrypted<NaiveDate>>,
    #[model(encrypted)]
    seen: Option<Encrypted<DateTime<Utc>>>,
    #[model(encrypted(pad = none))]
    notes: Option<Encrypted<Json>>,
}

static SCHEMA: waygate_db::Schema = waygate_db::schema![Tenant, Safe];

async fn deployed() -> (EmptyDb, Db) {
    let empty = EmptyDb::new().await;
    empty.sql(Login::Owner, &schema_sql(&SCHEMA, &Dialect::Postgres)).await.unwrap();
    let db = Db::connect(empty.scratch.config().keys(EnvKeys::throw_away().unwrap()).pool_size(2)).await.unwrap();
    (empty, db)
}

async fn tenant(db: &Db, name: &str) -> TenantScope {
    let hash = random_hash();
    let tenant = Tenant::create().name(name).email(format!("{name}@example.org")).waygate_api_key_hash(hash.as_str());
    db.tenant(tenant.insert(&db.service("test")).await.unwrap().id)
}

#[tokio::test]
async fn one_damaged_cell_does_not_hide_the_list_it_stands_in() {
    let (empty, db) = deployed().await;
    let acme = tenant(&db, "acme").await;
    for name in ["a", "b", "c"] {
        Safe::create().name(name).code(name).insert(&acme).await.unwrap();
    }
    let damage = "UPDATE safes SET code = set_byte(code::bytea, 40, get_byte(code, 40) # 1) WHERE name = 'b'";
    empty.sql(Login::Owner, damage).await.unwrap();
    let safes = Safe::query().order_by(|safe| safe.name.asc()).all(&acme).await.unwrap();
    assert_eq!(safes.len(), 3);
    for safe in &safes {
        match (safe.name.as_str(), safe.code.open(&acme).await) {
            ("b", Err(error)) => {
                assert!(error.is_altered() && error.message().starts_with("safes.code: "), "{error}");
            }
            (name, Ok(code)) if name != "b" => assert_eq!(code.expose(), name),
            (name, opened) => panic!("{name}: {opened:?}"),
        }
    }
}

#[tokio::test]
async fn a_list_is_read_without_any_key() {
    let (empty, db) = deployed().await;
    let acme = tenant(&db, "acme").await;
    Safe::create().name("a").code(MARKER).spare(MARKER).insert(&acme).await.unwrap();
    let keyless = Db::connect(empty.scratch.config().pool_size(1)).await.unwrap();
    let acme = keyless.tenant(acme.id());
    let safe = Safe::query().one(&acme).await.unwrap();
    assert!(!format!("{safe:?}").contains(MARKER));
    assert!(safe.code.open(&acme).await.refused().is_key());
}

#[tokio::test]
async fn another_tenants_session_opens_nothing() {
    let (_empty, db) = deployed().await;
    let (acme, rival) = (tenant(&db, "acme").await, tenant(&db, "rival").await);
    Safe::create().name("r").code("x").insert(&rival).await.unwrap();
    let safe = Safe::create().name("a").code(MARKER).insert(&acme).await.unwrap();
    // The key is at hand, as both tenants are served by this process.
    assert_eq!(safe.code.open(&acme).await.unwrap().expose(), MARKER);
    let error = safe.code.open(&rival).await.refused();
    assert!(error.is_key_mismatch() && error.message().starts_with("safes.code: "), "{error}");
    assert_eq!(safe.code.open(&db.service("test")).await.unwrap().expose(), MARKER);
}

#[tokio::test]
async fn every_type_comes_back_through_the_database() {
    let (empty, db) = deployed().await;
    let acme = tenant(&db, "acme").await;
    let (owner, born) = (Uuid::new_v4(), NaiveDate::from_ymd_opt(1912, 6, 23).unwrap());
    let seen = DateTime::from_timestamp_micros(-1_814_400_000_000_001).unwrap();
    let made = Safe::create()
        .name("all")
        .code("0000")
        .spare("1111")
        .bytes(vec![0, 0xf9, 0xff])
        .flag(true)
        .small(i16::MIN)
        .medium(i32::MIN)
        .large(i64::MIN)
        .ratio(f64::MIN_POSITIVE)
        .owner(owner)
        .born(born)
        .seen(seen)
        .notes(Json(serde_json::json!({"a": [1, null]})))
        .insert(&acme)
        .await
        .unwrap();
    let safe = Safe::find(made.id, &acme).await.unwrap().unwrap();
    assert_eq!(safe.code.open(&acme).await.unwrap().expose(), "0000");
    assert_eq!(safe.spare.unwrap().open(&acme).await.unwrap().expose(), "1111");
    assert_eq!(safe.bytes.unwrap().expose(), &[0, 0xf9, 0xff]);
    assert!(safe.flag.unwrap().expose());
    assert_eq!(*safe.small.unwrap().expose(), i16::MIN);
    assert_eq!(*safe.medium.unwrap().expose(), i32::MIN);
    assert_eq!(*safe.large.unwrap().expose(), i64::MIN);
    assert_eq!(safe.ratio.unwrap().expose().to_bits(), f64::MIN_POSITIVE.to_bits());
    assert_eq!(*safe.owner.unwrap().expose(), owner);
    assert_eq!(*safe.born.unwrap().expose(), born);
    assert_eq!(*safe.seen.unwrap().expose(), seen);
    assert_eq!(safe.notes.unwrap().expose().0, serde_json::json!({"a": [1, null]}));
    // The flags say what each column declares: bound to row and tenant, to the tenant, to nothing; padded or not.
    let flags = "SELECT get_byte(code, 2), get_byte(spare, 2), get_byte(bytes, 2), get_byte(flag, 2), \
                 get_byte(notes, 2), octet_length(spare) FROM safes";
    let flags = empty.sql(Login::Service, flags).await.unwrap().remove(0);
    let flags: Vec<String> = flags.into_iter().flatten().collect();
    assert_eq!(flags, ["7", "7", "6", "4", "3", "112"]);
}

#[tokio::test]
async fn a_value_bound_to_its_tenant_may_change_rows_and_one_bound_to_its_row_may_not() {
    let (empty, db) = deployed().await;
    let acme = tenant(&db, "acme").await;
    let one = Safe::create().name("1").code("first").bytes(vec![1]).insert(&acme).await.unwrap();
    let two = Safe::create().name("2").code("second").bytes(vec![2]).insert(&acme).await.unwrap();
    let copy = format!(
        "UPDATE safes SET code = o.code, bytes = o.bytes FROM safes o WHERE safes.id = '{}' AND o.id = '{}'",
        two.id, one.id
    );
    empty.sql(Login::Owner, &copy).await.unwrap();
    let two = Safe::find(two.id, &acme).await.unwrap().unwrap();
    assert_eq!(two.bytes.as_ref().unwrap().expose(), &[1]);
    assert!(two.code.open(&acme).await.refused().is_altered());
}
