//! Why Vault did not do what it was asked.

use std::io;

use super::address::Address;
use crate::error::{Error, Kind};

/// A request that failed as a whole. It holds nothing of any answer's text, so no error can show one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nobody answers at the address.
    Unreachable(io::ErrorKind),
    /// The connection broke before the answer was whole.
    Broken,
    /// The time for the call is over.
    TimedOut,
    /// The token file cannot be read, or holds no token.
    NoToken(io::ErrorKind),
    /// 403.
    Denied,
    /// No such key.
    NoKey,
    /// 404.
    NoMount,
    /// The key's version is below the oldest that may decrypt.
    Outdated,
    /// 429.
    Busy,
    /// 503.
    Sealed,
    /// Another status.
    Status(u16),
    /// An answer that is not as documented.
    Garbled,
    /// An answer longer than any could be.
    TooLong,
}

impl Fault {
    pub(super) fn of_status(status: u16) -> Self {
        match status {
            403 => Self::Denied,
            404 => Self::NoMount,
            429 => Self::Busy,
            503 => Self::Sealed,
            status => Self::Status(status),
        }
    }

    /// Whether the same request may succeed in a moment. None of them changes anything in Vault.
    pub(super) fn may_pass(self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Broken | Self::Busy | Self::Sealed => true,
            Self::Status(status) => status >= 500 || status == 412,
            _ => false,
        }
    }

    /// The error for one key.
    pub(super) fn error(self, address: &Address, mount: &str, key: &str) -> Error {
        let (what, help) = self.words(mount, key);
        let error = Error::new(Kind::KeyUnavailable, format!("Vault at {address} {what}")).help(help);
        match self {
            Self::Unreachable(kind) | Self::NoToken(kind) => error.caused_by(io::Error::from(kind)),
            _ => error,
        }
    }

    fn words(self, mount: &str, key: &str) -> (String, String) {
        let (what, help) = match self {
            Self::Unreachable(_) => {
                ("does not answer", "start it, or the agent that stands for it, and see to WAYGATE_VAULT_ADDR")
            }
            Self::Broken => ("broke the connection off", "look into its log; the request was tried again in vain"),
            Self::TimedOut => {
                ("did not answer in time", "see how busy it is, or give it longer with `VaultTransit::timeout`")
            }
            Self::NoToken(_) => (
                "was not asked, because the token file holds no token that can be read",
                "see that WAYGATE_VAULT_TOKEN_FILE names the file that the agent writes, and that this account may read it",
            ),
            Self::Busy => {
                ("answers that it gets too many requests (429)", "raise its rate limit quota, or ask less often")
            }
            Self::Sealed => {
                ("is sealed or not ready (503)", "unseal it with `vault operator unseal`; nothing opens until then")
            }
            Self::Garbled => {
                ("answers what a transit engine does not", "see that WAYGATE_VAULT_ADDR names Vault and nothing else")
            }
            Self::TooLong => {
                ("answers at a length that a transit engine does not", "see that WAYGATE_VAULT_ADDR names Vault")
            }
            Self::Status(307 | 308) => {
                ("is a standby that sends elsewhere", "name the active node's address, or an agent's")
            }
            Self::Denied => {
                return (
                    format!("refuses the token (403) for the key {key:?}"),
                    format!("renew it, and let its policy `update` {mount}/encrypt/{key} and {mount}/decrypt/{key}"),
                );
            }
            Self::NoKey => {
                return (format!("has no key {key:?}"), format!("make it with `vault write -f {mount}/keys/{key}`"));
            }
            Self::NoMount => {
                return (
                    format!("has nothing mounted at {mount:?} (404)"),
                    "see to WAYGATE_VAULT_MOUNT and WAYGATE_VAULT_NAMESPACE, or `vault secrets enable transit`"
                        .to_owned(),
                );
            }
            Self::Outdated => {
                return (
                    format!("no longer decrypts with so old a version of the key {key:?}"),
                    format!("lower min_decryption_version of {mount}/keys/{key} until every data key is wrapped anew"),
                );
            }
            Self::Status(status) => {
                return (
                    format!("refuses what it is asked of the key {key:?} ({status})"),
                    "the key has to be of type aes256-gcm96 or chacha20-poly1305 and not derived; its log says more"
                        .to_owned(),
                );
            }
        };
        (what.to_owned(), help.to_owned())
    }
}
