//! Every word of the attribute language in its correct form, and the metadata that comes of it.
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations)]

use chrono::{DateTime, Utc};
use waygate_db::schema::{DefaultValue, IndexMethod, Login, OnDelete, PreviousKey, Scope, SqlType};
use waygate_db::{Encrypted, Id, Json, Model, PgEnum, TenantId};

/// How far a note is.
#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[model(name = "note_status", renamed_from = "memo_status", rename_all = "kebab-case")]
enum Status {
    Draft,
    InReview,
    #[model(label = "done", renamed_from = "finished")]
    Finished,
}

#[derive(Model, Debug)]
#[model(table = "tenants", has_many(notes: Note))]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
    #[model(unique(name = "tenants_email_idx"), max_len = 255)]
    email: String,
    #[model(login(previous = previous_hash, until = previous_until), unique)]
    api_key_hash: String,
    #[model(unique)]
    previous_hash: Option<String>,
    previous_until: Option<DateTime<Utc>>,
}

/** A note.
 *
 *  - of one tenant
 *    alone
 */
#[derive(Model, Debug)]
#[doc(alias = "memo")]
#[model(
    table = "notes",
    renamed_from = "memos",
    unique(tenant_id, slug, name = "notes_slug_idx"),
    index(tenant_id, created_at desc, where = "status = 'draft'"),
    has_many(lines: Line)
)]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade), index, backfill = "(SELECT id FROM tenants)")]
    tenant_id: TenantId,
    #[model(belongs_to(Note, on_delete = set_null), index(name = "notes_parent_idx", desc))]
    parent_id: Option<Id<Note>>,
    /// What URLs call it:
    ///
    ///     a-z, 0-9 and "-"   
    #[model(backfill = "lower(title)")]
    slug: String,
    #[model(unique)]
    title: String,
    #[model(sql = "citext")]
    author: Option<String>,
    #[model(column = "type", renamed_from = "kind", default = Status::Draft)]
    status: Status,
    #[model(default = Status::InReview)]
    next: Option<Status>,
    #[model(default, index(using = gin))]
    tags: Vec<String>,
    #[model(default)]
    data: Json,
    #[model(default = -1, using = "position::bigint")]
    position: i64,
    #[model(default = true)]
    shown: bool,
    #[model(default = "UTC")]
    timezone: String,
    #[model(default(sql = "now() + interval '1 day'"))]
    due_at: DateTime<Utc>,
    #[model(encrypted(context = "memos.token"))]
    token: Option<Encrypted<String>>,
    #[model(created_at)]
    created_at: DateTime<Utc>,
    #[model(updated_at)]
    updated_at: DateTime<Utc>,
}

#[derive(Model, Debug)]
#[model(table = "lines", tenant(through = note_id, owner = tenant_id), append_only, unique(note_id, position))]
struct Line {
    #[model(key)]
    id: Id<Line>,
    #[model(belongs_to(Note))]
    note_id: Id<Note>,
    tenant_id: Option<TenantId>,
    position: i32,
    #[model(unique)]
    text: String,
    #[model(encrypted)]
    secret: Encrypted<Json<u32>>,
}

#[derive(Model, Debug)]
#[model(table = "countries", shared)]
struct Country {
    #[model(key)]
    id: Id<Country>,
    #[model(unique)]
    code: String,
}

fn main() {
    assert_eq!(Tenant::TABLE.scope, Scope::Key);
    assert_eq!(Tenant::TABLE.login, Some(Login { hash: 2, previous: Some(PreviousKey { hash: 3, expires_at: 4 }) }));
    assert_eq!(Country::TABLE.scope, Scope::Shared);
    assert_eq!(Line::TABLE.scope, Scope::Through { column: 1, owner: Some(2) });
    assert!(Line::TABLE.append_only);
    assert_eq!(Line::TABLE.foreign_keys[0].on_delete, OnDelete::Restrict);

    let note = Note::TABLE;
    assert_eq!(note.scope, Scope::Column(1));
    assert_eq!(note.renamed_from, Some("memos"));
    assert_eq!(note.has_many[0].name, "lines");
    assert_eq!((note.has_many[0].child)().name, "lines");
    let names: Vec<_> = note.indexes.iter().map(|index| index.name).collect();
    assert_eq!(
        names,
        [
            "notes_slug_idx",
            "notes_tenant_id_created_at_idx",
            "notes_tenant_id_idx",
            "notes_parent_idx",
            "notes_tenant_id_title_key",
            "notes_tags_idx"
        ]
    );
    assert_eq!(note.indexes[1].predicate, Some("status = 'draft'"));
    assert!(note.indexes[1].columns[1].descending);
    assert_eq!(note.indexes[4].columns[0].column, 1, "unique within the tenant");
    assert_eq!(note.indexes[5].method, IndexMethod::Gin);
    assert_eq!(Line::TABLE.indexes[1].columns[0].column, 1, "unique within the parent");

    let column = |name| note.column(name).unwrap();
    assert!(matches!(column("author").ty, SqlType::Named("citext")));
    assert!(column("author").nullable);
    assert_eq!(column("type").field, "status");
    assert_eq!(column("type").renamed_from, Some("kind"));
    assert_eq!(column("type").default, DefaultValue::Label("draft"));
    assert_eq!(column("next").default, DefaultValue::Label("in-review"));
    assert_eq!(column("position").default, DefaultValue::Integer(-1));
    assert_eq!(column("token").encryption.unwrap().context, "memos.token");
    assert_eq!(Line::TABLE.column("secret").unwrap().encryption.unwrap().context, "lines.secret");
    assert!(matches!(Tenant::TABLE.column("email").unwrap().ty, SqlType::Varchar(255)));
    assert_eq!(note.comment, Some("A note.\n\n - of one tenant\n   alone"));
    assert_eq!(column("slug").comment, Some("What URLs call it:\n\n    a-z, 0-9 and \"-\""));
    assert_eq!((column("title").comment, Tenant::TABLE.comment), (None, None));
    assert_eq!((column("slug").backfill, column("slug").using), (Some("lower(title)"), None));
    assert_eq!((column("position").backfill, column("position").using), (None, Some("position::bigint")));
    assert_eq!(column("tenant_id").backfill, Some("(SELECT id FROM tenants)"));
    assert_eq!(Status::TYPE.renamed, [("finished", "done")]);
    assert_eq!((Status::TYPE.renamed_from, Status::TYPE.comment), (Some("memo_status"), Some("How far a note is.")));
    assert_eq!(Status::TYPE.labels, ["draft", "in-review", "done"]);
    assert_eq!(Status::Finished.label(), "done");
}
