//! Data keys wrapped anew under the current key-encryption key; no cell changes.

use serde::Serialize;

use crate::crypto::{KeyProvider, UnwrapRequest};
use crate::error::{Error, Result};
use crate::keys::stored::{self, Stored, WRAP_AT_ONCE};
use crate::session::{Executor, ServiceScope};
use crate::sql::Statement;
use crate::value::Param;

const REPLACE: &str = "UPDATE waygate.data_keys SET wrapped = $3, kek_id = $4, provider = $5, kek_check = $6
    WHERE key_id = $1 AND wrapped = $2";

/// What [`rewrap`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rewrapped {
    /// The provider and the key that all data keys are wrapped under now.
    pub under: String,
    /// How many were wrapped anew.
    pub rewrapped: usize,
    /// How many were wrapped under it before.
    pub current: usize,
    /// Those that could not be unwrapped, and why.
    pub failed: Vec<String>,
}

/// Wraps all data keys anew that are wrapped under another than the provider's current key.
///
/// A hundred at a time, each batch committed on its own: a run that was interrupted is simply run again.
///
/// # Errors
///
/// [`is_key`](Error::is_key) when there is no provider or it does not wrap. A key that it does not unwrap is no error of
/// the run, but reported.
pub async fn rewrap(service: &ServiceScope) -> Result<Rewrapped> {
    let provider = service.vault().provider()?;
    let (id, kek) = (provider.id().to_owned(), provider.current_kek().to_owned());
    let mut keys = stored::all(service).await?;
    keys.retain(|key| !key.is_destroyed());
    let total = keys.len();
    keys.retain(|key| key.kek != kek || key.provider != id);
    let mut report = Rewrapped { under: format!("{id} {kek}"), current: total - keys.len(), ..Rewrapped::default() };
    for batch in keys.chunks(WRAP_AT_ONCE) {
        rewrap_batch(service, provider, batch, &mut report).await?;
    }
    Ok(report)
}

async fn rewrap_batch(
    service: &ServiceScope,
    provider: &dyn KeyProvider,
    batch: &[Stored],
    report: &mut Rewrapped,
) -> Result<()> {
    let requests: Vec<UnwrapRequest<'_>> = batch.iter().filter_map(Stored::request).collect();
    let mut replacements = Vec::with_capacity(batch.len());
    for (stored, wrapped) in batch.iter().zip(provider.rewrap_keys(&requests).await) {
        match wrapped {
            Ok(wrapped) => replacements.push(vec![
                Param::of(&stored.id.0.to_vec())?,
                Param::of(&stored.wrapped)?,
                Param::of(&wrapped.bytes)?,
                Param::of(&wrapped.kek)?,
                Param::of(&provider.id().to_owned())?,
                stored::kek_check(provider, &wrapped.kek)?,
            ]),
            Err(error) => report.failed.push(format!("data key {}: {}", stored.id, error.message())),
        }
    }
    let replaced = service
        .transaction(async |tx| {
            let mut replaced = 0;
            for params in replacements {
                replaced += tx.run(Statement::write(REPLACE, params)).await?.affected();
            }
            Ok::<_, Error>(replaced)
        })
        .await?;
    report.rewrapped += usize::try_from(replaced).unwrap_or(usize::MAX);
    Ok(())
}
