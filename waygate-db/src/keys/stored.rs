//! Rows of `waygate.data_keys`, whatever their state: read, opened and written.

use chrono::{DateTime, Utc};

use crate::crypto::{DataKey, KeyId, KeyProvider, KeyPurpose, KeyScope, UnwrapRequest, WrapContext, WrappedKey};
use crate::error::{Error, Kind, Result};
use crate::session::{Executor, RawRow};
use crate::sql::Statement;
use crate::value::Param;

/// How many keys go to the provider in one call.
pub(super) const WRAP_AT_ONCE: usize = 100;

const COLUMNS: &str = "SELECT key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped,
        created_at, coalesce(activated_at, created_at), retired_at, kek_check
    FROM waygate.data_keys";

const INSERT: &str = "INSERT INTO waygate.data_keys
        (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped, kek_check, activated_at)
    VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8, $9, now())
    ON CONFLICT DO NOTHING";

const INSERT_PENDING: &str = "INSERT INTO waygate.data_keys
        (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped, kek_check)
    VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9)";

/// One row of `waygate.data_keys`.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) id: KeyId,
    pub(super) context: WrapContext,
    pub(super) state: String,
    pub(super) provider: String,
    pub(super) kek: String,
    pub(super) wrapped: Option<Vec<u8>>,
    /// The check value of the key that wrapped it, where the provider had one.
    pub(super) kek_check: Option<Vec<u8>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) activated_at: DateTime<Utc>,
    pub(super) retired_at: Option<DateTime<Utc>>,
}

impl Stored {
    fn read(row: RawRow<'_>) -> Result<Self> {
        let id: Vec<u8> = row.value(0)?;
        let id = KeyId(id.try_into().map_err(|_| super::damaged("key_id"))?);
        let commitment: Vec<u8> = row.value(1)?;
        let context = WrapContext {
            commitment: commitment.try_into().map_err(|_| super::damaged("commitment"))?,
            scope: row.value::<String>(2)?.parse()?,
            purpose: KeyPurpose::from_code(row.value(3)?).ok_or_else(|| super::damaged("purpose"))?,
            version: row.value(4)?,
        };
        Ok(Self {
            id,
            context,
            state: row.value(5)?,
            provider: row.value(6)?,
            kek: row.value(7)?,
            wrapped: row.value(8)?,
            created_at: row.value(9)?,
            activated_at: row.value(10)?,
            retired_at: row.value(11)?,
            kek_check: row.value(12)?,
        })
    }

    pub(super) fn scope(&self) -> KeyScope {
        self.context.scope
    }

    pub(super) fn purpose(&self) -> KeyPurpose {
        self.context.purpose
    }

    pub(super) fn is_active(&self) -> bool {
        self.state == "active"
    }

    pub(super) fn is_destroyed(&self) -> bool {
        self.state == "destroyed"
    }

    /// What the provider is asked; `None` when there is nothing left to unwrap.
    pub(super) fn request(&self) -> Option<UnwrapRequest<'_>> {
        let wrapped = self.wrapped.as_deref()?;
        Some(UnwrapRequest { provider: &self.provider, kek: &self.kek, wrapped, context: self.context.clone() })
    }
}

/// All rows, by scope, purpose and version.
pub(super) async fn all<S: Executor>(session: &S) -> Result<Vec<Stored>> {
    select(session, "ORDER BY scope <> 'app', scope, purpose, version", Vec::new()).await
}

/// The rows of these ids.
pub(super) async fn of_ids<S: Executor>(session: &S, ids: &[KeyId]) -> Result<Vec<Stored>> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.0.to_vec()).collect();
    select(session, "WHERE key_id = ANY($1)", vec![Param::of(&ids)?]).await
}

/// The active key of this scope and purpose.
pub(super) async fn active<S: Executor>(session: &S, scope: KeyScope, purpose: KeyPurpose) -> Result<Option<Stored>> {
    let params = vec![Param::of(&scope.to_string())?, Param::of(&i16::from(purpose.code()))?];
    Ok(select(session, "WHERE scope = $1 AND purpose = $2 AND state = 'active'", params).await?.pop())
}

/// The rows that a condition of this file or its neighbours chooses.
pub(super) async fn select<S: Executor>(session: &S, tail: &'static str, params: Vec<Param>) -> Result<Vec<Stored>> {
    let reply = session.run(Statement::read(format!("{COLUMNS} {tail}"), params)).await?;
    reply.rows().map(Stored::read).collect()
}

/// Unwraps these keys in one call, each for itself; a destroyed one says so.
pub(super) async fn open(provider: &dyn KeyProvider, stored: &[&Stored]) -> Vec<Result<DataKey>> {
    let requests: Vec<UnwrapRequest<'_>> = stored.iter().filter_map(|stored| stored.request()).collect();
    let secrets = if requests.is_empty() { Vec::new() } else { provider.unwrap_keys(&requests).await };
    let mut secrets = secrets.into_iter();
    let mut opened = Vec::with_capacity(stored.len());
    for stored in stored {
        opened.push(match stored.wrapped {
            None => Err(Error::new(Kind::KeyDestroyed, format!("data key {} was destroyed", stored.id))),
            Some(_) => match secrets.next() {
                Some(secret) => secret.and_then(|secret| DataKey::unwrap_checked(secret, &stored.context)),
                None => Err(Error::new(Kind::Key, format!("the key provider gave no answer for key {}", stored.id))),
            },
        });
    }
    opened
}

/// The check value of a key of the provider's, to be stored beside what it wrapped.
pub(super) fn kek_check(provider: &dyn KeyProvider, kek: &str) -> Result<Param> {
    Param::of(&provider.kek_check(kek).map(|check| check.to_vec()))
}

/// Stores a new key as the active one, unless its scope has one; whether it did.
pub(super) async fn insert<S: Executor>(
    session: &S,
    key: &DataKey,
    provider: &dyn KeyProvider,
    wrapped: &WrappedKey,
) -> Result<bool> {
    let statement = Statement::write(INSERT, params(key, provider, wrapped)?);
    Ok(session.run(statement).await?.affected() > 0)
}

/// Stores a new key that is looked for and not used yet. Of two at once the second is a unique violation of its number.
pub(super) async fn insert_pending<S: Executor>(
    session: &S,
    key: &DataKey,
    provider: &dyn KeyProvider,
    wrapped: &WrappedKey,
) -> Result<()> {
    session.run(Statement::write(INSERT_PENDING, params(key, provider, wrapped)?)).await.map(drop)
}

fn params(key: &DataKey, provider: &dyn KeyProvider, wrapped: &WrappedKey) -> Result<Vec<Param>> {
    Ok(vec![
        Param::of(&key.id().0.to_vec())?,
        Param::of(&key.commitment().to_vec())?,
        Param::of(&key.scope().to_string())?,
        Param::of(&i16::from(key.purpose().code()))?,
        Param::of(&key.version())?,
        Param::of(&provider.id().to_owned())?,
        Param::of(&wrapped.kek)?,
        Param::of(&wrapped.bytes)?,
        kek_check(provider, &wrapped.kek)?,
    ])
}
