//! One request over one connection.

use std::pin::pin;
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_util::future::{Either, select};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper_util::rt::TokioIo;
use zeroize::Zeroizing;

use super::address::Address;
use super::fault::Fault;

/// A status and a body, which may hold keys.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Zeroizing<Vec<u8>>,
}

pub(super) struct Post<'a> {
    pub(super) address: &'a Address,
    pub(super) path: &'a str,
    pub(super) token: Option<HeaderValue>,
    pub(super) namespace: Option<&'a str>,
    pub(super) connect_timeout: Duration,
    /// More than the answer can take.
    pub(super) longest: usize,
}

impl Post<'_> {
    /// Sends the body, whose bytes are wiped by their owner, and waits for the whole answer.
    pub(super) async fn send(&self, body: Bytes) -> Result<Reply, Fault> {
        let request = self.request(body)?;
        let connecting = tokio::time::timeout(self.connect_timeout, self.address.connect());
        let stream = connecting.await.map_err(|_| Fault::Unreachable(std::io::ErrorKind::TimedOut))??;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| Fault::Broken)?;
        let exchange = pin!(async {
            let answer = sender.send_request(request).await.map_err(|_| Fault::Broken)?;
            let status = answer.status().as_u16();
            Ok(Reply { status, body: self.collect(answer.into_body()).await? })
        });
        // Both end with this future: a caller that goes away leaves no connection behind.
        match select(exchange, pin!(connection)).await {
            Either::Left((reply, _)) => reply,
            // The connection is over; the answer is, too, or breaks off here.
            Either::Right((_, exchange)) => exchange.await,
        }
    }

    fn request(&self, body: Bytes) -> Result<Request<Full<Bytes>>, Fault> {
        let mut request = Request::post(self.path)
            .header(HOST, self.address.authority())
            .header(CONTENT_TYPE, "application/json")
            // An agent may ask for it, as a sign that no browser was tricked into the request.
            .header("x-vault-request", "true");
        if let Some(token) = &self.token {
            request = request.header("x-vault-token", token.clone());
        }
        if let Some(namespace) = self.namespace {
            request = request.header("x-vault-namespace", namespace);
        }
        request.body(Full::new(body)).map_err(|_| Fault::Garbled)
    }

    /// The whole body, in a buffer that has room for it from the start: one that grows leaves copies behind.
    async fn collect(&self, mut body: Incoming) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let mut whole = Zeroizing::new(Vec::with_capacity(self.longest));
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| Fault::Broken)?.into_data() else { continue };
            if whole.len() + data.remaining() > self.longest {
                return Err(Fault::TooLong);
            }
            whole.extend_from_slice(&data);
        }
        Ok(whole)
    }
}
