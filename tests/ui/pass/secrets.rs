//! Every form of a sealed field, the metadata that comes of it, and what a program does with a secret.
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations)]

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use waygate_db::schema::{Binding, Encryption, Opened, Padding, SqlType};
use waygate_db::{Dialect, Encrypted, Id, Json, Model, Schema, Sealed, TenantId, TenantScope, schema_sql};

const MARKER: &str = "marker-5d20c7";

#[derive(Model, Debug)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
    #[model(encrypted)]
    token: Encrypted<String>,
}

#[derive(Serialize, Deserialize, Debug, Clone)]
struct Card {
    number: String,
}

#[derive(Model, Debug, Clone)]
#[model(table = "vaults")]
struct Vault {
    #[model(key)]
    id: Id<Vault>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    tenant_id: TenantId,
    #[model(encrypted)]
    bare: Encrypted<String>,
    #[model(encrypted)]
    optional: Option<Encrypted<String>>,
    #[model(encrypted)]
    later: Sealed<String>,
    #[model(encrypted)]
    optional_later: Option<Sealed<Json<Card>>>,
    #[model(encrypted(bind = row))]
    of_its_row: Encrypted<String>,
    #[model(encrypted(bind = tenant))]
    of_its_tenant: Encrypted<String>,
    #[model(encrypted(bind = column))]
    of_its_column: Sealed<Vec<u8>>,
    #[model(encrypted(pad = none))]
    as_long_as_it_is: Encrypted<String>,
    #[model(encrypted(pad = block(64)))]
    stepped: Encrypted<Vec<u8>>,
    #[model(encrypted(pad = fixed(256)))]
    fixed: Option<Encrypted<Json<Card>>>,
    #[model(encrypted(context = "vaults.first_name"), column = "second_name", renamed_from = "first_name")]
    renamed: Encrypted<String>,
    #[model(encrypted(migrate_from = "plain"))]
    moved: Encrypted<String>,
    #[model(encrypted(context = "people.born", bind = tenant, pad = none, migrate_from = "birthday"))]
    everything: Option<Encrypted<NaiveDate>>,
    #[model(encrypted)]
    small: Encrypted<i16>,
    #[model(encrypted)]
    medium: Encrypted<i32>,
    #[model(encrypted)]
    large: Encrypted<i64>,
    #[model(encrypted)]
    ratio: Encrypted<f64>,
    #[model(encrypted)]
    flag: Encrypted<bool>,
    #[model(encrypted)]
    uuid: Sealed<Uuid>,
    #[model(encrypted)]
    at: Encrypted<DateTime<Utc>>,
}

#[derive(Model, Debug)]
#[model(table = "entries", tenant(through = vault_id))]
struct Entry {
    #[model(key)]
    id: Id<Entry>,
    #[model(belongs_to(Vault))]
    vault_id: Id<Vault>,
    #[model(encrypted(bind = column))]
    text: Encrypted<String>,
}

#[derive(Model, Debug)]
#[model(table = "words", shared)]
struct Word {
    #[model(key)]
    id: Id<Word>,
    #[model(encrypted)]
    word: Sealed<String>,
}

/// A struct of the program's own that holds a document.
#[derive(Debug, Clone)]
struct Login {
    first: Encrypted<String>,
    second: Option<Encrypted<Json<Card>>>,
}

static SCHEMA: Schema = waygate_db::schema![Tenant, Vault, Entry, Word];

fn main() {
    each_word_is_metadata();
    each_type_is_metadata();
    the_ddl_has_sealed_columns();
    nothing_is_printed();
    secrets_are_compared_and_exposed();
    each_form_is_set();
    let _ = opened;
}

fn sealed(column: &str) -> Encryption {
    Vault::TABLE.column(column).unwrap().encryption.unwrap()
}

fn each_word_is_metadata() {
    let bare = sealed("bare");
    assert_eq!((bare.context, bare.binding, bare.padding), ("vaults.bare", Binding::Row, Padding::Auto));
    assert!(bare.search.is_none() && bare.moved_from.is_none());
    assert_eq!(sealed("of_its_row").binding, Binding::Row);
    assert_eq!(sealed("of_its_tenant").binding, Binding::Tenant);
    assert_eq!(sealed("of_its_column").binding, Binding::Column);
    assert_eq!(sealed("as_long_as_it_is").padding, Padding::None);
    assert_eq!(sealed("stepped").padding, Padding::Block(64));
    assert_eq!(sealed("fixed").padding, Padding::Fixed(256));
    assert_eq!(sealed("second_name").context, "vaults.first_name");
    assert_eq!(Vault::TABLE.column("second_name").unwrap().renamed_from, Some("first_name"));
    let moved = |column: &str| sealed(column).moved_from.map(|place| Vault::TABLE.column_at(place).name);
    assert_eq!((moved("moved"), moved("everything"), moved("bare")), (Some("plain"), Some("birthday"), None));
    let all = sealed("everything");
    assert_eq!((all.context, all.binding, all.padding), ("people.born", Binding::Tenant, Padding::None));
    assert_eq!(Entry::TABLE.column("text").unwrap().encryption.unwrap().binding, Binding::Column);
    assert_eq!(Word::TABLE.column("word").unwrap().encryption.unwrap().context, "words.word");
}

fn each_type_is_metadata() {
    let nullable = |column: &str| Vault::TABLE.column(column).unwrap().nullable;
    assert_eq!((nullable("bare"), nullable("optional")), (false, true));
    assert_eq!((nullable("later"), nullable("optional_later")), (false, true));
    assert!(nullable("moved"), "until its values are moved");
    let with_row = |column: &str| sealed(column).opened == Opened::WithRow;
    assert_eq!((with_row("bare"), with_row("optional")), (true, true));
    assert_eq!((with_row("later"), with_row("optional_later")), (false, false));
    let codecs = ["bare", "stepped", "large", "medium", "flag", "uuid", "ratio", "everything", "at", "fixed", "small"];
    assert_eq!(codecs.map(|column| sealed(column).codec), [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]);
    for column in Vault::TABLE.columns {
        assert_eq!(matches!(column.ty, SqlType::Encrypted), column.encryption.is_some(), "{}", column.name);
    }
}

fn the_ddl_has_sealed_columns() {
    let ddl = schema_sql(&SCHEMA, &Dialect::Postgres);
    let line = |column: &str| {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        ddl.lines().map(words).find(|line| line.starts_with(&format!("{column} waygate.encrypted"))).unwrap()
    };
    assert_eq!(line("bare"), "bare waygate.encrypted NOT NULL,");
    assert_eq!(line("optional"), "optional waygate.encrypted,");
    assert_eq!(line("later"), "later waygate.encrypted NOT NULL,");
    assert_eq!(line("optional_later"), "optional_later waygate.encrypted,");
}

fn nothing_is_printed() {
    let card = Json(Card { number: MARKER.to_owned() });
    let login = Login { first: MARKER.to_owned().into(), second: Some(Encrypted::new(card)) };
    let tenant = Tenant { id: TenantId::trust(Uuid::nil()), token: Encrypted::new(MARKER.to_owned()) };
    for shown in [format!("{login:?} {tenant:?}"), format!("{:#?} {tenant:#?}", login.clone())] {
        assert_eq!(shown.matches("Encrypted(<redacted>)").count(), 3, "{shown}");
        assert!(!shown.contains(MARKER), "{shown}");
    }
    assert_eq!(login.first.expose(), login.second.unwrap().expose().0.number.as_str());
}

fn secrets_are_compared_and_exposed() {
    let (one, same, other) = (secret("a"), secret("a"), secret("b"));
    assert!(one.ct_eq(&same) && !one.ct_eq(&other) && !one.ct_eq(&secret("")));
    assert!(one.ct_eq(&one.clone()));
    assert_eq!((one.expose().as_str(), other.into_exposed().as_str()), ("a", "b"));
    let card = Encrypted::new(Json(Card { number: "4111".to_owned() }));
    assert_eq!(card.expose().0.number, "4111");
    assert_eq!(card.into_exposed().0.number, "4111");
    assert_eq!(*Encrypted::new(7_i64).expose(), 7);
}

fn secret(text: &str) -> Encrypted<String> {
    Encrypted::new(text.to_owned())
}

/// A setter takes a bare value or a guarded one, whatever opens it later.
fn each_form_is_set() {
    let card = || Json(Card { number: String::new() });
    let id = Id::new();
    let _ = Vault::update(id).bare("a").optional(None).later(String::new()).optional_later(card());
    let _ = Vault::update(id).bare(secret("a")).optional("a").later(secret("b")).of_its_column(vec![1]).large(7);
    let _ = Vault::update(id).optional(Some(secret("a"))).fixed(card()).everything(NaiveDate::MIN).flag(true);
    let _ = Vault::query().filter(|v| v.optional.is_null() & v.optional_later.is_not_null());
    let _ = Word::create().word("x");
}

/// What is sealed for later is opened by a session.
async fn opened(acme: TenantScope, vault: Vault) -> waygate_db::Result<usize> {
    Ok(vault.later.open(&acme).await?.expose().len())
}
