//! Models that use every word a database keeps.

#![allow(dead_code, reason = "they are models for the sake of their DDL")]

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use waygate_db::{Encrypted, Id, Json, Model, PgEnum, Schema, TenantId};

pub(super) static SCHEMA: Schema = waygate_db::schema![Account, Country, Note, Line, Remark, Visit];

#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[model(name = "note_state", rename_all = "kebab-case")]
enum State {
    Draft,
    InReview,
    #[model(label = "done!")]
    Finished,
}

#[derive(Model, Debug)]
#[model(table = "accounts")]
struct Account {
    #[model(key, tenant)]
    id: TenantId,
    #[model(unique, max_len = 255)]
    email: String,
    #[model(login, unique)]
    api_key_hash: String,
    #[model(encrypted, searchable(scope = app, unique))]
    phone: Encrypted<String>,
}

#[derive(Model, Debug)]
#[model(table = "countries", shared)]
struct Country {
    #[model(key)]
    code: Id<Country>,
    #[model(unique)]
    name: String,
    #[model(created_at)]
    since: DateTime<Utc>,
}

#[derive(Model, Debug)]
#[model(
    table = "notes",
    unique(account_id, slug, name = "notes_slug_idx"),
    index(account_id, created_at desc, where = "type = 'draft'"),
    index(number),
    unique(account_id)
)]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant, belongs_to(Account, on_delete = cascade), index)]
    account_id: TenantId,
    #[model(belongs_to(Note, on_delete = set_null), index(name = "notes_parent_idx", desc))]
    parent_id: Option<Id<Note>>,
    #[model(belongs_to(Country))]
    country: Id<Country>,
    slug: String,
    #[model(unique)]
    title: String,
    #[model(sql = "varchar(40)[]")]
    authors: Option<String>,
    #[model(sql = "numeric(12,2)", default(sql = "1.5"))]
    amount: String,
    #[model(column = "type", default = State::Draft)]
    state: State,
    #[model(default(sql = "'in-review'"))]
    next: Option<State>,
    #[model(default)]
    states: Vec<State>,
    #[model(default, index(using = gin))]
    tags: Vec<String>,
    #[model(default)]
    data: Json,
    #[model(default)]
    bytes: Vec<u8>,
    #[model(default = -1, index(name = "notes_number_key_two"))]
    number: i64,
    #[model(default = -7)]
    small: i16,
    #[model(default = 0)]
    ratio: f64,
    #[model(default = true)]
    shown: bool,
    #[model(default = "it's \"UTC\" \\ ")]
    timezone: String,
    day: Option<NaiveDate>,
    other: Option<Uuid>,
    #[model(default(sql = "now() + interval '1 day'"))]
    due_at: DateTime<Utc>,
    #[model(default(sql = "now()"))]
    seen_at: DateTime<Utc>,
    #[model(encrypted, searchable)]
    token: Option<Encrypted<String>>,
    #[model(encrypted, searchable(unique))]
    ssn: Encrypted<String>,
    #[model(encrypted, searchable(scope = app))]
    card: Encrypted<String>,
    #[model(encrypted(migrate_from = "plain_salary"))]
    salary: Option<Encrypted<i64>>,
    #[model(created_at)]
    created_at: DateTime<Utc>,
    #[model(updated_at)]
    updated_at: DateTime<Utc>,
}

#[derive(Model, Debug)]
#[model(table = "lines", tenant(through = note_id, owner = account_id), append_only, unique(note_id, position))]
struct Line {
    #[model(key)]
    id: Id<Line>,
    #[model(belongs_to(Note))]
    note_id: Id<Note>,
    account_id: Option<TenantId>,
    position: i32,
    #[model(unique)]
    text: String,
    #[model(encrypted)]
    secret: Encrypted<Json<u32>>,
}

#[derive(Model, Debug)]
#[model(table = "remarks", tenant(through = line_id))]
struct Remark {
    #[model(key)]
    id: Id<Remark>,
    #[model(belongs_to(Line, on_delete = cascade))]
    line_id: Id<Line>,
    #[model(belongs_to(Country, on_delete = set_null))]
    country: Option<Id<Country>>,
}

#[derive(Model, Debug)]
#[model(table = "visits", append_only)]
struct Visit {
    #[model(key)]
    id: Id<Visit>,
    #[model(tenant)]
    account_id: TenantId,
    #[model(default(sql = "now()"))]
    seen_at: DateTime<Utc>,
    #[model(created_at, index(desc))]
    at: DateTime<Utc>,
}
