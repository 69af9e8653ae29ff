//! The sealed cells that the targets work on: one for each codec, binding and padding, and a few for other owners.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use waygate_db::__crypto::{CellContext, DataKey, Keyring};
use waygate_db::{Codec, Encrypted, Id, Json, KeyPurpose, KeyScope, KeySecret, Model, Sealable, Secret, TenantId};

/// A tenant.
#[derive(Model)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
}

/// Every kind of sealed column.
#[expect(dead_code, reason = "its table is used, never a row of it")]
#[derive(Model)]
#[model(table = "vaults")]
struct Vault {
    #[model(key)]
    id: Id<Vault>,
    #[model(tenant, belongs_to(Tenant))]
    tenant_id: TenantId,
    #[model(encrypted)]
    text: Encrypted<String>,
    #[model(encrypted(pad = none))]
    bare: Encrypted<String>,
    #[model(encrypted(pad = fixed(64)))]
    fixed: Encrypted<String>,
    #[model(encrypted(pad = block(100)))]
    stepped: Encrypted<Vec<u8>>,
    #[model(encrypted(bind = tenant))]
    tenants: Encrypted<String>,
    #[model(encrypted(bind = column, pad = none))]
    anywhere: Encrypted<String>,
    #[model(encrypted)]
    bytes: Encrypted<Vec<u8>>,
    #[model(encrypted)]
    long: Encrypted<i64>,
    #[model(encrypted)]
    int: Encrypted<i32>,
    #[model(encrypted)]
    short: Encrypted<i16>,
    #[model(encrypted)]
    flag: Encrypted<bool>,
    #[model(encrypted)]
    uuid: Encrypted<Uuid>,
    #[model(encrypted)]
    float: Encrypted<f64>,
    #[model(encrypted)]
    date: Encrypted<NaiveDate>,
    #[model(encrypted)]
    time: Encrypted<DateTime<Utc>>,
    #[model(encrypted)]
    json: Encrypted<Json>,
}

const ACME: Uuid = Uuid::from_u128(0xaa);
const RIVAL: Uuid = Uuid::from_u128(0xbb);
const ROW: Uuid = Uuid::from_u128(1);
const OTHER_ROW: Uuid = Uuid::from_u128(2);

/// A cell's place, and the cell that was sealed for it.
pub struct Place {
    /// The sealed cell.
    pub cell: Vec<u8>,
    context: CellContext,
    open: fn(&[u8], &CellContext, &Keyring) -> bool,
}

impl Place {
    /// Whether these bytes open here, as the type that the place's column has.
    #[must_use]
    pub fn opens(&self, cell: &[u8]) -> bool {
        (self.open)(cell, &self.context, &KEYS.keyring)
    }
}

/// The data keys of the tenants: the same in every run, so that a finding repeats.
pub struct Keys {
    keyring: Keyring,
    /// The key that most places are sealed under.
    pub acme: Arc<DataKey>,
    rival: Arc<DataKey>,
}

/// The keys of all places.
pub static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let key = |tenant, secret| {
        let scope = KeyScope::Tenant(tenant);
        let key = DataKey::from_secret(KeySecret::new([secret; 32]), scope, KeyPurpose::Encrypt, 1);
        Arc::new(key.expect("a data key"))
    };
    let (acme, rival) = (key(ACME, 1), key(RIVAL, 2));
    let keyring = Keyring::default();
    keyring.insert(Arc::clone(&acme));
    keyring.insert(Arc::clone(&rival));
    Keys { keyring, acme, rival }
});

/// All places. No two of them share a column, a row and a tenant as far as the column binds them, so that no cell opens
/// in two.
pub static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let text = |text: &str| text.to_owned();
    let mut places = vec![
        place("text", ROW, ACME, text("a token")),
        place("text", OTHER_ROW, ACME, text("another token")),
        place("text", ROW, RIVAL, text("a token")),
        place("bare", ROW, ACME, text("a token")),
        place("bare", OTHER_ROW, ACME, text("")),
        place("fixed", ROW, ACME, text("fail")),
        place("stepped", ROW, ACME, vec![7; 101]),
        place("tenants", ROW, ACME, text("of one tenant")),
        place("tenants", ROW, RIVAL, text("of another")),
        place("anywhere", ROW, ACME, text("of any row")),
        place("bytes", ROW, ACME, vec![0xf9, 0x01, 0x80, 0x00]),
        place("text", Uuid::from_u128(3), ACME, "long ".repeat(100)),
    ];
    places.extend([
        place("long", ROW, ACME, i64::MIN),
        place("int", ROW, ACME, -1_i32),
        place("short", ROW, ACME, 300_i16),
        place("flag", ROW, ACME, true),
        place("uuid", ROW, ACME, RIVAL),
        place("float", ROW, ACME, 0.5_f64),
        place("date", ROW, ACME, NaiveDate::MIN),
        place("time", ROW, ACME, DateTime::<Utc>::UNIX_EPOCH),
        place("json", ROW, ACME, Json(serde_json::json!({"a": [1, null]}))),
    ]);
    places
});

fn place<T: Codec>(column: &str, row: Uuid, tenant: Uuid, value: T) -> Place {
    let column = Vault::TABLE.columns.iter().position(|one| one.name == column).expect("a column");
    let context = CellContext::new(Vault::TABLE, column, row, Some(tenant));
    let key = if tenant == ACME { &KEYS.acme } else { &KEYS.rival };
    let plaintext = Encrypted::new(value).plaintext().expect("an encoded value").expect("a value");
    let cell = plaintext.seal(key, &context).expect("a sealed cell");
    let open = |cell: &[u8], context: &CellContext, keyring: &Keyring| {
        Encrypted::<T>::read(Some(cell), context, keyring).is_ok()
    };
    Place { cell, context, open }
}
