//! The token that is shown to Vault.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use hyper::header::HeaderValue;
use zeroize::Zeroizing;

use super::fault::Fault;
use crate::error::{Error, Kind, Result};

/// Longer than any token, and little to read from a file that holds none.
const LONGEST: u64 = 8192;

pub(super) enum Token {
    /// The agent adds its own.
    None,
    Value(HeaderValue),
    File {
        path: PathBuf,
        last: Mutex<Option<HeaderValue>>,
    },
}

impl Token {
    pub(super) fn value(text: &str) -> Result<Self> {
        header(text.trim()).map(Self::Value).ok_or_else(|| {
            Error::new(Kind::Config, "the token for Vault holds what no token can, or nothing")
                .help("WAYGATE_VAULT_TOKEN holds the token alone, as `vault token create -field=token` prints it")
        })
    }

    pub(super) fn file(path: PathBuf) -> Self {
        Self::File { path, last: Mutex::new(None) }
    }

    /// The token to show first.
    pub(super) async fn current(&self) -> Result<Option<HeaderValue>, Fault> {
        match self {
            Self::None => Ok(None),
            Self::Value(token) => Ok(Some(token.clone())),
            Self::File { path, last } => {
                let kept = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
                match kept {
                    Some(token) => Ok(Some(token)),
                    None => read_anew(path, last).await.map(Some),
                }
            }
        }
    }

    /// The token to show instead of one that was refused, if there is another by now.
    pub(super) async fn instead_of(&self, refused: Option<&HeaderValue>) -> Result<Option<HeaderValue>, Fault> {
        let Self::File { path, last } = self else { return Ok(None) };
        let token = read_anew(path, last).await?;
        Ok((Some(&token) != refused).then_some(token))
    }
}

async fn read_anew(path: &Path, last: &Mutex<Option<HeaderValue>>) -> Result<HeaderValue, Fault> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read(&path)).await;
    let token = read.unwrap_or(Err(io::ErrorKind::Interrupted)).map_err(Fault::NoToken)?;
    *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
    Ok(token)
}

fn read(path: &Path) -> Result<HeaderValue, io::ErrorKind> {
    let mut text = Zeroizing::new(String::with_capacity(16384));
    let file = File::open(path).map_err(|error| error.kind())?;
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| error.kind())?;
    header(text.trim()).ok_or(io::ErrorKind::InvalidData)
}

/// The header's value, which prints as `Sensitive` and is wiped when the last use of it ends.
fn header(text: &str) -> Option<HeaderValue> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let bytes = Bytes::from_owner(Zeroizing::new(text.as_bytes().to_vec()));
    let mut value = HeaderValue::from_maybe_shared(bytes).ok().filter(|_| fits)?;
    value.set_sensitive(true);
    Some(value)
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Value(_) => f.write_str("<redacted>"),
            Self::File { path, .. } => write!(f, "{path:?}"),
        }
    }
}
