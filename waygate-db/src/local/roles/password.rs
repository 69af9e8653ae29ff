//! Passwords of the logins: made here, sent only as SCRAM verifiers, so that no log of the server ever holds one.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hkdf::hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};

use super::{APP, MIGRATOR, SERVICE};

/// PostgreSQL's own number of rounds. The password has 256 random bits, so more would slow down logins for nothing.
const ROUNDS: u32 = 4096;

/// A random password, which `Debug` does not show.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// The passwords of the three logins; without one a login works only where the server trusts it.
#[derive(Debug, Clone, Default)]
pub struct Passwords {
    /// Of `waygate_migrator`.
    pub migrator: Option<Password>,
    /// Of `waygate_app`.
    pub app: Option<Password>,
    /// Of `waygate_service`.
    pub service: Option<Password>,
}

impl Passwords {
    /// A random password for each login.
    ///
    /// # Errors
    ///
    /// [`is_io`](Error::is_io) when the system gives no random bytes.
    pub fn random() -> Result<Self> {
        let make = || Password::random().map(Some);
        Ok(Self { migrator: make()?, app: make()?, service: make()? })
    }

    /// The password of this role.
    #[must_use]
    pub fn of(&self, role: &str) -> Option<&Password> {
        let Self { migrator, app, service } = self;
        match role {
            MIGRATOR => migrator.as_ref(),
            APP => app.as_ref(),
            SERVICE => service.as_ref(),
            _ => None,
        }
    }
}

impl Password {
    /// A password of 32 random bytes, written in letters that need no encoding in a URL.
    ///
    /// # Errors
    ///
    /// [`is_io`](Error::is_io) when the system gives no random bytes.
    pub fn random() -> Result<Self> {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random_bytes()?);
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(&bytes[..]))))
    }

    /// The password itself, for a URL.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the server keeps of it (RFC 5803): enough to check a login, of no use to log in.
    pub(super) fn verifier(&self) -> Result<String> {
        let salt: [u8; 16] = random_bytes()?;
        let salted = stretch(self.0.as_bytes(), &salt)?;
        let stored_key = Sha256::digest(mac(&salted[..], &[b"Client Key"])?);
        let server_key = mac(&salted[..], &[b"Server Key"])?;
        let [salt, stored_key, server_key] =
            [&salt[..], &stored_key[..], &server_key[..]].map(|bytes| STANDARD.encode(bytes));
        Ok(format!("SCRAM-SHA-256${ROUNDS}:{salt}${stored_key}:{server_key}"))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

/// The function `Hi` of RFC 5802, for passwords of plain ASCII as these are.
fn stretch(password: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    let mut round = Zeroizing::new(mac(password, &[salt, &1_u32.to_be_bytes()])?);
    let mut sum = round.clone();
    for _ in 1..ROUNDS {
        *round = mac(password, &[&round[..]])?;
        for (sum, byte) in sum.iter_mut().zip(round.iter()) {
            *sum ^= byte;
        }
    }
    Ok(sum)
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32]> {
    let mac = Hmac::<Sha256>::new_from_slice(key);
    let mut mac = mac.map_err(|_| Error::new(Kind::Config, "a password has a length that HMAC does not take"))?;
    for part in parts {
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().into())
}

fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Kind::Io, "the system gives no random bytes").caused_by(error.to_string()))?;
    Ok(bytes)
}
