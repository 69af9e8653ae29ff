//! A PostgreSQL data layer for multi-tenant services, in which the safe thing is the short thing.
//!
//! One derive on a plain struct gives typed CRUD and queries, and also the table, its row-level security and the
//! encryption of its secret fields. Forgetting the tenant does not compile; if it could, the database would refuse.
//!
//! Data flows one way through these rooms: [`mod@schema`] (const metadata) → `sql` (text and parameters) → `session` (who
//! may, and one round trip) → `row` (structs).

extern crate self as waygate_db;

mod api_key;
pub mod audit;
mod backoff;
pub mod catalog;
#[cfg(feature = "supabase")]
mod claims;
#[cfg(feature = "cli")]
pub mod cli;
mod crypto;
mod derive;
mod document;
pub mod environment;
pub mod error;
pub mod keys;
pub mod local;
pub mod migrate;
mod model;
mod pool;
pub mod pull;
mod query;
mod row;
pub mod schema;
pub mod seal;
mod session;
mod sql;
mod telemetry;
mod url;
mod value;

pub use api_key::ApiKey;
#[cfg(feature = "supabase")]
pub use claims::{Claims, TokenRole, TokenVerifier};
#[cfg(feature = "vault")]
pub use crypto::VaultTransit;
pub use crypto::{
    Codec, Encrypted, EnvKeys, FileKeys, Findable, KeyFuture, KeyId, KeyProvider, KeyPurpose, KeyScope, KeySecret,
    SealKey, Sealable, Sealed, Searchable, Secret, UnwrapRequest, WrapContext, WrapRequest, WrappedKey, provider_from,
};
pub use derive::PgEnum;
pub use document::{DiagramFormat, schema_diagram, schema_docs};
pub use environment::Environment;
pub use error::{Error, Result};
pub use model::{Model, Mutable};
pub use query::{
    Bind, BlindPredicate, Col, Cursor, Delete, Equality, IntoAlternative, IntoOrder, IntoPredicate, Membership, Orders,
    Page, Predicate, Query, RawSql, RawText, Searched,
};
pub use row::Row;
pub use schema::{Dialect, Schema, TenantClaim};
pub use session::{
    AnonymousScope, Config, Db, Maintenance, OneTenant, ServiceOnly, ServiceScope, Session, SharedData, Statements,
    TenantData, TenantScope, Transaction,
};
pub use sql::{
    ColumnSummary, ForeignKeySummary, IndexSummary, Misfit, ScopeSummary, TableSummary, schema_check, schema_list,
    schema_sql,
};
pub use url::DatabaseUrl;
pub use value::{Element, Id, IntoValue, Json, Key, Param, TenantId, Value};
pub use waygate_macros::{Model, PgEnum, migrations};

/// What generated code names. Not part of the interface: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::crypto::{Encrypted, Movable, Sealable, Secret};
    pub use crate::derive::*;
    pub use crate::error::{Error, Result};
    pub use crate::migrate::{Embedded, Migration};
    pub use crate::model::{InsertBy, IsTenant, Model, Mutable, OwnedByTenant, SharedByAll, UpdateBy};
    pub use crate::query::{Col, Insert, Searched, Update, sealed_cell};
    pub use crate::row::Row;
    pub use crate::schema::{
        Binding, Column, ColumnRole, DefaultValue, Encryption, EnumType, ForeignKey, HasMany, Index, IndexColumn,
        IndexMethod, Login, Normalizer, OnDelete, Padding, PreviousKey, Scope, Search, SearchScope, SqlType, Table,
        TableRef,
    };
    pub use crate::session::{CarriedBy, Executor};
    pub use crate::value::{Element, Id, IntoValue, Key, TenantId, Value};

    /// The table of a model, as a function: tables may refer to one another.
    #[must_use]
    pub fn table_of<M: Model>() -> &'static Table {
        M::TABLE
    }

    /// The driver's conversion traits, for enums.
    pub mod pg {
        pub use bytes::BytesMut;
        pub use postgres_types::{FromSql, IsNull, ToSql, Type};
    }
}

/// What the fuzz targets and the bench of sealing reach. Not part of the interface: it changes without notice.
#[doc(hidden)]
pub mod __crypto {
    pub use crate::crypto::{CellContext, DataKey, Keyring, Plaintext, SealedCell, cell_key_id};
}
