//! Every word of the attribute language, with its correct form.

use std::fmt;

use proc_macro2::Ident;

/// A word inside `#[model(…)]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    /// The word.
    pub(crate) name: &'static str,
    /// How it is written, for error messages.
    pub(crate) form: &'static str,
}

const fn word(name: &'static str, form: &'static str) -> Word {
    Word { name, form }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq<Word> for Ident {
    fn eq(&self, word: &Word) -> bool {
        self == word.name
    }
}

/// The correct forms of the words with this name, wherever they stand.
pub(crate) fn forms_of(name: &Ident) -> Vec<&'static str> {
    let places = [
        ON_STRUCT,
        ON_FIELD,
        IN_TENANT,
        IN_INDEX,
        IN_BELONGS_TO,
        IN_LOGIN,
        IN_ENCRYPTED,
        IN_SEARCHABLE,
        ON_ENUM,
        ON_VARIANT,
    ];
    let mut forms: Vec<&str> = Vec::new();
    for word in places.into_iter().flatten().filter(|word| *name == **word) {
        if !forms.contains(&word.form) {
            forms.push(word.form);
        }
    }
    forms
}

/// The attribute itself.
pub(crate) const MODEL: &str = "model";

// On a struct.
pub(crate) const TABLE: Word = word("table", "table = \"users\"");
pub(crate) const SHARED: Word = word("shared", "shared");
pub(crate) const APPEND_ONLY: Word = word("append_only", "append_only");
pub(crate) const TENANT_THROUGH: Word = word("tenant", "tenant(through = parent_id)");
pub(crate) const UNIQUE_OVER: Word = word("unique", "unique(tenant_id, slug)");
pub(crate) const INDEX_OVER: Word = word("index", "index(tenant_id, created_at desc)");
pub(crate) const HAS_MANY: Word = word("has_many", "has_many(todos: Todo)");
pub(crate) const RENAMED_FROM: Word = word("renamed_from", "renamed_from = \"old_name\"");

/// The words of a struct.
pub(crate) const ON_STRUCT: &[Word] =
    &[TABLE, TENANT_THROUGH, SHARED, UNIQUE_OVER, INDEX_OVER, HAS_MANY, APPEND_ONLY, RENAMED_FROM];

// On a field.
pub(crate) const KEY: Word = word("key", "key");
pub(crate) const TENANT: Word = word("tenant", "tenant");
pub(crate) const BELONGS_TO: Word = word("belongs_to", "belongs_to(Parent, on_delete = cascade)");
pub(crate) const UNIQUE: Word = word("unique", "unique");
pub(crate) const INDEX: Word = word("index", "index");
pub(crate) const MAX_LEN: Word = word("max_len", "max_len = 255");
pub(crate) const SQL: Word = word("sql", "sql = \"citext\"");
pub(crate) const COLUMN: Word = word("column", "column = \"name\"");
pub(crate) const DEFAULT: Word = word("default", "default = 0");
pub(crate) const CREATED_AT: Word = word("created_at", "created_at");
pub(crate) const UPDATED_AT: Word = word("updated_at", "updated_at");
pub(crate) const ENCRYPTED: Word = word("encrypted", "encrypted");
pub(crate) const SEARCHABLE: Word = word("searchable", "searchable");
pub(crate) const LOGIN: Word = word("login", "login");
pub(crate) const BACKFILL: Word = word("backfill", "backfill = \"lower(name)\"");
pub(crate) const CONVERSION: Word = word("using", "using = \"price::numeric\"");

/// The words of a field.
pub(crate) const ON_FIELD: &[Word] = &[
    KEY,
    TENANT,
    BELONGS_TO,
    UNIQUE,
    INDEX,
    MAX_LEN,
    SQL,
    COLUMN,
    DEFAULT,
    CREATED_AT,
    UPDATED_AT,
    ENCRYPTED,
    SEARCHABLE,
    LOGIN,
    RENAMED_FROM,
    BACKFILL,
    CONVERSION,
];

// Inside `tenant(…)`.
pub(crate) const THROUGH: Word = word("through", "tenant(through = parent_id)");
pub(crate) const OWNER: Word = word("owner", "tenant(through = parent_id, owner = tenant_id)");

/// The words inside `tenant(…)`.
pub(crate) const IN_TENANT: &[Word] = &[THROUGH, OWNER];

// Inside `index(…)` and `unique(…)`.
pub(crate) const NAME: Word = word("name", "name = \"users_email_idx\"");
pub(crate) const WHERE: Word = word("where", "where = \"status = 'active'\"");
pub(crate) const USING: Word = word("using", "using = gin");
pub(crate) const DESC: Word = word("desc", "desc");

/// The words inside `index(…)`.
pub(crate) const IN_INDEX: &[Word] = &[NAME, WHERE, USING, DESC];
/// The words inside `unique(…)`.
pub(crate) const IN_UNIQUE: &[Word] = &[NAME, WHERE];
/// The access methods of an index.
pub(crate) const METHODS: &[&str] = &["btree", "gin"];

// Inside `belongs_to(…)`.
pub(crate) const ON_DELETE: Word = word("on_delete", "on_delete = cascade");

/// The words inside `belongs_to(…)`.
pub(crate) const IN_BELONGS_TO: &[Word] = &[ON_DELETE];
/// What may happen to a row whose parent is deleted.
pub(crate) const ON_DELETE_ACTIONS: &[&str] = &["cascade", "restrict", "set_null"];

// Inside `default(…)`.
pub(crate) const DEFAULT_SQL: Word = word("sql", "default(sql = \"now() + interval '1 day'\")");

// Inside `encrypted(…)`.
pub(crate) const CONTEXT: Word = word("context", "encrypted(context = \"table.column\")");
pub(crate) const BIND: Word = word("bind", "encrypted(bind = tenant)");
pub(crate) const PAD: Word = word("pad", "encrypted(pad = fixed(64))");
pub(crate) const MIGRATE_FROM: Word = word("migrate_from", "encrypted(migrate_from = \"ssn\")");

/// The words inside `encrypted(…)`.
pub(crate) const IN_ENCRYPTED: &[Word] = &[CONTEXT, BIND, PAD, MIGRATE_FROM];
/// What a sealed value may be bound to.
pub(crate) const BINDINGS: &[&str] = &["row", "tenant", "column"];

// Inside `searchable(…)`.
pub(crate) const BITS: Word = word("bits", "searchable(bits = 24)");
pub(crate) const NORMALIZE: Word = word("normalize", "searchable(normalize = lower)");
pub(crate) const SEARCH_SCOPE: Word = word("scope", "searchable(scope = app)");
pub(crate) const UNIQUE_VALUE: Word = word("unique", "searchable(unique)");

/// The words inside `searchable(…)`.
pub(crate) const IN_SEARCHABLE: &[Word] = &[BITS, NORMALIZE, SEARCH_SCOPE, UNIQUE_VALUE];
/// What may make two values one when they are looked for.
pub(crate) const NORMALIZERS: &[&str] = &["exact", "lower", "trim", "trim_lower", "digits", "last(n)"];
/// Whose key a blind index may be made with.
pub(crate) const SEARCH_SCOPES: &[&str] = &["tenant", "app"];

// Inside `login(…)`.
pub(crate) const PREVIOUS: Word = word("previous", ROTATION_FORM);
pub(crate) const UNTIL: Word = word("until", ROTATION_FORM);

/// The words inside `login(…)`.
pub(crate) const IN_LOGIN: &[Word] = &[PREVIOUS, UNTIL];
/// A login whose earlier key stays live for a while.
const ROTATION_FORM: &str = "login(previous = previous_api_key_hash, until = previous_api_key_expires_at)";

// On an enum.
pub(crate) const TYPE_NAME: Word = word("name", "name = \"order_status\"");
pub(crate) const RENAME_ALL: Word = word("rename_all", "rename_all = \"UPPERCASE\"");

/// The words of an enum.
pub(crate) const ON_ENUM: &[Word] = &[TYPE_NAME, RENAME_ALL, RENAMED_FROM];

// On a variant.
pub(crate) const LABEL: Word = word("label", "label = \"in_progress\"");

/// The words of a variant.
pub(crate) const ON_VARIANT: &[Word] = &[LABEL, RENAMED_FROM];
