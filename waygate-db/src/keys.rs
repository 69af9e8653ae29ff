//! Data keys: loaded from `waygate.data_keys`, unwrapped by the provider, made on first use.
//!
//! [`Vault`] serves the verbs on rows. The rest is for operators, run as the service: a key's life is in `lifecycle`
//! ([`init`], [`list`], [`rotate`], [`rewrap`], [`retire`], [`shred`]), the job that seals cells anew in [`reencrypt`],
//! and what looks for damage in [`verify`] and [`doctor`]. They work on cells as bytes, by the models' metadata.

mod census;
mod columns;
mod doctor;
mod index;
mod lifecycle;
mod moving;
mod reencrypt;
mod reindex;
mod stored;
mod turns;
mod verify;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use uuid::Uuid;

use crate::crypto::{
    DataKey, KeyId, KeyProvider, KeyPurpose, KeyScope, Keyring, Providers, UnwrapRequest, WrapContext, WrapRequest,
    cell_key_id,
};
use crate::error::{Error, Kind, Result};
use crate::schema::Table;
use crate::session::{Executor, RawRow};
use crate::sql::Statement;
use crate::value::Param;

use turns::Turns;

pub use columns::CellCount;
pub use doctor::{Diagnosis, Severity, Symptom, doctor};
pub use lifecycle::{
    KeyEntry, Made, OLD, Retire, Retired, Rewrapped, Rotated, Shredded, Which, init, list, retire, rewrap, rotate,
    shred,
};
pub use moving::{Moved, move_plaintext};
pub use reencrypt::{Event, Reencrypt, Reencrypted, Stop, TableReencrypted, Watch, reencrypt};
pub use reindex::{Reindexed, reindex};
pub use verify::{FailedCell, Verified, Verify, verify};

/// How often a first key is tried, when others make one at the same moment.
const TRIES: usize = 3;

/// The columns of a stored key, in the order in which they are read.
macro_rules! key_columns {
    () => {
        "commitment, scope, purpose, version, kek_id, wrapped, provider, destroyed_at"
    };
}
use key_columns;

const LOAD: &str = concat!("SELECT ", key_columns!(), " FROM waygate.data_keys WHERE key_id = ANY($1)");

const ACTIVE: &str = concat!(
    "SELECT ",
    key_columns!(),
    " FROM waygate.data_keys WHERE scope = $1 AND purpose = $2 AND state = 'active'"
);

const LATEST_VERSION: &str =
    "SELECT coalesce(max(version), 0) FROM waygate.data_keys WHERE scope = $1 AND purpose = $2";

const STORE: &str = "INSERT INTO waygate.data_keys
        (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped, kek_check, activated_at)
    VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8, $9, now())
    ON CONFLICT DO NOTHING";

/// The keys of sealed columns: the provider that wraps them, and those already opened.
#[doc(hidden)]
pub struct Vault {
    keyring: Keyring,
    index: index::Held,
    provider: Option<Providers>,
    turns: Turns,
    in_use: watch::Sender<Use>,
}

/// Whether any key was asked for yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// None was.
    NotYet,
    /// Some was.
    Yes,
    /// Nobody asks any more.
    Ended,
}

/// What is heard of keys that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// This one was rotated out or destroyed.
    Key(KeyId),
    /// Any of them may have been.
    MaybeAll,
}

impl Heard {
    /// What a notice says: the key's id in hex. Anything else may be about any key.
    pub(crate) fn of(payload: &str) -> Self {
        KeyId::from_hex(payload).map_or(Self::MaybeAll, Self::Key)
    }
}

impl Vault {
    pub(crate) fn new(provider: Option<Providers>, lifetime: Duration) -> Self {
        Self {
            keyring: Keyring::new(lifetime),
            index: index::Held::new(lifetime),
            provider,
            turns: Turns::default(),
            in_use: watch::Sender::new(Use::NotYet),
        }
    }

    /// The keys at hand.
    pub(crate) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Whether a keeper of keys is configured.
    pub(crate) fn has_keys(&self) -> bool {
        self.provider.is_some()
    }

    /// Tells when the first key is asked for, and when the last was.
    pub(crate) fn in_use(&self) -> watch::Receiver<Use> {
        self.in_use.subscribe()
    }

    /// Nobody will ask any more.
    pub(crate) fn close(&self) {
        self.in_use.send_replace(Use::Ended);
    }

    /// Forgets what may have changed; whether anybody still wants to know.
    pub(crate) fn hear(&self, heard: Heard) -> bool {
        match heard {
            Heard::Key(id) => self.keyring.forget(&id),
            Heard::MaybeAll => self.keyring.forget_all(),
        }
        // There are few of them, and each depends on all of its scope.
        self.index.forget_all();
        *self.in_use.borrow() != Use::Ended
    }

    fn is_used(&self) {
        self.in_use.send_if_modified(|used| {
            let first = *used == Use::NotYet;
            if first {
                *used = Use::Yes;
            }
            first
        });
    }

    /// The keys that these cells of a table name; those that are not at hand come by one query and one call to the provider.
    ///
    /// A key that is not in the table stays unknown: the cell that needs it says so when it is opened.
    pub(crate) async fn load<S: Executor>(
        &self,
        session: &S,
        table: &'static Table,
        cells: &[(usize, &[u8])],
    ) -> Result<Keyring> {
        let named = cells.iter().filter_map(|(_, cell)| cell_key_id(cell));
        let (ring, missing) = self.keyring.pinned(named);
        if missing.is_empty() {
            return Ok(ring);
        }
        self.is_used();
        let ids: Vec<Vec<u8>> = missing.iter().map(|id| id.0.to_vec()).collect();
        let reply = session.run(Statement::read(LOAD, vec![Param::of(&ids)?])).await?;
        let mut stored = reply.rows().map(StoredKey::read).collect::<Result<Vec<_>>>()?;
        for key in &stored {
            if let Some(at) = key.destroyed_at {
                self.keyring.note_destroyed(key.context.id(), at);
                ring.note_destroyed(key.context.id(), at);
            }
        }
        stored.retain(|key| key.destroyed_at.is_none());
        for (key, stored) in self.open_each(&stored).await?.into_iter().zip(&stored) {
            let id = stored.context.id();
            let column =
                || cells.iter().find(|(_, cell)| cell_key_id(cell) == Some(id)).map_or(0, |(column, _)| *column);
            let at = |error: Error| error.at(table.name, table.column_at(column()).name);
            ring.insert(key.map_err(at)?);
        }
        Ok(ring)
    }

    /// The key that seals new values of this tenant, or of the application's own data; made now if there is none.
    pub(crate) async fn active<S: Executor>(&self, session: &S, tenant: Option<Uuid>) -> Result<Arc<DataKey>> {
        let scope = tenant.map_or(KeyScope::App, KeyScope::Tenant);
        if let Some(key) = self.keyring.active(&scope) {
            return Ok(key);
        }
        self.is_used();
        for _ in 0..TRIES {
            if let Some(key) = self.find_active(session, &scope).await? {
                self.keyring.set_active(Arc::clone(&key));
                return Ok(key);
            }
            self.create(session, &scope, KeyPurpose::Encrypt).await?;
        }
        Err(Error::new(Kind::Key, format!("no active data key for scope {scope} could be made"))
            .help("look into waygate.data_keys: a key that is pending or a constraint may be in the way"))
    }

    async fn find_active<S: Executor>(&self, session: &S, scope: &KeyScope) -> Result<Option<Arc<DataKey>>> {
        let reply = session.run(Statement::read(ACTIVE, scope_params(scope, KeyPurpose::Encrypt)?)).await?;
        let stored = reply.rows().map(StoredKey::read).collect::<Result<Vec<_>>>()?;
        Ok(self.open(&stored).await?.pop())
    }

    /// Makes and stores a key, committed on its own, before a value is sealed or indexed with it: inside the caller's transaction a
    /// rollback would take the key and leave it in memory. The unique index on active keys decides between two makers.
    async fn create<S: Executor>(&self, session: &S, scope: &KeyScope, purpose: KeyPurpose) -> Result<()> {
        let provider = self.provider()?;
        let reply = session.run(Statement::read(LATEST_VERSION, scope_params(scope, purpose)?)).await?;
        let version = reply.one()?.value::<i32>(0)?.saturating_add(1);
        let key = DataKey::generate(*scope, purpose, version)?;
        let request = WrapRequest::from(&key);
        let wrapped = provider.wrap_one(request.secret, &request.context).await?;
        let params = vec![
            Param::of(&key.id().0.to_vec())?,
            Param::of(&key.commitment().to_vec())?,
            Param::of(&scope.to_string())?,
            Param::of(&i16::from(purpose.code()))?,
            Param::of(&version)?,
            Param::of(&provider.id().to_owned())?,
            Param::of(&wrapped.kek)?,
            Param::of(&wrapped.bytes)?,
            stored::kek_check(provider, &wrapped.kek)?,
        ];
        session.run_aside(Statement::write(STORE, params)).await.map(|_| ())
    }

    async fn open(&self, stored: &[StoredKey]) -> Result<Vec<Arc<DataKey>>> {
        self.open_each(stored).await?.into_iter().collect()
    }

    /// Unwraps stored keys. Of those who ask for one key at the same time, one asks the provider.
    async fn open_each(&self, stored: &[StoredKey]) -> Result<Vec<Result<Arc<DataKey>>>> {
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        let provider = self.provider()?;
        let began = Instant::now();
        // No connection is taken while a turn is held, so whoever waits for one may hold the last connection.
        let _turns = self.turns.take(stored.iter().map(|key| key.context.id())).await;
        let mut keys: Vec<Option<Result<Arc<DataKey>>>> =
            stored.iter().map(|key| self.keyring.since(&key.context.id(), began).map(Ok)).collect();
        let asked: Vec<&StoredKey> =
            stored.iter().zip(&keys).filter(|(_, key)| key.is_none()).map(|(stored, _)| stored).collect();
        let requests: Vec<UnwrapRequest<'_>> = asked.iter().map(|key| key.request()).collect();
        let secrets = if requests.is_empty() { Vec::new() } else { provider.unwrap_keys(&requests).await };
        let opened = asked.iter().zip(secrets).map(|(stored, secret)| {
            let key = Arc::new(DataKey::unwrap_checked(secret?, &stored.context)?);
            // At once, for whoever waits for the turn.
            self.keyring.insert(Arc::clone(&key));
            Ok(key)
        });
        let mut opened = opened.collect::<Vec<_>>().into_iter();
        for key in &mut keys {
            if key.is_none() {
                *key = opened.next();
            }
        }
        Ok(keys.into_iter().map(|key| key.unwrap_or_else(|| Err(no_answer(provider)))).collect())
    }

    fn provider(&self) -> Result<&Providers> {
        self.provider.as_ref().ok_or_else(|| {
            Error::new(Kind::Key, "sealed columns need a key provider, and none is configured")
                .help("set WAYGATE_KEK_<id> and WAYGATE_KEK_CURRENT, or give the configuration `keys`")
        })
    }
}

/// A row of `waygate.data_keys`.
struct StoredKey {
    context: WrapContext,
    provider: String,
    kek: String,
    /// Nothing, once the key is destroyed.
    wrapped: Vec<u8>,
    destroyed_at: Option<DateTime<Utc>>,
}

impl StoredKey {
    fn read(row: RawRow<'_>) -> Result<Self> {
        let commitment: Vec<u8> = row.value(0)?;
        let scope: String = row.value(1)?;
        let context = WrapContext {
            commitment: commitment.try_into().map_err(|_| damaged("commitment"))?,
            scope: scope.parse()?,
            purpose: KeyPurpose::from_code(row.value(2)?).ok_or_else(|| damaged("purpose"))?,
            version: row.value(3)?,
        };
        let (wrapped, destroyed_at) = match (row.value::<Option<Vec<u8>>>(5)?, row.value(7)?) {
            (Some(wrapped), None) => (wrapped, None),
            (None, Some(at)) => (Vec::new(), Some(at)),
            _ => return Err(damaged("wrapped")),
        };
        Ok(Self { context, provider: row.value(6)?, kek: row.value(4)?, wrapped, destroyed_at })
    }

    fn request(&self) -> UnwrapRequest<'_> {
        UnwrapRequest {
            provider: &self.provider,
            kek: &self.kek,
            wrapped: &self.wrapped,
            context: self.context.clone(),
        }
    }
}

/// A provider that answers fewer requests than it was given.
fn no_answer(provider: &dyn KeyProvider) -> Error {
    Error::new(Kind::Key, format!("the key provider \"{}\" left a data key without an answer", provider.id()))
        .help("its `unwrap_keys` must answer every request, in the order given")
}

fn damaged(column: &str) -> Error {
    Error::new(Kind::Key, format!("waygate.data_keys.{column}: the stored value is malformed"))
        .help("restore the row from a backup")
}

fn scope_params(scope: &KeyScope, purpose: KeyPurpose) -> Result<Vec<Param>> {
    Ok(vec![Param::of(&scope.to_string())?, Param::of(&i16::from(purpose.code()))?])
}
