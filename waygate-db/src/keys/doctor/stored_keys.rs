//! The rows of `waygate.data_keys`: whether each holds its key, and how old it is.

use chrono::Utc;

use super::{Symptom, advice, failure, named};
use crate::crypto::{KeyProvider, UnwrapRequest};
use crate::error::Error;
use crate::keys::census::Census;
use crate::keys::lifecycle::OLD;
use crate::keys::stored::Stored;

/// How many other rows a wrapped key is tried as.
const TRIED: usize = 1000;

pub(super) async fn examine(provider: &dyn KeyProvider, census: &Census) -> Vec<Symptom> {
    let mut found = Vec::new();
    for key in &census.keys {
        if let Some(error) = census.unopened.get(&key.id) {
            found.push(unopened(provider, census, key, error).await);
        }
        if key.state == "pending" {
            let what = "is pending: it was made and never put to use".to_owned();
            found.push(advice(named(&key.id), what, "delete its row if no deployment is under way"));
        }
        if key.is_active() && Utc::now() - key.activated_at > OLD {
            let what = format!("of scope {} has been active for more than a year", key.scope());
            found.push(advice(named(&key.id), what, "`keys rotate`, then `keys reencrypt`"));
        }
    }
    found
}

/// Why a key does not open: it is another row's, it was altered, or the key-encryption key is not the one.
async fn unopened(provider: &dyn KeyProvider, census: &Census, key: &Stored, error: &Error) -> Symptom {
    let object = format!("{} of scope {}, version {}", named(&key.id), key.scope(), key.context.version);
    if !error.is_key_wrong() && !error.is_key_mismatch() {
        let help = "give this program the key-encryption key that it was wrapped under, or bring its keeper back";
        return failure(object, format!("cannot be unwrapped: {}", error.message()), help);
    }
    let restore = "restore its row in waygate.data_keys from a backup";
    if let Some(owner) = owner(provider, census, key).await {
        return failure(object, format!("holds the wrapped key of data key {} instead of its own", owner.id), restore);
    }
    let (now, then) = (provider.kek_check(&key.kek), key.kek_check.as_deref());
    let opens_others = census.keys.iter().any(|other| {
        other.kek == key.kek
            && other.provider == key.provider
            && !other.is_destroyed()
            && !census.unopened.contains_key(&other.id)
    });
    // The check value knows; without one, the other keys under that name have to tell.
    let is_kek_good = match (now, then) {
        (Some(now), Some(then)) => now == then,
        _ => opens_others,
    };
    if is_kek_good {
        let what = format!("was altered: {}, though that is the key it was wrapped under", error.message());
        return failure(object, what, restore);
    }
    let what = format!("does not unwrap under {}: {}", key.kek, error.message());
    failure(object, what, "another key may stand under that name: give this program the one it was wrapped under")
}

/// The row that this one's wrapped key belongs to, if it is another.
async fn owner<'a>(provider: &dyn KeyProvider, census: &'a Census, key: &Stored) -> Option<&'a Stored> {
    let wrapped = key.wrapped.as_deref()?;
    let others: Vec<&Stored> = census.keys.iter().filter(|other| other.id != key.id).take(TRIED).collect();
    let as_others: Vec<UnwrapRequest<'_>> = others
        .iter()
        .flat_map(|other| [key.kek.as_str(), other.kek.as_str()].map(|kek| (other, kek)))
        .map(|(other, kek)| UnwrapRequest { provider: &key.provider, kek, wrapped, context: other.context.clone() })
        .collect();
    if as_others.is_empty() {
        return None;
    }
    let answers = provider.unwrap_keys(&as_others).await;
    let opened = answers.iter().position(Result::is_ok)?;
    others.get(opened / 2).copied()
}
