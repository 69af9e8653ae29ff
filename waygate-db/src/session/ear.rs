//! Hearing of changed data keys: one connection that listens, from the first use of a key on.
//!
//! Who rotates or destroys a key notifies `waygate_keys` with the key's id, in the transaction that does it. Notices that
//! come while the connection is broken are lost, so everything is forgotten whenever it is made anew. It is a courtesy, not
//! a wall: each key is forgotten when its time is over, too.

use std::future::poll_fn;
use std::time::Duration;

use tokio::sync::watch;
use tokio_postgres::{AsyncMessage, Config, NoTls};

use crate::keys::{Heard, Use, Vault};
use crate::url::DatabaseUrl;

const LISTEN: &str = "LISTEN waygate_keys";
/// The first pause after a failure; each further one is twice as long, up to the longest.
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A connection in waiting: what it takes to make it, and whether keys are in use.
pub(super) struct Ear {
    config: Config,
    keys: watch::Receiver<Use>,
}

impl Ear {
    /// The ear of this login for this vault.
    pub(super) fn of(url: &DatabaseUrl, vault: &Vault) -> Self {
        let mut config = url.to_config();
        config.application_name("waygate keys").keepalives_idle(Duration::from_secs(30));
        Self { config, keys: vault.in_use() }
    }

    /// Listens in a task of its own, from the first use of a key until the vault is closed or gone, and hands on what is
    /// heard; `hear` answers whether anybody still wants to know.
    pub(super) fn listen(self, hear: impl Fn(Heard) -> bool + Send + Sync + 'static) {
        tokio::spawn(async move {
            let Self { config, mut keys } = self;
            // An error is the end of the vault.
            if keys.wait_for(|used| *used != Use::NotYet).await.is_err() {
                return;
            }
            let mut pause = PAUSE;
            while *keys.borrow() == Use::Yes {
                tokio::select! {
                    heard = hear_all(&config, &hear) => match heard {
                        Some(true) => pause = PAUSE,
                        Some(false) => pause = (pause * 2).min(LONGEST_PAUSE),
                        None => return,
                    },
                    ended = keys.wait_for(|used| *used == Use::Ended) => {
                        // Whether it was closed or dropped, nobody is left to be told.
                        drop(ended);
                        return;
                    }
                }
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    ended = keys.wait_for(|used| *used == Use::Ended) => {
                        drop(ended);
                        return;
                    }
                }
            }
        });
    }
}

/// Hands on what one connection hears until it breaks; whether it was made at all. `None` when nobody wants to know.
async fn hear_all(config: &Config, hear: &(impl Fn(Heard) -> bool + Send + Sync)) -> Option<bool> {
    let (client, mut connection) = match config.connect(NoTls).await {
        Ok(connected) => connected,
        Err(error) => {
            tracing::debug!(error = %crate::pool::driver::connect_error(&error, "the server"), "no ear for changed keys");
            return Some(false);
        }
    };
    // The connection carries its own bytes only while it is polled, so both go on together.
    let listening = async {
        let listens = client.batch_execute(LISTEN).await.is_ok();
        listens && hear(Heard::MaybeAll)
    };
    let messages = async {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notice) = message
                && !hear(Heard::of(notice.payload()))
            {
                return;
            }
        }
    };
    let (mut listening, mut messages) = (std::pin::pin!(listening), std::pin::pin!(messages));
    tokio::select! {
        wanted = &mut listening => if !wanted { return Some(false) },
        () = &mut messages => return Some(false),
    }
    messages.await;
    Some(true)
}
