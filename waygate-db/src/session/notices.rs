//! What a server says beside its answers.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{AsyncMessage, Connection, Socket};

/// The notices of one connection, kept from the moment on at which somebody wants them.
#[derive(Debug, Clone, Default)]
pub(super) struct Notices(Arc<Mutex<Option<Vec<String>>>>);

impl Notices {
    /// Those since the last call; the first begins to keep them.
    pub(super) fn take(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(Vec::new()).unwrap_or_default()
    }

    fn push(&self, message: &str) {
        if let Some(kept) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            kept.push(message.to_owned());
        }
    }
}

/// Carries a connection's bytes until it ends. A notice is kept before the answer behind it is handed on.
pub(super) async fn carry(
    mut connection: Connection<Socket, NoTlsStream>,
    notices: Notices,
) -> Result<(), tokio_postgres::Error> {
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notice(notice) = message? {
            notices.push(notice.message());
        }
    }
    Ok(())
}
