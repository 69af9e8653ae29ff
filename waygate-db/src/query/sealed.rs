//! Opening a value that was read sealed.

use crate::crypto::{Codec, Encrypted, Sealed};
use crate::error::{Error, Kind, Result};
use crate::session::Executor;

impl<T: Codec> Sealed<T> {
    /// Opens the value, and records an event of it: `opened`, with the column and no value.
    ///
    /// # Errors
    ///
    /// [`is_decrypt`](Error::is_decrypt) when the stored value was altered or moved, [`is_key`](Error::is_key) when its
    /// key is destroyed, unknown, out of reach, or not of the session's tenant.
    pub async fn open<S: Executor>(&self, session: &S) -> Result<Encrypted<T>> {
        let context = self.context();
        // The keys of all tenants that this process serves are held together; who asks is looked at here.
        if let (Some(asking), Some(owner)) = (session.confined_to(), context.tenant())
            && asking.as_uuid() != owner
        {
            let what = format!("{}: the value is another tenant's than the session's", context.column_name());
            return Err(Error::new(Kind::KeyMismatch, what).help("open it through the scope that read it"));
        }
        let keyring = session.vault().load(session, context.table(), &[(context.column(), self.cell())]).await?;
        let opened = self.open_with(&keyring)?;
        tracing::info!(target: "waygate_db::opened", column = %context.column_name(), "opened");
        Ok(opened)
    }
}
