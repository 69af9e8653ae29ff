//! Data keys: loaded from `waygate.data_keys`, unwrapped by the provider, made on first use.
//!
//! [`Vault`] serves the verbs on rows. The rest is for operators, run as the service: a key's life is in `lifecycle`
//! ([`init`], [`list`], [`rotate`], [`rewrap`], [`retire`], [`shred`]), the job that seals cells anew in [`reencrypt`],
//! and what looks for damage in [`verify`] and [`doctor`]. They work on cells as bytes, by the models' metadata.

mod census;
mod columns;
mod doctor;
mod lifecycle;
mod moving;
mod reencrypt;
mod stored;
mod verify;

use std::collections::HashSet;
use std::sync::Arc;

use uuid::Uuid;

use crate::crypto::{
    DataKey, KeyId, KeyProvider, KeyPurpose, KeyScope, Keyring, UnwrapRequest, WrapContext, WrapRequest, cell_key_id,
};
use crate::error::{Error, Kind, Result};
use crate::session::{Executor, RawRow};
use crate::sql::Statement;
use crate::value::Param;

pub use columns::CellCount;
pub use doctor::{Diagnosis, Severity, Symptom, doctor};
pub use lifecycle::{
    KeyEntry, Made, OLD, Retire, Retired, Rewrapped, Rotated, Shredded, Which, init, list, retire, rewrap, rotate,
    shred,
};
pub use moving::{Moved, move_plaintext};
pub use reencrypt::{Event, Reencrypt, Reencrypted, Stop, TableReencrypted, Watch, reencrypt};
pub use verify::{FailedCell, Verified, Verify, verify};

/// How often a first key is tried, when others make one at the same moment.
const TRIES: usize = 3;

const LOAD: &str = "SELECT commitment, scope, purpose, version, kek_id, wrapped, provider
    FROM waygate.data_keys WHERE key_id = ANY($1)";

const ACTIVE: &str = "SELECT commitment, scope, purpose, version, kek_id, wrapped, provider
    FROM waygate.data_keys WHERE scope = $1 AND purpose = $2 AND state = 'active'";

const LATEST_VERSION: &str =
    "SELECT coalesce(max(version), 0) FROM waygate.data_keys WHERE scope = $1 AND purpose = $2";

const STORE: &str = "INSERT INTO waygate.data_keys
        (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped, activated_at)
    VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8, now())
    ON CONFLICT DO NOTHING";

/// The keys of sealed columns: the provider that wraps them, and those already opened.
#[doc(hidden)]
pub struct Vault {
    keyring: Keyring,
    provider: Option<Arc<dyn KeyProvider>>,
}

impl Vault {
    pub(crate) fn new(provider: Option<Arc<dyn KeyProvider>>) -> Self {
        Self { keyring: Keyring::default(), provider }
    }

    /// The keys at hand.
    pub(crate) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Loads the keys that these cells name and that are not at hand, in one query and one call to the provider.
    ///
    /// A key that is not in the table stays unknown: the cell that needs it says so when it is opened.
    pub(crate) async fn load<S: Executor>(&self, session: &S, cells: Vec<&[u8]>) -> Result<()> {
        let named: HashSet<KeyId> = cells.into_iter().filter_map(cell_key_id).collect();
        let missing = self.keyring.missing(named);
        if missing.is_empty() {
            return Ok(());
        }
        let ids: Vec<Vec<u8>> = missing.iter().map(|id| id.0.to_vec()).collect();
        let reply = session.run(Statement::read(LOAD, vec![Param::of(&ids)?])).await?;
        let stored = reply.rows().map(StoredKey::read).collect::<Result<Vec<_>>>()?;
        for key in self.open(&stored).await? {
            self.keyring.insert(key);
        }
        Ok(())
    }

    /// The key that seals new values of this tenant, or of the application's own data; made now if there is none.
    pub(crate) async fn active<S: Executor>(&self, session: &S, tenant: Option<Uuid>) -> Result<Arc<DataKey>> {
        let scope = tenant.map_or(KeyScope::App, KeyScope::Tenant);
        if let Some(key) = self.keyring.active(&scope) {
            return Ok(key);
        }
        for _ in 0..TRIES {
            if let Some(key) = self.find_active(session, &scope).await? {
                self.keyring.set_active(Arc::clone(&key));
                return Ok(key);
            }
            self.create(session, &scope).await?;
        }
        Err(Error::new(Kind::Key, format!("no active data key for scope {scope} could be made"))
            .help("look into waygate.data_keys: a key that is pending or a constraint may be in the way"))
    }

    async fn find_active<S: Executor>(&self, session: &S, scope: &KeyScope) -> Result<Option<Arc<DataKey>>> {
        let reply = session.run(Statement::read(ACTIVE, scope_params(scope)?)).await?;
        let stored = reply.rows().map(StoredKey::read).collect::<Result<Vec<_>>>()?;
        Ok(self.open(&stored).await?.pop())
    }

    /// Makes and stores a key, committed on its own, before a value is sealed with it: inside the caller's transaction a
    /// rollback would take the key and leave it in memory. The unique index on active keys decides between two makers.
    async fn create<S: Executor>(&self, session: &S, scope: &KeyScope) -> Result<()> {
        let provider = self.provider()?;
        let reply = session.run(Statement::read(LATEST_VERSION, scope_params(scope)?)).await?;
        let version = reply.one()?.value::<i32>(0)?.saturating_add(1);
        let key = DataKey::generate(*scope, KeyPurpose::Encrypt, version)?;
        let wrapped = provider.wrap_keys(&[WrapRequest::from(&key)]).await?;
        let Some(wrapped) = wrapped.into_iter().next() else {
            return Err(Error::new(Kind::Key, format!("the key provider \"{}\" wrapped nothing", provider.id()))
                .help("its `wrap` must answer every request"));
        };
        let params = vec![
            Param::of(&key.id().0.to_vec())?,
            Param::of(&key.commitment().to_vec())?,
            Param::of(&scope.to_string())?,
            Param::of(&i16::from(KeyPurpose::Encrypt.code()))?,
            Param::of(&version)?,
            Param::of(&provider.id().to_owned())?,
            Param::of(&wrapped.kek)?,
            Param::of(&wrapped.bytes)?,
        ];
        session.run_aside(Statement::write(STORE, params)).await.map(|_| ())
    }

    async fn open(&self, stored: &[StoredKey]) -> Result<Vec<Arc<DataKey>>> {
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        let requests: Vec<UnwrapRequest<'_>> = stored.iter().map(StoredKey::request).collect();
        let secrets = self.provider()?.unwrap_keys(&requests).await;
        stored
            .iter()
            .zip(secrets)
            .map(|(stored, secret)| DataKey::unwrap_checked(secret?, &stored.context).map(Arc::new))
            .collect()
    }

    fn provider(&self) -> Result<&dyn KeyProvider> {
        self.provider.as_deref().ok_or_else(|| {
            Error::new(Kind::Key, "sealed columns need a key provider, and none is configured")
                .help("set WAYGATE_KEK_<id> and WAYGATE_KEK_CURRENT, or give the configuration `keys`")
        })
    }
}

/// A row of `waygate.data_keys` that still has its key.
struct StoredKey {
    context: WrapContext,
    provider: String,
    kek: String,
    wrapped: Vec<u8>,
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
        let Some(wrapped) = row.value::<Option<Vec<u8>>>(5)? else {
            return Err(Error::new(Kind::KeyDestroyed, format!("data key {} was destroyed", context.id()))
                .help("what it sealed cannot be opened any more; that is what destroying a key is for"));
        };
        Ok(Self { context, provider: row.value(6)?, kek: row.value(4)?, wrapped })
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

fn damaged(column: &str) -> Error {
    Error::new(Kind::Key, format!("waygate.data_keys.{column}: the stored value is malformed"))
        .help("restore the row from a backup")
}

fn scope_params(scope: &KeyScope) -> Result<Vec<Param>> {
    Ok(vec![Param::of(&scope.to_string())?, Param::of(&i16::from(KeyPurpose::Encrypt.code()))?])
}
