//! The provider whose keys stay in HashiCorp Vault or OpenBao.

mod address;
mod call;
mod fault;
mod http;
mod items;
mod names;
mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use self::address::Address;
use self::call::Operation;
use self::fault::Fault;
use self::items::{Opened, Sealed, Unwrap, Wrap};
use self::token::Token;
use super::key::KeySecret;
use super::provider::{KeyFuture, KeyProvider, UnwrapRequest, WrapRequest, WrappedKey};
use crate::error::{Error, Kind, Result};

/// The most keys in one request, so that neither it nor its answer is ever large.
const BATCH: usize = 1000;

/// A key of the transit engine of HashiCorp Vault or OpenBao, which wraps data keys without ever leaving it.
///
/// The key is of a type that authenticates associated data: `aes256-gcm96`, which is the default there, or
/// `chacha20-poly1305`; it is not derived. Its versions are Vault's business: `vault write -f transit/keys/<key>/rotate`
/// makes a new one, and what is wrapped says under which. A token needs `update` on `<mount>/encrypt/<key>` and
/// `<mount>/decrypt/<key>`, and no `create`, with which a misspelt name would make a key.
///
/// The address is `http://` on this machine, as of an agent or a sidecar that speaks TLS to Vault. Many keys go in one
/// request. Vault's `rewrap` does not take associated data, so keys are rewrapped by `decrypt` and `encrypt`.
///
/// ```
/// use std::time::Duration;
/// use waygate_db::{KeyProvider, VaultTransit};
///
/// let keys = VaultTransit::new("http://127.0.0.1:8200", "waygate")?
///     .token_file("/run/vault/token")
///     .timeout(Duration::from_secs(5));
/// assert_eq!((keys.id(), keys.current_kek()), ("vault-transit", "waygate"));
///
/// assert!(VaultTransit::new("https://vault.example.com:8200", "waygate").unwrap_err().is_config());
/// # Ok::<(), waygate_db::Error>(())
/// ```
pub struct VaultTransit {
    address: Address,
    mount: String,
    key: String,
    namespace: Option<String>,
    token: Token,
    connect_timeout: Duration,
    timeout: Duration,
}

impl VaultTransit {
    /// The key with this name, in the engine mounted at `transit`, of the Vault at this address. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when the address is not `http://` on this machine, or the name cannot be a key's.
    pub fn new(address: &str, key: &str) -> Result<Self> {
        names::check_key(key)?;
        Ok(Self {
            address: Address::parse(address)?,
            mount: "transit".to_owned(),
            key: key.to_owned(),
            namespace: None,
            token: Token::None,
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(10),
        })
    }

    /// Where the transit engine is mounted. Default: `transit`.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when it cannot be a mount's path.
    pub fn mount(mut self, mount: &str) -> Result<Self> {
        mount.trim_matches('/').clone_into(&mut self.mount);
        names::check_path("mount", &self.mount)?;
        Ok(self)
    }

    /// The namespace that mount and key are in. Default: none.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when it cannot be a namespace's path.
    pub fn namespace(mut self, namespace: &str) -> Result<Self> {
        let namespace = namespace.trim_matches('/');
        names::check_path("namespace", namespace)?;
        self.namespace = Some(namespace.to_owned());
        Ok(self)
    }

    /// The token to show. Default: none, as for an agent that adds its own.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when it cannot be a token; the text does not show it.
    pub fn token(mut self, token: &str) -> Result<Self> {
        self.token = Token::value(token)?;
        Ok(self)
    }

    /// The file that holds the token to show. It is read with the first request, and again when Vault refuses the token.
    #[must_use]
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.token = Token::file(path.into());
        self
    }

    /// How long a call may take, with all that is tried again. Default: 10 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long each connecting may take. Default: 2 seconds.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    async fn wrap(&self, items: &[Wrap<'_>]) -> Result<Vec<WrappedKey>, Fault> {
        let mut wrapped = Vec::with_capacity(items.len());
        for batch in items.chunks(BATCH) {
            for Sealed { ciphertext } in self.call(Operation::Encrypt, &self.key, batch).await? {
                let bytes = ciphertext.filter(|text| names::is_ciphertext(text)).ok_or(Fault::Garbled)?.into_bytes();
                wrapped.push(WrappedKey { kek: self.key.clone(), bytes });
            }
        }
        Ok(wrapped)
    }

    /// Unwraps keys that are all wrapped under one key of Vault's.
    async fn unwrap_under(&self, kek: &str, requests: &[&UnwrapRequest<'_>]) -> Vec<Result<KeySecret>> {
        let mut secrets = Vec::with_capacity(requests.len());
        for batch in requests.chunks(BATCH) {
            let items: Option<Vec<_>> = batch.iter().map(|request| Unwrap::of(request)).collect();
            let opened: Result<Vec<Opened>, Fault> = match items {
                Some(items) => self.call(Operation::Decrypt, kek, &items).await,
                None => Err(Fault::Garbled),
            };
            match opened {
                Ok(opened) => {
                    secrets.extend(batch.iter().zip(opened).map(|(request, opened)| self.secret_of(request, opened)));
                }
                Err(fault) => secrets.extend(batch.iter().map(|_| Err(fault.error(&self.address, &self.mount, kek)))),
            }
        }
        secrets
    }

    fn secret_of(&self, request: &UnwrapRequest<'_>, opened: Opened) -> Result<KeySecret> {
        if opened.is_outdated() {
            return Err(Fault::Outdated.error(&self.address, &self.mount, request.kek));
        }
        opened.secret().ok_or_else(|| wrong_key(request))
    }

    async fn unwrap_all(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<KeySecret>> {
        let mut secrets: Vec<_> = requests.iter().map(refusal).collect();
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, request) in requests.iter().enumerate() {
            if matches!(secrets.get(place), Some(None)) {
                groups.entry(request.kek).or_default().push(place);
            }
        }
        for (kek, places) in groups {
            let group: Vec<_> = places.iter().filter_map(|place| requests.get(*place)).collect();
            for (place, secret) in places.iter().zip(self.unwrap_under(kek, &group).await) {
                if let Some(slot) = secrets.get_mut(*place) {
                    *slot = Some(secret);
                }
            }
        }
        let unanswered = |kek| Fault::Garbled.error(&self.address, &self.mount, kek);
        secrets.into_iter().zip(requests).map(|(s, r)| s.unwrap_or_else(|| Err(unanswered(r.kek)))).collect()
    }

    async fn rewrap_all(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<WrappedKey>> {
        let secrets = self.unwrap_all(requests).await;
        let opened = secrets
            .iter()
            .zip(requests)
            .filter_map(|(secret, request)| secret.as_ref().ok().map(|secret| Wrap::of(secret, &request.context)));
        let wrapped = self.wrap(&opened.collect::<Vec<_>>()).await;
        let (mut wrapped, fault) = match wrapped {
            Ok(wrapped) => (wrapped.into_iter(), Fault::Garbled),
            Err(fault) => (Vec::new().into_iter(), fault),
        };
        let mut next = || wrapped.next().ok_or_else(|| fault.error(&self.address, &self.mount, &self.key));
        secrets.into_iter().map(|secret| secret.and_then(|_| next())).collect()
    }
}

/// Why a stored key is not even shown to Vault: its row is not as this provider writes one.
fn refusal(request: &UnwrapRequest<'_>) -> Option<Result<KeySecret>> {
    if !names::is_key(request.kek) {
        let id = request.context.id().short();
        // The name goes into a path of Vault's, so a row must not choose any.
        return Some(Err(Error::new(Kind::WrongKek, format!("data key {id}… names a key that Vault cannot have"))
            .help("the row in `waygate.data_keys` was altered: restore it from a backup")));
    }
    let is_ciphertext = std::str::from_utf8(request.wrapped).is_ok_and(names::is_ciphertext);
    (!is_ciphertext).then(|| Err(wrong_key(request)))
}

fn wrong_key(request: &UnwrapRequest<'_>) -> Error {
    let (id, kek) = (request.context.id().short(), request.kek);
    Error::new(Kind::WrongKek, format!("Vault's key {kek:?} does not unwrap data key {id}…"))
        .help("another key stands under this name now, or the row in `waygate.data_keys` was altered")
}

impl KeyProvider for VaultTransit {
    fn id(&self) -> &'static str {
        "vault-transit"
    }

    fn current_kek(&self) -> &str {
        &self.key
    }

    fn wrap_keys<'a>(&'a self, requests: &'a [WrapRequest<'a>]) -> KeyFuture<'a, Result<Vec<WrappedKey>>> {
        Box::pin(async move {
            let items: Vec<_> = requests.iter().map(|request| Wrap::of(request.secret, &request.context)).collect();
            self.wrap(&items).await.map_err(|fault| fault.error(&self.address, &self.mount, &self.key))
        })
    }

    fn unwrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<KeySecret>>> {
        Box::pin(self.unwrap_all(requests))
    }

    fn rewrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<WrappedKey>>> {
        Box::pin(self.rewrap_all(requests))
    }
}

impl fmt::Debug for VaultTransit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, mount, key, namespace, token, connect_timeout, timeout } = self;
        f.debug_struct("VaultTransit")
            .field("address", &address.to_string())
            .field("mount", mount)
            .field("key", key)
            .field("namespace", namespace)
            .field("token", token)
            .field("connect_timeout", connect_timeout)
            .field("timeout", timeout)
            .finish()
    }
}
