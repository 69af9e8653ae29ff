//! A sealed value that is opened when the program asks.

use std::fmt;
use std::marker::PhantomData;

use super::codec::Codec;
use super::context::CellContext;
use super::encrypted::Encrypted;
use super::keyring::Keyring;
use super::secret::{Plaintext, Secret, null};
use crate::error::Result;
use crate::schema::Opened;

/// A value of a sealed column that stays sealed until [`open`](Self::open) is called.
///
/// For lists that do not show the field, and for secrets whose every opening is to be seen: reading the row needs no key,
/// and a damaged cell is an error only for whoever opens it. A setter takes the bare value, as for [`Encrypted`].
///
/// ```no_run
/// # use waygate_db::{Id, Model, Result, Sealed, TenantId, TenantScope};
/// #[derive(Model)]
/// #[model(table = "wallets")]
/// struct Wallet {
///     #[model(key)]
///     id: Id<Wallet>,
///     #[model(tenant)]
///     tenant_id: TenantId,
///     #[model(encrypted)]
///     seed: Sealed<String>,
/// }
///
/// # async fn example(acme: TenantScope) -> Result<()> {
/// for wallet in Wallet::query().all(&acme).await? {
///     let seed = wallet.seed.open(&acme).await?;
///     assert!(!seed.expose().is_empty());
/// }
/// # Ok(())
/// # }
/// ```
pub struct Sealed<T: Codec> {
    cell: Box<[u8]>,
    context: CellContext,
    value: PhantomData<fn() -> T>,
}

impl<T: Codec> Sealed<T> {
    /// The stored bytes.
    pub(crate) fn cell(&self) -> &[u8] {
        &self.cell
    }

    /// The cell's place.
    pub(crate) fn context(&self) -> &CellContext {
        &self.context
    }

    /// Opens the value with a key that is at hand.
    pub(crate) fn open_with(&self, keyring: &Keyring) -> Result<Encrypted<T>> {
        Encrypted::from_opened(Plaintext::open(&self.cell, T::CODEC, &self.context, keyring)?, &self.context)
    }
}

impl<T: Codec> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self { cell: self.cell.clone(), context: self.context.clone(), value: PhantomData }
    }
}

impl<T: Codec> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(<redacted>)")
    }
}

impl<T: Codec> Secret for Sealed<T> {
    const NULLABLE: bool = false;
    const CODEC: u8 = T::CODEC;
    const OPENED: Opened = Opened::OnDemand;

    fn read(cell: Option<&[u8]>, context: &CellContext, _: &Keyring) -> Result<Self> {
        let cell = cell.ok_or_else(|| null(context))?;
        Ok(Self { cell: cell.into(), context: context.clone(), value: PhantomData })
    }
}

impl<T: Codec> Secret for Option<Sealed<T>> {
    const NULLABLE: bool = true;
    const CODEC: u8 = T::CODEC;
    const OPENED: Opened = Opened::OnDemand;

    fn read(cell: Option<&[u8]>, context: &CellContext, keyring: &Keyring) -> Result<Self> {
        cell.map(|cell| Sealed::read(Some(cell), context, keyring)).transpose()
    }
}
