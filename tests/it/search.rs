//! Sealed values found by their blind index: in which forms, by whom, and never a wrong row.

mod keys;
mod rotated;
mod tampered;
mod unique;
mod windows;

use waygate::models::Tenant;
use waygate_db::{
    Config, Db, Dialect, Encrypted, EnvKeys, Id, Model, Schema, Sealed, ServiceScope, TenantId, TenantScope, schema_sql,
};

use crate::support::{EmptyDb, Login, Outcome, TextRow, random_hash};

/// A contact, found by whatever it is known by.
#[derive(Model, Debug)]
#[expect(dead_code, reason = "a row is more than what is asked of it here")]
#[model(table = "contacts")]
struct Contact {
    #[model(key)]
    id: Id<Contact>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    tenant_id: TenantId,
    label: String,
    #[model(encrypted, searchable(normalize = trim_lower, unique))]
    email: Encrypted<String>,
    #[model(encrypted(bind = tenant), searchable(normalize = digits))]
    phone: Option<Encrypted<String>>,
    #[model(encrypted, searchable(bits = 8))]
    city: Option<Encrypted<String>>,
    #[model(encrypted, searchable(normalize = last(4)))]
    card: Option<Sealed<String>>,
    #[model(encrypted, searchable)]
    number: Option<Encrypted<i64>>,
    #[model(encrypted, searchable(normalize = lower, scope = app))]
    handle: Option<Encrypted<String>>,
    #[model(created_at)]
    created_at: chrono::DateTime<chrono::Utc>,
}

/// What a contact is also called: it has its tenant from the contact.
#[derive(Model, Debug)]
#[expect(dead_code, reason = "a row is more than what is asked of it here")]
#[model(table = "aliases", tenant(through = contact_id))]
struct Alias {
    #[model(key)]
    id: Id<Alias>,
    #[model(belongs_to(Contact, on_delete = cascade))]
    contact_id: Id<Contact>,
    #[model(encrypted, searchable(unique))]
    name: Encrypted<String>,
}

/// Reference data.
#[derive(Model, Debug)]
#[expect(dead_code, reason = "a row is more than what is asked of it here")]
#[model(table = "blocked", shared)]
struct Blocked {
    #[model(key)]
    id: Id<Blocked>,
    #[model(encrypted, searchable(unique))]
    word: Sealed<String>,
}

static SCHEMA: Schema = waygate_db::schema![Tenant, Contact, Alias, Blocked];

/// A database with these tables, of one test alone.
struct Found {
    db: Db,
    keys: [(String, String); 2],
    empty: EmptyDb,
}

impl Found {
    async fn new() -> Self {
        let empty = EmptyDb::new().await;
        empty.sql(Login::Owner, &schema_sql(&SCHEMA, &Dialect::Postgres)).await.unwrap();
        let keys = EnvKeys::fresh_vars().unwrap();
        let db = Db::connect(Self::config(&empty, &keys)).await.unwrap();
        Self { db, keys, empty }
    }

    fn config(empty: &EmptyDb, keys: &[(String, String); 2]) -> Config {
        empty.scratch.config().keys(EnvKeys::from_vars(keys.clone()).unwrap()).pool_size(3)
    }

    /// One more handle with keys of its own, as another process would have.
    async fn another(&self) -> Db {
        Db::connect(Self::config(&self.empty, &self.keys)).await.unwrap()
    }

    fn service(&self) -> ServiceScope {
        self.db.service("test")
    }

    async fn tenant(&self, name: &str) -> TenantScope {
        let create = Tenant::create().name(name).email(name).waygate_api_key_hash(random_hash());
        self.db.tenant(create.insert(&self.service()).await.unwrap().id)
    }

    /// Raw SQL as the service.
    async fn sql(&self, sql: &str) -> Vec<TextRow> {
        self.empty.sql(Login::Service, sql).await.unwrap()
    }

    /// The one value of the one row, as text.
    async fn value(&self, sql: &str) -> Option<String> {
        let mut rows = self.sql(sql).await;
        assert_eq!(rows.len(), 1, "{sql}");
        rows.remove(0).remove(0)
    }

    /// The digest beside a contact's column, in hex.
    async fn digest(&self, column: &str, id: Id<Contact>) -> Option<String> {
        self.value(&format!("SELECT encode({column}_bidx, 'hex') FROM contacts WHERE id = '{id}'")).await
    }
}

/// A contact with an address.
async fn contact(scope: &TenantScope, email: &str) -> Contact {
    Contact::create().label("x").email(email).insert(scope).await.unwrap()
}

/// The addresses of the contacts that were found, in order.
fn emails(contacts: &[Contact]) -> Vec<&str> {
    let mut emails: Vec<&str> = contacts.iter().map(|one| one.email.expose().as_str()).collect();
    emails.sort_unstable();
    emails
}

#[tokio::test]
async fn eq_and_in_find_what_the_normalizer_takes_for_the_same() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let ada = Contact::create()
        .label("ada")
        .email("Ada@Example.org")
        .phone("+49 (30) 12-34")
        .city("Berlin")
        .card("4111 1111 1111 3456")
        .number(-7)
        .insert(&acme)
        .await
        .unwrap();
    let bob = contact(&acme, "bob@example.org").await;
    for text in ["Ada@Example.org", " ada@EXAMPLE.org\n", "ada@example.org"] {
        assert_eq!(Contact::query().filter(|c| c.email.eq(text)).one(&acme).await.unwrap().id, ada.id, "{text}");
    }
    assert!(Contact::query().filter(|c| c.email.eq("ada@example.or")).optional(&acme).await.unwrap().is_none());
    let find = Contact::query().filter(|c| c.phone.eq("0049-30-1234")).optional(&acme).await.unwrap();
    assert!(find.is_none(), "other digits");
    assert_eq!(Contact::query().filter(|c| c.phone.eq("4930/1234")).one(&acme).await.unwrap().id, ada.id);
    assert_eq!(Contact::query().filter(|c| c.city.eq("Berlin")).one(&acme).await.unwrap().id, ada.id);
    assert_eq!(Contact::query().filter(|c| c.city.eq("berlin")).count(&acme).await.unwrap(), 0, "exact by default");
    let card = Contact::query().filter(|c| c.card.eq("…3456")).one(&acme).await.unwrap();
    assert_eq!(card.card.unwrap().open(&acme).await.unwrap().expose(), "4111 1111 1111 3456");
    assert_eq!(Contact::query().filter(|c| c.number.eq(-7)).one(&acme).await.unwrap().id, ada.id);
    assert!(!Contact::query().filter(|c| c.number.eq(7)).exists(&acme).await.unwrap());
    // A value that is guarded already is looked for as it is.
    let guarded = Encrypted::new("BOB@example.org".to_owned());
    assert_eq!(Contact::query().filter(|c| c.email.eq(guarded)).one(&acme).await.unwrap().id, bob.id);
    let many = (0..2000).map(|number| format!("nobody{number}@example.org")).chain(["bob@example.org".to_owned()]);
    let found = Contact::query().filter(|c| c.email.in_(many.chain(["ADA@example.org".to_owned()]))).all(&acme);
    assert_eq!(emails(&found.await.unwrap()), ["Ada@Example.org", "bob@example.org"]);
    assert!(Contact::query().filter(|c| c.email.in_(Vec::<String>::new())).all(&acme).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_search_combines_with_plain_conditions_on_either_side() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    for (label, email) in [("a", "one"), ("b", "two"), ("b", "three")] {
        Contact::create().label(label).email(email).city("Paris").insert(&acme).await.unwrap();
    }
    let both = Contact::query().filter(|c| c.city.eq("Paris") & c.label.eq("b")).all(&acme).await.unwrap();
    assert_eq!(emails(&both), ["three", "two"]);
    let both = Contact::query().filter(|c| (c.label.eq("a") | c.label.eq("b")) & c.email.eq("TWO")).all(&acme).await;
    assert_eq!(emails(&both.unwrap()), ["two"]);
    let twice = Contact::query().filter(|c| c.city.eq("Paris") & c.email.in_(["one", "two"]) & !c.label.eq("a"));
    assert_eq!(emails(&twice.all(&acme).await.unwrap()), ["two"]);
    let chained = Contact::query().filter(|c| c.city.eq("Paris")).filter(|c| c.label.eq("a")).all(&acme).await;
    assert_eq!(emails(&chained.unwrap()), ["one"]);
    let given = Contact::query().filter_opt(Some("three"), |c, email| c.email.eq(email)).all(&acme).await;
    assert_eq!(emails(&given.unwrap()), ["three"]);
    assert_eq!(Contact::query().filter(|c| c.city.eq("Rome") & c.email.eq("one")).count(&acme).await.unwrap(), 0);
}

#[tokio::test]
async fn null_has_no_digest_and_updates_move_it() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let one = Contact::create().label("x").email("a").phone("1").insert(&acme).await.unwrap();
    let none = contact(&acme, "b").await;
    assert_eq!(test.digest("phone", none.id).await, None);
    assert!(test.digest("phone", one.id).await.unwrap().starts_with("01"));
    let without = Contact::query().filter(|c| c.phone.is_null()).all(&acme).await.unwrap();
    assert_eq!(emails(&without), ["b"]);
    assert_eq!(emails(&Contact::query().filter(|c| c.phone.is_not_null()).all(&acme).await.unwrap()), ["a"]);

    one.patch().phone("2").save(&acme).await.unwrap();
    assert!(!Contact::query().filter(|c| c.phone.eq("1")).exists(&acme).await.unwrap());
    assert!(Contact::query().filter(|c| c.phone.eq("2")).exists(&acme).await.unwrap());
    Contact::update(one.id).phone("3").exec(&acme).await.unwrap();
    assert_eq!(Contact::query().filter(|c| c.phone.eq("3")).one(&acme).await.unwrap().id, one.id);
    let before = test.digest("phone", one.id).await;
    Contact::update(one.id).label("y").exec(&acme).await.unwrap();
    assert_eq!(test.digest("phone", one.id).await, before, "what is not written stays");
    Contact::update(one.id).phone(None).exec(&acme).await.unwrap();
    assert_eq!(test.digest("phone", one.id).await, None);
    assert!(!Contact::query().filter(|c| c.phone.in_(["1", "2", "3"])).exists(&acme).await.unwrap());
}

#[tokio::test]
async fn one_value_looks_different_in_each_column_and_tenant_and_an_apps_looks_the_same() {
    let test = Found::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let mut rows = Vec::new();
    let first = test.service().for_tenant(acme.id());
    for scope in [&first, &other] {
        let create = Contact::create().label("x").email("123").phone("123").handle("123");
        rows.push(create.insert(scope).await.unwrap());
    }
    let digests = async |column| [test.digest(column, rows[0].id).await, test.digest(column, rows[1].id).await];
    let (email, phone, handle) = (digests("email").await, digests("phone").await, digests("handle").await);
    assert_ne!(email[0], email[1], "nobody sees that two tenants hold the same value");
    assert_ne!(phone[0], phone[1]);
    assert_ne!(email[0], phone[0]);
    assert_eq!(handle[0], handle[1], "the application's index is one for all");
    assert_eq!(email[0].as_ref().unwrap().len(), 2 * 17);

    for (scope, own) in [(&acme, &rows[0]), (&other, &rows[1]), (&test.service().for_tenant(acme.id()), &rows[0])] {
        assert_eq!(Contact::query().filter(|c| c.email.eq("123")).one(scope).await.unwrap().id, own.id);
        assert_eq!(Contact::query().filter(|c| c.handle.eq("123")).one(scope).await.unwrap().id, own.id);
    }
    // The service finds what the application indexes, whosever it is; a tenant's index needs the tenant's key.
    assert_eq!(Contact::query().filter(|c| c.handle.eq("123")).all(&test.service()).await.unwrap().len(), 2);
    let error = Contact::query().filter(|c| c.email.eq("123")).all(&test.service()).await.refused();
    assert!(error.is_tenant_missing() && error.advice().unwrap().contains("for_tenant"), "{error}");
    assert!(error.to_string().contains("contacts.email"), "{error}");
}

#[tokio::test]
async fn hostile_texts_are_values_and_nothing_else() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let hostile = ["'; DROP TABLE contacts; --", "\\x00", "%", "_", "{a,b}", "\"}", "$1", "NULL", "", "ß\u{1f980}\0"];
    for (number, text) in hostile.iter().enumerate() {
        Contact::create().label("x").email(format!("{number}")).city(*text).insert(&acme).await.unwrap();
    }
    for (number, text) in hostile.iter().enumerate() {
        let found = Contact::query().filter(|c| c.city.eq(*text)).one(&acme).await.unwrap();
        assert_eq!(found.email.expose(), &number.to_string(), "{text}");
    }
    let all = Contact::query().filter(|c| c.city.in_(hostile)).count(&acme).await.unwrap();
    assert_eq!(all, hostile.len() as u64);
}

#[tokio::test]
async fn children_and_reference_data_are_searched_too() {
    let test = Found::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    for scope in [&acme, &other] {
        let parent = contact(scope, "a").await.id;
        Alias::create().contact_id(parent).name("Countess").insert(scope).await.unwrap();
    }
    let found = Alias::query().filter(|a| a.name.eq("Countess")).one(&acme).await.unwrap();
    assert_eq!(found.name.expose(), "Countess");
    let error = Alias::query().filter(|a| a.name.eq("Countess")).all(&test.service()).await.refused();
    assert!(error.is_tenant_missing(), "{error}");

    Blocked::create().word("spam").insert(&test.service()).await.unwrap();
    let again = Blocked::create().word("spam").insert(&test.service()).await.refused();
    assert_eq!(again.constraint(), Some("blocked_word_bidx_idx"));
    assert!(Blocked::query().filter(|b| b.word.eq("spam")).exists(&test.db).await.unwrap());
    assert!(Blocked::query().filter(|b| b.word.eq("spam")).exists(&acme).await.unwrap());
    assert!(!Blocked::query().filter(|b| b.word.eq("ham")).exists(&test.another().await).await.unwrap());
}
