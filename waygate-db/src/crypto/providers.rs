//! Several keepers of keys as one: the first wraps, all of them unwrap what they wrapped.

use std::sync::Arc;

use super::key::KeySecret;
use super::provider::{KeyFuture, KeyProvider, UnwrapRequest, WrapRequest, WrappedKey};
use crate::error::{Error, Kind, Result};

/// The provider that wraps new data keys, and earlier ones whose keys are still in use.
pub(crate) struct Providers {
    current: Arc<dyn KeyProvider>,
    earlier: Vec<Arc<dyn KeyProvider>>,
}

impl Providers {
    pub(crate) fn new(current: Arc<dyn KeyProvider>, earlier: Vec<Arc<dyn KeyProvider>>) -> Self {
        Self { current, earlier }
    }

    fn all(&self) -> impl Iterator<Item = &dyn KeyProvider> {
        [&self.current].into_iter().chain(&self.earlier).map(|provider| &**provider)
    }
}

impl KeyProvider for Providers {
    fn id(&self) -> &str {
        self.current.id()
    }

    fn current_kek(&self) -> &str {
        self.current.current_kek()
    }

    fn wrap_keys<'a>(&'a self, requests: &'a [WrapRequest<'a>]) -> KeyFuture<'a, Result<Vec<WrappedKey>>> {
        self.current.wrap_keys(requests)
    }

    fn unwrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<KeySecret>>> {
        Box::pin(async move {
            let mut answers: Vec<Option<Result<KeySecret>>> = requests.iter().map(|_| None).collect();
            for provider in self.all() {
                // Each keeper is asked once, for all that it wrapped.
                let its = |place: &usize| {
                    answers.get(*place).is_some_and(Option::is_none)
                        && requests.get(*place).is_some_and(|request| request.provider == provider.id())
                };
                let places: Vec<usize> = (0..requests.len()).filter(its).collect();
                if places.is_empty() {
                    continue;
                }
                let asked: Vec<UnwrapRequest<'_>> =
                    places.iter().filter_map(|place| requests.get(*place)).map(UnwrapRequest::again).collect();
                for (place, answer) in places.into_iter().zip(provider.unwrap_keys(&asked).await) {
                    if let Some(slot) = answers.get_mut(place) {
                        *slot = Some(answer);
                    }
                }
            }
            let answer =
                |(answer, request): (Option<_>, &UnwrapRequest<'_>)| answer.unwrap_or_else(|| Err(nobody(request)));
            answers.into_iter().zip(requests).map(answer).collect()
        })
    }

    fn kek_check(&self, kek: &str) -> Option<[u8; 8]> {
        self.all().find_map(|provider| provider.kek_check(kek))
    }
}

/// No configured keeper wrapped this key, or it answered fewer requests than it was given.
fn nobody(request: &UnwrapRequest<'_>) -> Error {
    let (id, provider) = (request.context.id().short(), request.provider);
    Error::new(
        Kind::KeyUnavailable,
        format!("data key {id}… was wrapped by the provider \"{provider}\", which gave no key"),
    )
    .help("configure that provider beside the current one with `Config::earlier_keys`, until `waygate keys rewrap` ran")
}
