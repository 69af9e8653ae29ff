//! Data keys, the keyring, and keys wrapped for storage.

use std::time::Duration;

use super::super::{KeyProvider, KeyPurpose, UnwrapRequest, WrapContext, WrapRequest};
use super::*;
use crate::EnvKeys;

#[test]
fn a_key_commits_to_its_secret_and_scope() -> Result<()> {
    let (acme, rival) = (fixed_key(KeyScope::Tenant(ACME))?, fixed_key(KeyScope::Tenant(RIVAL))?);
    assert_ne!(acme.id(), rival.id());
    assert_ne!(acme_key()?.id(), acme_key()?.id());
    assert_eq!(acme.commitment()[..16], acme.id().0);
    Ok(())
}

#[test]
fn a_swapped_secret_or_scope_is_refused_on_load() -> Result<()> {
    let (key, other) = (acme_key()?, acme_key()?);
    let load = |secret: &DataKey, context: &WrapContext| {
        DataKey::unwrap_checked(KeySecret::new(*secret.secret().expose()), context).map_err(|error| error.is_key())
    };
    let context = key.wrap_context();
    assert!(load(&key, &context).is_ok_and(|loaded| loaded.id() == key.id()));
    assert_eq!(load(&other, &context).map(|_| ()), Err(true));
    assert_eq!(load(&key, &WrapContext { scope: KeyScope::App, ..context.clone() }).map(|_| ()), Err(true));
    // The whole commitment counts, not only the half that is the id.
    let mut commitment = context.commitment;
    commitment[31] ^= 1;
    assert_eq!(load(&key, &WrapContext { commitment, ..context }).map(|_| ()), Err(true));
    Ok(())
}

#[test]
fn a_scope_reads_only_its_own_spelling() {
    for scope in [KeyScope::App, KeyScope::Tenant(ACME)] {
        assert_eq!(scope.to_string().parse::<KeyScope>().ok(), Some(scope));
    }
    for text in ["", "App", "019000000000700080000000000000aa", "01900000-0000-7000-8000-0000000000AA"] {
        assert!(text.parse::<KeyScope>().unwrap_err().is_key());
    }
    assert_eq!(KeyPurpose::from_code(1), Some(KeyPurpose::Encrypt));
    assert_eq!(KeyPurpose::from_code(3), None);
}

#[test]
fn the_keyring_finds_keys_by_id_and_scope() -> Result<()> {
    let keyring = Keyring::default();
    let (old, new, unknown) = (acme_key()?, acme_key()?, acme_key()?);
    keyring.insert(Arc::clone(&old));
    assert!(keyring.active(&KeyScope::Tenant(ACME)).is_none());
    keyring.set_active(Arc::clone(&new));
    assert!(keyring.get(&old.id()).is_some() && keyring.get(&new.id()).is_some());
    assert_eq!(keyring.active(&KeyScope::Tenant(ACME)).map(|key| key.id()), Some(new.id()));
    assert!(keyring.active(&KeyScope::Tenant(RIVAL)).is_none());
    let ids = [unknown.id(), old.id(), unknown.id(), new.id()];
    assert_eq!(keyring.pinned(ids).1, [unknown.id()]);
    Ok(())
}

#[test]
fn the_keyring_forgets_keys_after_their_time() -> Result<()> {
    let keyring = Keyring::new(Duration::ZERO);
    let key = acme_key()?;
    keyring.set_active(Arc::clone(&key));
    assert!(keyring.get(&key.id()).is_none());
    assert!(keyring.active(&key.scope()).is_none());
    assert_eq!(keyring.pinned([key.id()]).1, [key.id()]);
    // The next key that comes lets the expired one go, so that its secret is wiped.
    keyring.insert(acme_key()?);
    assert_eq!(Arc::strong_count(&key), 1);
    Ok(())
}

#[test]
fn a_keyring_of_any_length_of_life_takes_keys() -> Result<()> {
    let keyring = Keyring::new(Duration::MAX);
    let key = acme_key()?;
    keyring.insert(Arc::clone(&key));
    assert!(keyring.get(&key.id()).is_some() && keyring.pinned([key.id()]).1.is_empty());
    Ok(())
}

#[test]
fn an_unknown_key_is_a_key_error_that_names_the_column() -> Result<()> {
    let key = acme_key()?;
    let cell = seal("x".to_owned(), &key, &acme_token())?;
    let error = open::<String>(&cell, &acme_token(), &Keyring::default()).unwrap_err();
    assert!(error.is_key() && !error.is_decrypt(), "{error}");
    assert!(error.message().starts_with("tokens.token: ") && error.message().contains(&key.id().to_string()[..12]));
    Ok(())
}

#[tokio::test]
async fn keys_are_wrapped_and_unwrapped_in_batches() -> Result<()> {
    let provider: Arc<dyn KeyProvider> = Arc::new(EnvKeys::throw_away()?);
    let keys = [acme_key()?, acme_key()?];
    let requests: Vec<_> = keys.iter().map(|key| WrapRequest::from(&**key)).collect();
    let wrapped = provider.wrap_keys(&requests).await?;
    assert!(wrapped.iter().all(|wrapped| wrapped.kek == provider.current_kek() && wrapped.bytes.len() == 62));

    let mut requests: Vec<_> =
        keys.iter().zip(&wrapped).map(|(key, wrapped)| request(key, &wrapped.kek, &wrapped.bytes)).collect();
    requests.push(request(&keys[0], &wrapped[1].kek, &wrapped[1].bytes));
    let mut secrets = provider.unwrap_keys(&requests).await.into_iter();
    for key in &keys {
        let secret = secrets.next().transpose()?;
        assert_eq!(secret.as_ref().map(KeySecret::expose), Some(key.secret().expose()));
    }
    // One key's wrapped bytes in another's row: refused alone, without the rest of the batch.
    assert!(secrets.next().is_some_and(|swapped| swapped.is_err_and(|error| error.is_key())));
    Ok(())
}

#[test]
fn every_single_bit_flip_of_a_wrapped_key_is_refused() -> Result<()> {
    let (provider, key) = (EnvKeys::throw_away()?, acme_key()?);
    let wrapped = provider.wrap_all(&[WrapRequest::from(&*key)])?.remove(0);
    for index in 0..wrapped.bytes.len() {
        for bit in 0..8 {
            let mut altered = wrapped.bytes.clone();
            altered[index] ^= 1 << bit;
            assert!(provider.unwrap_one(&request(&key, &wrapped.kek, &altered)).unwrap_err().is_key());
        }
    }
    for length in 0..wrapped.bytes.len() {
        assert!(provider.unwrap_one(&request(&key, &wrapped.kek, &wrapped.bytes[..length])).is_err());
    }
    Ok(())
}

#[test]
fn a_wrapped_key_is_bound_to_its_row() -> Result<()> {
    let (provider, key) = (EnvKeys::throw_away()?, acme_key()?);
    let wrapped = provider.wrap_all(&[WrapRequest::from(&*key)])?.remove(0);
    let context = key.wrap_context();
    let moved = [
        WrapContext { scope: KeyScope::Tenant(RIVAL), ..context.clone() },
        WrapContext { version: 2, ..context.clone() },
        WrapContext { commitment: acme_key()?.commitment(), ..context.clone() },
    ];
    for context in moved {
        let request = UnwrapRequest { provider: "env", kek: &wrapped.kek, wrapped: &wrapped.bytes, context };
        assert!(provider.unwrap_one(&request).unwrap_err().is_key());
    }
    Ok(())
}

fn request<'a>(key: &DataKey, kek: &'a str, wrapped: &'a [u8]) -> UnwrapRequest<'a> {
    UnwrapRequest { provider: "env", kek, wrapped, context: key.wrap_context() }
}
