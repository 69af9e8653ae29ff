//! The codec of JSON values, which leaves no copy of them behind while it writes.

use std::io::{self, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{Codec, JSON, closed};
use crate::error::{Error, Kind, Result};
use crate::value::Json;

impl<T> closed::Closed for Json<T> {}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Codec for Json<T> {
    const CODEC: u8 = JSON;
    type Held = Self;

    fn hold(self) -> Self {
        self
    }

    fn expose(held: &Self) -> &Self {
        held
    }

    fn release(held: Self) -> Self {
        held
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>> {
        let mut buffer = WipingBuffer::default();
        // The cause is left out: a serialiser's message may quote the value.
        serde_json::to_writer(&mut buffer, &self.0).map_err(|_| {
            Error::new(Kind::Encode, format!("a secret of type `{}` cannot be written as JSON", Self::type_name()))
                .help("JSON objects need text keys; check the type's `Serialize`")
        })?;
        Ok(buffer.0)
    }

    fn decode(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        // The cause is left out here too: "invalid type: string \"…\"" quotes the secret.
        serde_json::from_slice(&bytes).ok().map(Json)
    }
}

impl<T> Json<T> {
    fn type_name() -> &'static str {
        std::any::type_name::<T>()
    }
}

/// A growing buffer that wipes the smaller one each time it moves to a larger.
#[derive(Default)]
struct WipingBuffer(Zeroizing<Vec<u8>>);

impl Write for WipingBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2).max(256)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
