//! Which words may stand on one field.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::attr::{Field, FieldAttrs};
use crate::diagnostics::Diagnostics;
use crate::symbol::{self, Word};

/// A word that settles what a column is, the words that may stand beside it, and why others may not.
struct Rule {
    word: Word,
    beside: &'static [Word],
    help: fn(&str) -> &'static str,
}

/// What may stand beside a time.
const BESIDE_TIMESTAMP: &[Word] =
    &[symbol::INDEX, symbol::COLUMN, symbol::RENAMED_FROM, symbol::BACKFILL, symbol::CONVERSION];

/// The first of these words on a field is the one the others must agree with.
const RULES: &[Rule] = &[
    Rule {
        word: symbol::KEY,
        beside: &[symbol::TENANT, symbol::COLUMN, symbol::RENAMED_FROM, symbol::CONVERSION],
        help: beside_key,
    },
    Rule {
        word: symbol::TENANT,
        beside: &[
            symbol::BELONGS_TO,
            symbol::INDEX,
            symbol::COLUMN,
            symbol::RENAMED_FROM,
            symbol::BACKFILL,
            symbol::CONVERSION,
        ],
        help: beside_tenant,
    },
    Rule { word: symbol::CREATED_AT, beside: BESIDE_TIMESTAMP, help: beside_timestamp },
    Rule { word: symbol::UPDATED_AT, beside: BESIDE_TIMESTAMP, help: beside_timestamp },
    Rule {
        word: symbol::ENCRYPTED,
        beside: &[symbol::SEARCHABLE, symbol::COLUMN, symbol::RENAMED_FROM],
        help: beside_encrypted,
    },
];

// Key, tenant, timestamps and sealed columns are the library's to fill: a word that says otherwise would be ignored or
// would break the promise.
pub(super) fn check_words_agree(field: &Field<'_>, diagnostics: &Diagnostics) -> bool {
    let words = words_of(&field.attrs);
    let stands = |word: &str| words.iter().any(|(other, _)| *other == word);
    let Some(rule) = RULES.iter().find(|rule| stands(rule.word.name)) else { return true };
    let mut agree = true;
    for (other, at) in &words {
        if *other != rule.word.name && !rule.beside.iter().any(|word| word.name == *other) {
            let what = format_args!("`{}` and `{other}` cannot stand on one field", rule.word);
            diagnostics.error(at, what, (rule.help)(other));
            agree = false;
        }
    }
    agree
}

fn beside_key(other: &str) -> &'static str {
    match other {
        "unique" | "index" => "a key is unique and indexed already: leave the word out",
        "default" => "the library makes every key in the application: leave the word out",
        "backfill" => "rows that are there get a key from the column's default: leave the word out",
        "encrypted" => "sealed values are bound to their row's key, so the key stays readable: seal another field",
        "belongs_to" => {
            "a key names its own row: hold the parent's key in a field of its own, with `belongs_to(Parent)` and `unique`"
        }
        _ => "a key is an `Id<…>` that the library makes: leave the word out",
    }
}

fn beside_tenant(other: &str) -> &'static str {
    match other {
        "unique" => {
            "for one row per tenant, write `#[model(unique(tenant_id))]` above the struct, with this field's name"
        }
        "encrypted" => "row security compares the tenant, so it stays readable: seal another field",
        _ => "the tenant is a `TenantId` that comes from the session: leave the word out",
    }
}

fn beside_timestamp(other: &str) -> &'static str {
    match other {
        "default" => "the database fills the time in: leave the word out",
        "created_at" | "updated_at" => "use a field for each: `#[model(created_at)] created_at: DateTime<Utc>`",
        "encrypted" => "the database fills the time in, and it cannot seal: leave the word out",
        _ => "the database fills the time in: keep the value you care about in a field of its own",
    }
}

fn beside_encrypted(other: &str) -> &'static str {
    match other {
        "unique" => {
            "equal secrets are sealed to different bytes: write `searchable(unique)`, which compares digests of them"
        }
        "index" => "equal secrets are sealed to different bytes: write `searchable`, which indexes digests of them",
        "max_len" => "the database sees ciphertext only: check the length before the value is sealed",
        "sql" => "a sealed column's type is `waygate.encrypted`: leave the word out",
        "default" => {
            "the database cannot seal a value: make the field an `Option<Encrypted<…>>`, or give it in `create()`"
        }
        "backfill" => {
            "the database cannot seal a value: make the field an `Option<Encrypted<…>>`, and seal values in the program"
        }
        "using" => {
            "the database cannot seal a value: name the column it is moved out of, `encrypted(migrate_from = \"…\")`"
        }
        "login" => "a login is looked up by its column, which must be readable: store a hash of the API key",
        _ => "a sealed value is opaque to the database: seal another field",
    }
}

/// The words on a field, each with the tokens it was written as.
fn words_of(attrs: &FieldAttrs) -> Vec<(&'static str, TokenStream)> {
    // Destructured, so that a new word is given its place here.
    let FieldAttrs {
        key,
        tenant,
        belongs_to,
        unique,
        index,
        max_len,
        sql,
        column,
        default,
        created_at,
        updated_at,
        encrypted,
        searchable,
        login,
        renamed_from,
        backfill,
        using,
    } = attrs;
    let mut words = Vec::new();
    let mut add = |word: Word, at: Option<TokenStream>| words.extend(at.map(|at| (word.name, at)));
    add(symbol::KEY, key.as_ref().map(ToTokens::to_token_stream));
    add(symbol::TENANT, tenant.as_ref().map(ToTokens::to_token_stream));
    add(symbol::BELONGS_TO, belongs_to.as_ref().map(|belongs_to| belongs_to.parent.to_token_stream()));
    add(symbol::UNIQUE, unique.as_ref().map(ToTokens::to_token_stream));
    add(symbol::INDEX, index.as_ref().map(ToTokens::to_token_stream));
    add(symbol::MAX_LEN, max_len.as_ref().map(ToTokens::to_token_stream));
    add(symbol::SQL, sql.as_ref().map(ToTokens::to_token_stream));
    add(symbol::COLUMN, column.as_ref().map(ToTokens::to_token_stream));
    add(symbol::DEFAULT, default.as_ref().map(ToTokens::to_token_stream));
    add(symbol::CREATED_AT, created_at.as_ref().map(ToTokens::to_token_stream));
    add(symbol::UPDATED_AT, updated_at.as_ref().map(ToTokens::to_token_stream));
    add(symbol::ENCRYPTED, encrypted.as_ref().map(ToTokens::to_token_stream));
    add(symbol::SEARCHABLE, searchable.as_ref().map(ToTokens::to_token_stream));
    add(symbol::LOGIN, login.as_ref().map(ToTokens::to_token_stream));
    add(symbol::RENAMED_FROM, renamed_from.as_ref().map(ToTokens::to_token_stream));
    add(symbol::BACKFILL, backfill.as_ref().map(ToTokens::to_token_stream));
    add(symbol::CONVERSION, using.as_ref().map(ToTokens::to_token_stream));
    words
}
