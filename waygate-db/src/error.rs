//! The one error of the library: opaque, boxed, and asked by predicate.
//!
//! An [`Error`] says what happened, where, and what to do. It never holds a value of a row or a secret: the server's
//! DETAIL, which quotes whole rows, is dropped where the driver's error is read.

use std::error::Error as StdError;
use std::fmt;

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync>;

/// What went wrong in a call to this library.
///
/// Ask the predicates (`is_…`) rather than matching text. `Display` prints what happened at this layer and, on a
/// second line, what to do; causes are in [`source`](StdError::source).
///
/// ```
/// # use waygate_db::DatabaseUrl;
/// let error = "postgres://".parse::<DatabaseUrl>().and_then(|url| url.with_user("")).unwrap_err();
/// assert!(error.is_config());
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: String,
    help: Option<String>,
    server: Option<ServerReport>,
    source: Option<Source>,
}

/// The kinds of [`Error`]; callers see them as predicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A missing or malformed setting.
    Config,
    /// The server could not be reached, or refused the login.
    Connect,
    /// No connection became free in time.
    PoolTimeout,
    /// The handle was closed by `Db::close`.
    Closed,
    /// The connection broke while it was in use.
    ConnectionLost,
    /// The server is older than the library supports.
    ServerTooOld,
    /// The login could reach more than its own tenant: superuser, BYPASSRLS or an owner.
    UnsafeLogin,
    /// A token is not one that this program accepts.
    #[cfg_attr(not(feature = "supabase"), expect(dead_code, reason = "only tokens are refused so"))]
    Unauthenticated,
    /// A role the library needs is not there.
    RoleMissing,
    /// The server refused a statement; the SQLSTATE says why.
    Server,
    /// A statement on tenant data ran without a tenant.
    TenantMissing,
    /// No row has this key in this scope.
    NotFound,
    /// More rows came than the call allows.
    TooManyRows,
    /// A row did not decode into its struct.
    Decode,
    /// A Rust value has no PostgreSQL form.
    Encode,
    /// A page's cursor was altered, or belongs to another query.
    InvalidCursor,
    /// The query asks for what its verb cannot do.
    InvalidQuery,
    /// A statement in the transaction failed, so it was rolled back.
    TransactionAborted,
    /// A sealed value did not open: altered, or moved from elsewhere.
    Decrypt,
    /// A sealed column holds what was never sealed.
    NotSealed,
    /// A sealed value has a form that this version does not know.
    SealedForm,
    /// A sealed value is not bound as its column asks.
    SealedBinding,
    /// A sealed value is of another type than its field.
    SealedType,
    /// A key cannot be made, chosen or used.
    Key,
    /// A value names a data key that is not there.
    UnknownKey,
    /// A value's data key was destroyed on purpose.
    KeyDestroyed,
    /// The keeper of a key-encryption key is out of reach, refuses, or does not have it.
    KeyUnavailable,
    /// A key-encryption key does not unwrap a data key.
    WrongKek,
    /// A data key is not the one that its row commits to, or of another scope.
    KeyMismatch,
    /// A text has not the form of an API key.
    InvalidApiKey,
    /// A migration file is missing, malformed or was edited after it was applied.
    MigrationFile,
    /// A migration failed and was rolled back.
    MigrationFailed,
    /// Another deploy holds the lock.
    MigrationLocked,
    /// The database holds objects that the first migration would collide with.
    ForeignSchema,
    /// A change of a schema that no statement makes, or that somebody has to decide.
    Plan,
    /// The private server could not be found, created or started.
    Local,
    /// Seeding was refused, to protect data that is not the seed's.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the command-line kit seeds"))]
    SeedRefused,
    /// A file or process operation failed.
    Io,
}

/// What the server said of a refused statement, without any value.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServerReport {
    pub(crate) code: String,
    pub(crate) constraint: Option<String>,
    pub(crate) table: Option<String>,
    pub(crate) column: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), help: None, server: None, source: None }))
    }

    /// Adds the line that says what to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds the cause. A cause is printed by whoever walks the chain, so it must hold no value of a row.
    pub(crate) fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn reported(mut self, report: ServerReport) -> Self {
        self.0.server = Some(report);
        self
    }

    /// What the server said; empty when it said nothing.
    pub(crate) fn into_report(self) -> ServerReport {
        self.0.server.unwrap_or_default()
    }

    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The SQLSTATE, when the server refused a statement.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.server.as_ref().map(|report| report.code.as_str())
    }

    /// The constraint that a refused write would have broken.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.0.server.as_ref()?.constraint.as_deref()
    }

    /// The table the server named when it refused a statement.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        self.0.server.as_ref()?.table.as_deref()
    }

    /// The column the server named when it refused a statement.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.0.server.as_ref()?.column.as_deref()
    }

    /// What to do about it, if there is advice.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// The message of this layer, without the advice.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// A tenant that cannot be read means a tenant that was not set, when the library knows that it set none.
    pub(crate) fn without_tenant(mut self) -> Self {
        if self.has_code(&["22P02"]) {
            self.0.kind = Kind::TenantMissing;
            "a statement on tenant data ran without a tenant".clone_into(&mut self.0.message);
        }
        self
    }

    /// The same error about this column.
    pub(crate) fn at(mut self, table: &str, column: &str) -> Self {
        self.0.message = format!("{table}.{column}: {}", self.0.message);
        self
    }

    /// The row that a write answered with does not read; the write itself took effect.
    pub(crate) fn after_write(mut self) -> Self {
        self.0.message.push_str("; the write itself took effect");
        self
    }

    /// The tables changed under a prepared statement, or a pooler lost it; nothing took effect.
    pub(crate) fn is_stale_statement(&self) -> bool {
        self.has_code(&["0A000", "26000"])
    }

    fn has_code(&self, codes: &[&str]) -> bool {
        self.code().is_some_and(|code| codes.contains(&code))
    }
}

/// Defines one predicate per kind.
macro_rules! predicates {
    ($($(#[$doc:meta])* $name:ident => $($kind:ident)|+;)*) => {
        impl Error {
            $($(#[$doc])* #[must_use] pub fn $name(&self) -> bool { matches!(self.0.kind, $(Kind::$kind)|+) })*
        }
    };
}

predicates! {
    /// A setting is missing or malformed.
    is_config => Config;
    /// The server could not be reached, or refused the login.
    is_connect => Connect;
    /// No connection became free within the pool's wait time.
    is_pool_timeout => PoolTimeout;
    /// The handle was closed by `Db::close`.
    is_closed => Closed;
    /// The connection broke while a statement was under way; whether it took effect is not known.
    is_connection_lost => ConnectionLost;
    /// The server is older than PostgreSQL 15.
    is_server_too_old => ServerTooOld;
    /// The login is a superuser, has BYPASSRLS or owns tables, so it is no wall between tenants.
    is_unsafe_login => UnsafeLogin;
    /// A token is not accepted: malformed, over, for somebody else, or signed by another key. Why is not told, but by an
    /// event for the operator.
    is_unauthenticated => Unauthenticated;
    /// A role the library needs does not exist on the server.
    is_role_missing => RoleMissing;
    /// A statement on tenant data ran without a tenant.
    is_tenant_missing => TenantMissing;
    /// No row has this key in this scope.
    is_not_found => NotFound;
    /// More than one row came where one was asked for.
    is_too_many_rows => TooManyRows;
    /// A row did not decode into its struct; the text names table.column.
    is_decode => Decode;
    /// A Rust value has no PostgreSQL form; the text names table.column.
    is_encode => Encode;
    /// A page's cursor was altered, or was made by another query.
    is_invalid_cursor => InvalidCursor;
    /// The query asks for what its verb cannot do.
    is_invalid_query => InvalidQuery;
    /// A statement in the transaction failed, so all of it was rolled back.
    is_transaction_aborted => TransactionAborted;
    /// A sealed value did not open, for whichever of the reasons below but its key.
    is_decrypt => Decrypt | NotSealed | SealedForm | SealedBinding | SealedType;
    /// A sealed value was altered, or moved from another row, column, table or tenant.
    is_altered => Decrypt;
    /// A sealed column holds what was never sealed, or too little of it.
    is_not_sealed => NotSealed;
    /// A sealed value has a suite, flags or a codec that this version does not know.
    is_sealed_form_unknown => SealedForm;
    /// A sealed value is not bound to its row and tenant as its column asks.
    is_sealed_binding_wrong => SealedBinding;
    /// A sealed value was sealed as another type than its field's.
    is_sealed_type_wrong => SealedType;
    /// A data key or key-encryption key is missing, wrong or out of reach, for whichever of the reasons below.
    is_key => Key | UnknownKey | KeyDestroyed | KeyUnavailable | WrongKek | KeyMismatch;
    /// A value names a data key that is not there, or not this tenant's.
    is_key_unknown => UnknownKey;
    /// A value's data key was destroyed on purpose: the value is gone, as it was meant to be.
    is_key_destroyed => KeyDestroyed;
    /// The keeper of a key-encryption key is out of reach, refuses, or does not have it.
    is_key_unavailable => KeyUnavailable;
    /// A key-encryption key does not unwrap a data key: another key stands under its name, or the stored row was altered.
    is_key_wrong => WrongKek;
    /// A data key is not the one that its row commits to, or belongs to another scope than the value.
    is_key_mismatch => KeyMismatch;
    /// A text has not the form of an API key.
    is_invalid_api_key => InvalidApiKey;
    /// A migration file is missing, malformed or was edited after it was applied.
    is_migration_file => MigrationFile;
    /// A migration failed; it was rolled back and nothing of it remains.
    is_migration_failed => MigrationFailed;
    /// Another deploy held the lock for the whole wait.
    is_migration_locked => MigrationLocked;
    /// The database holds objects that are not the models'.
    is_foreign_schema => ForeignSchema;
    /// A change of a schema that no statement makes, or that somebody has to decide; the text names the object.
    is_plan => Plan;
    /// The private server could not be found, created or started.
    is_local => Local;
    /// Seeding was refused, to protect data that is not the seed's.
    is_seed_refused => SeedRefused;
    /// A file or process operation failed.
    is_io => Io;
}

/// Predicates that the SQLSTATE answers.
impl Error {
    /// A unique index already holds this value; [`constraint`](Self::constraint) names it.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.has_code(&["23505"])
    }

    /// The row refers to a parent that is not there for this tenant, or is still referred to.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.has_code(&["23503", "23001"])
    }

    /// A required column got NULL.
    #[must_use]
    pub fn is_not_null_violation(&self) -> bool {
        self.has_code(&["23502"])
    }

    /// A CHECK constraint or a domain's check refused the row.
    #[must_use]
    pub fn is_check_violation(&self) -> bool {
        self.has_code(&["23514"])
    }

    /// A text is longer than its column.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.has_code(&["22001"])
    }

    /// The server could not read a value as its column's type: an enum label, a number out of range, a NUL in a text.
    #[must_use]
    pub fn is_invalid_value(&self) -> bool {
        self.code().is_some_and(|code| code.starts_with("22") && code != "22001")
    }

    /// The role may not do this, or row security refused the row.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.has_code(&["42501"])
    }

    /// The same call may succeed when it is made again: a serialization failure or a deadlock.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.has_code(&["40001", "40P01"])
    }

    /// A relation, column, function or type that the statement names is not in the database.
    #[must_use]
    pub fn is_undefined_object(&self) -> bool {
        self.has_code(&["42P01", "42703", "42883", "42704", "3F000"])
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match &self.0.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.0.kind).field("message", &self.0.message);
        if let Some(report) = &self.0.server {
            out.field("server", report);
        }
        if let Some(source) = &self.0.source {
            out.field("source", source);
        }
        out.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
