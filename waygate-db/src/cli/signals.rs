//! Waiting to be stopped.

use crate::error::{Error, Kind, Result};

/// Waits for Ctrl-C, or for the signal that a supervisor sends.
///
/// # Errors
///
/// [`is_io`](Error::is_io) when signals cannot be waited for.
pub async fn stopped() -> Result<()> {
    let failed = |error| Error::new(Kind::Io, "cannot wait for signals").caused_by(error);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result.map_err(failed),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(failed)
}
