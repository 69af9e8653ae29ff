//! Every form of `searchable`, the metadata that comes of it, and what can be asked of such a column.
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations)]

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use waygate_db::schema::{Binding, ColumnRole, Normalizer, Search, SearchScope, SqlType};
use waygate_db::{Dialect, Encrypted, Id, Key, Model, Schema, Sealed, TenantId, schema_sql};

#[derive(Model, Debug)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
    #[model(encrypted, searchable(normalize = trim_lower, scope = app, unique))]
    email: Encrypted<String>,
    #[model(encrypted, searchable(scope = app))]
    phone: Encrypted<String>,
    #[model(encrypted, searchable)]
    own: Encrypted<String>,
}

#[derive(Model, Debug)]
#[model(table = "contacts")]
struct Contact {
    #[model(key)]
    id: Id<Contact>,
    #[model(encrypted(context = "people.mail", bind = tenant), searchable(unique), column = "mail", renamed_from = "post")]
    email: Encrypted<String>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    tenant_id: TenantId,
    #[model(encrypted, searchable(bits = 20, normalize = digits))]
    phone: Option<Encrypted<String>>,
    #[model(encrypted, searchable(normalize = last(4), scope = tenant))]
    card: Option<Sealed<String>>,
    #[model(encrypted, searchable(normalize = exact))]
    bytes: Sealed<Vec<u8>>,
    #[model(encrypted, searchable)]
    small: Encrypted<i16>,
    #[model(encrypted, searchable)]
    medium: Encrypted<i32>,
    #[model(encrypted, searchable)]
    large: Encrypted<i64>,
    #[model(encrypted, searchable)]
    flag: Encrypted<bool>,
    #[model(encrypted, searchable)]
    uuid: Encrypted<Uuid>,
    #[model(encrypted, searchable)]
    born: Encrypted<NaiveDate>,
    #[model(encrypted, searchable(normalize = trim))]
    note: Encrypted<String>,
    #[model(encrypted, searchable(normalize = lower))]
    city: Encrypted<String>,
    #[model(encrypted, searchable)]
    seen_at: Encrypted<DateTime<Utc>>,
}

#[derive(Model, Debug)]
#[model(table = "aliases", tenant(through = contact_id))]
struct Alias {
    #[model(key)]
    id: Id<Alias>,
    #[model(belongs_to(Contact))]
    contact_id: Id<Contact>,
    #[model(encrypted, searchable(unique))]
    name: Encrypted<String>,
    #[model(encrypted, searchable)]
    other: Encrypted<String>,
}

#[derive(Model, Debug)]
#[model(table = "words", shared)]
struct Word {
    #[model(key)]
    id: Id<Word>,
    #[model(encrypted, searchable(unique, scope = app))]
    word: Encrypted<String>,
}

static SCHEMA: Schema = waygate_db::schema![Tenant, Contact, Alias, Word];

fn search(column: &str) -> Search {
    Contact::TABLE.column(column).unwrap().encryption.unwrap().search.unwrap()
}

/// The names of an index's columns, and whether it is unique.
fn index<M: Model>(name: &str) -> (Vec<&'static str>, bool) {
    let index = M::TABLE.indexes.iter().find(|index| index.name == name).unwrap();
    (index.columns.iter().map(|one| M::TABLE.column_at(one.column).name).collect(), index.unique)
}

fn main() {
    let table = Contact::TABLE;
    let fields = table.row_columns().count();
    assert_eq!((fields, table.columns.len()), (15, 28));
    let mail = search("mail");
    assert_eq!((mail.bits, mail.normalizer, mail.unique), (128, Normalizer::Exact, true));
    assert_eq!(mail.column, fields, "behind the struct's columns");
    let blind = table.column_at(mail.column);
    assert_eq!((blind.name, blind.role, blind.nullable), ("mail_bidx", ColumnRole::BlindIndex(1), false));
    assert_eq!(blind.renamed_from, Some("post_bidx"));
    assert!(matches!(blind.ty, SqlType::Bytea) && blind.encryption.is_none());
    assert_eq!(table.column("mail").unwrap().encryption.unwrap().binding, Binding::Tenant);
    assert_eq!((search("phone").bits, search("phone").normalizer), (20, Normalizer::Digits));
    assert!(table.column_at(search("phone").column).nullable);
    assert_eq!(search("card").normalizer, Normalizer::Last(4));
    assert_eq!(search("note").normalizer, Normalizer::Trim);
    assert_eq!(search("city").normalizer, Normalizer::Lower);
    let email = Tenant::TABLE.column("email").unwrap().encryption.unwrap().search.unwrap();
    assert_eq!((email.scope, email.normalizer), (SearchScope::App, Normalizer::TrimLower));

    assert_eq!(index::<Contact>("contacts_mail_bidx_idx"), (vec!["tenant_id", "mail_bidx"], true));
    assert_eq!(index::<Contact>("contacts_phone_bidx_idx"), (vec!["tenant_id", "phone_bidx"], false));
    assert_eq!(index::<Tenant>("tenants_email_bidx_idx"), (vec!["email_bidx"], true));
    assert_eq!(index::<Tenant>("tenants_phone_bidx_idx"), (vec!["phone_bidx"], false));
    assert_eq!(index::<Alias>("aliases_name_bidx_idx"), (vec!["contact_id", "name_bidx"], true));
    assert_eq!(index::<Alias>("aliases_other_bidx_idx"), (vec!["other_bidx"], false));
    assert_eq!(index::<Word>("words_word_bidx_idx"), (vec!["word_bidx"], true));

    let ddl = schema_sql(&SCHEMA, &Dialect::Postgres);
    assert!(ddl.contains("CREATE UNIQUE INDEX contacts_mail_bidx_idx ON public.contacts (tenant_id, mail_bidx);"));
    let update = ddl.split("ON public.tenants TO waygate_app;").next().unwrap().rsplit("GRANT").next().unwrap();
    assert!(update.contains("phone, own, phone_bidx, own_bidx"), "a tenant changes both or neither: {update}");
    assert!(!update.contains("email"), "what is unique over tenants is the service's: {update}");

    let _ = Contact::query().filter(|c| c.email.eq("a") & c.phone.is_null() & c.card.in_(["1", "2"]));
    let _ = Contact::query().filter(|c| c.phone.is_not_null() & c.bytes.eq(vec![1]) & c.flag.eq(true));
    let _ = Contact::query().filter(|c| c.small.eq(1) & c.medium.in_([1, 2]) & c.large.eq(3) & c.uuid.eq(Uuid::nil()));
    let _ = Contact::query().filter(|c| c.born.eq(NaiveDate::MIN) & c.seen_at.eq(DateTime::<Utc>::MIN_UTC));
    let _ = Contact::query().filter(|c| c.note.eq(String::new()) & c.city.eq(Encrypted::new(String::new())));
    let _ = Word::query().filter(|w| w.word.eq("x"));
    let _ = Alias::query().filter(|a| a.name.eq("x") & a.other.eq("y") & a.contact_id.eq(Id::generate()));
}
