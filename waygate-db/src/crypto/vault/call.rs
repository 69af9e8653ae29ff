//! One call of the transit engine: tried again while that may help, and no longer than its time.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout_at};
use zeroize::Zeroizing;

use super::VaultTransit;
use super::fault::Fault;
use super::http::{Post, Reply};
use super::items::{Answer, Batch};
use crate::backoff::Backoff;

/// How often a request is tried in all.
const TRIES: u32 = 5;
/// The first wait between two tries; each is twice the one before.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// More than a request or an answer has around its items, and for each of them.
const AROUND: usize = 16 * 1024;
const PER_ITEM: usize = 1024;

pub(super) enum Operation {
    Encrypt,
    Decrypt,
}

impl Operation {
    fn name(&self) -> &'static str {
        match self {
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
        }
    }
}

impl VaultTransit {
    /// What became of each item, in their order.
    pub(super) async fn call<I, O>(&self, operation: Operation, key: &str, items: &[I]) -> Result<Vec<O>, Fault>
    where
        I: Serialize,
        O: DeserializeOwned,
    {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let longest = AROUND + PER_ITEM * items.len();
        let body = encoded(items, longest)?;
        let path = format!("{}/v1/{}/{}/{key}", self.address.path(), self.mount, operation.name());
        let reply = self.send(&path, &body, longest).await?;
        // Where single items fail it is 400, with a result for each.
        if !matches!(reply.status, 200 | 400) {
            return Err(Fault::of_status(reply.status));
        }
        let unread = if reply.status == 400 { Fault::Status(400) } else { Fault::Garbled };
        // What the parser says is left out: it may quote the answer.
        let answer: Answer<O> = serde_json::from_slice(&reply.body).map_err(|_| unread)?;
        if answer.says_no_key() {
            return Err(Fault::NoKey);
        }
        let results = answer.data.map(|data| data.batch_results).unwrap_or_default();
        if results.len() == items.len() { Ok(results) } else { Err(unread) }
    }

    /// Sends until something settles it: an answer, a refusal, the last try, or the end of the time.
    async fn send(&self, path: &str, body: &Bytes, longest: usize) -> Result<Reply, Fault> {
        let deadline = Instant::now() + self.timeout;
        let mut backoff = Backoff::new(FIRST_WAIT, LONGEST_WAIT);
        let mut last = Fault::TimedOut;
        for tried in 1..=TRIES {
            let Ok(settled) = timeout_at(deadline, self.send_with_token(path, body, longest)).await else {
                // What went wrong before says more than that the time is over.
                return Err(last);
            };
            match settled {
                Err(fault) if fault.may_pass() => last = fault,
                Ok(reply) if Fault::of_status(reply.status).may_pass() => last = Fault::of_status(reply.status),
                settled => return settled,
            }
            let wait = backoff.step();
            if tried == TRIES || Instant::now() + wait >= deadline {
                break;
            }
            sleep(wait).await;
        }
        Err(last)
    }

    /// Sends once, and once more where the token was refused and its file holds another by now.
    async fn send_with_token(&self, path: &str, body: &Bytes, longest: usize) -> Result<Reply, Fault> {
        let token = self.token.current().await?;
        let reply = self.send_once(path, body, longest, token.clone()).await?;
        if reply.status != 403 {
            return Ok(reply);
        }
        match self.token.instead_of(token.as_ref()).await? {
            Some(token) => self.send_once(path, body, longest, Some(token)).await,
            None => Ok(reply),
        }
    }

    async fn send_once(
        &self,
        path: &str,
        body: &Bytes,
        longest: usize,
        token: Option<HeaderValue>,
    ) -> Result<Reply, Fault> {
        let (address, connect_timeout) = (&self.address, self.connect_timeout);
        let post = Post { address, path, token, namespace: self.namespace.as_deref(), connect_timeout, longest };
        post.send(body.clone()).await
    }
}

/// The request's body: written where it stays, and wiped when the last use of it ends.
fn encoded<I: Serialize>(items: &[I], longest: usize) -> Result<Bytes, Fault> {
    let mut body = Zeroizing::new(Vec::with_capacity(longest));
    serde_json::to_writer(&mut *body, &Batch { batch_input: items }).map_err(|_| Fault::Garbled)?;
    Ok(Bytes::from_owner(body))
}
