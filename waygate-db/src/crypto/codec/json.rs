//! The codec of JSON values, which leaves no copy of them behind while it writes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{Codec, JSON, closed};
use crate::crypto::draft::Draft;
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

    fn encode(&self) -> Result<Draft> {
        let mut draft = Draft::with_room_for(256);
        // The cause is left out: a serialiser's message may quote the value.
        serde_json::to_writer(&mut draft, &self.0).map_err(|_| {
            Error::new(Kind::Encode, format!("a secret of type `{}` cannot be written as JSON", Self::type_name()))
                .help("JSON objects need text keys; check the type's `Serialize`")
        })?;
        Ok(draft)
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
