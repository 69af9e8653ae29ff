//! Keys wrapped by a transit engine: against its contract, against its failures, and against a real one.

mod bad_days;
mod real;
mod server;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use self::server::{Server, TOKEN};
use super::super::{KeyProvider, UnwrapRequest, WrapRequest, WrappedKey};
use super::*;
use crate::{Error, VaultTransit};

fn vault(server: &Server) -> Result<VaultTransit> {
    VaultTransit::new(&server.address(), "waygate")?.token(TOKEN).map(|vault| vault.timeout(Duration::from_secs(20)))
}

fn keys(count: usize) -> Result<Vec<Arc<DataKey>>> {
    (0..count).map(|_| acme_key()).collect()
}

async fn wrap(vault: &VaultTransit, keys: &[Arc<DataKey>]) -> Result<Vec<WrappedKey>> {
    vault.wrap_keys(&keys.iter().map(|key| WrapRequest::from(&**key)).collect::<Vec<_>>()).await
}

fn request<'a>(key: &DataKey, wrapped: &'a WrappedKey) -> UnwrapRequest<'a> {
    UnwrapRequest { provider: "vault-transit", kek: &wrapped.kek, wrapped: &wrapped.bytes, context: key.wrap_context() }
}

fn requests<'a>(keys: &[Arc<DataKey>], wrapped: &'a [WrappedKey]) -> Vec<UnwrapRequest<'a>> {
    keys.iter().zip(wrapped).map(|(key, wrapped)| request(key, wrapped)).collect()
}

fn is_the_same(key: &DataKey, secret: &Result<KeySecret>) -> bool {
    secret.as_ref().is_ok_and(|secret| secret.expose() == key.secret().expose())
}

/// Checks that an error is about a key out of reach, says what to do, and shows neither a token nor a key.
fn unavailable(error: &Error, keys: &[Arc<DataKey>]) -> String {
    let shown = format!("{error} {error:?} {:?}", std::error::Error::source(error));
    assert!(error.is_key_unavailable() && error.advice().is_some(), "{shown}");
    for secret in keys.iter().map(|key| STANDARD.encode(key.secret().expose())).chain([TOKEN.to_owned()]) {
        assert!(!shown.contains(&secret), "{shown}");
    }
    assert!(!shown.contains(server::MARKER), "{shown}");
    shown
}

#[tokio::test]
async fn many_keys_take_one_request_each_way() -> Result<()> {
    let server = Server::start();
    let (vault, keys) = (vault(&server)?.mount("/teams/transit/")?.namespace("emea/gateway")?, keys(50)?);
    server.mount("teams/transit");
    let wrapped = wrap(&vault, &keys).await?;
    assert!(wrapped.iter().all(|wrapped| wrapped.kek == "waygate" && wrapped.bytes.starts_with(b"vault:v1:")));
    let secrets = vault.unwrap_keys(&requests(&keys, &wrapped)).await;
    assert!(secrets.len() == 50 && keys.iter().zip(&secrets).all(|(key, secret)| is_the_same(key, secret)));
    let seen = server.seen();
    let paths: Vec<_> = seen.iter().map(|seen| (&*seen.path, seen.items)).collect();
    assert_eq!(paths, [("/v1/teams/transit/encrypt/waygate", 50), ("/v1/teams/transit/decrypt/waygate", 50)]);
    for seen in &seen {
        assert_eq!(seen.header("x-vault-token"), Some(TOKEN));
        assert_eq!(seen.header("x-vault-namespace"), Some("emea/gateway"));
        assert_eq!(seen.header("x-vault-request"), Some("true"));
        assert!(!seen.path.contains(TOKEN));
    }
    assert!(vault.unwrap_keys(&[]).await.is_empty() && vault.wrap_keys(&[]).await?.is_empty());
    assert_eq!(server.seen().len(), 2, "nothing to do is not asked for");
    let shown = format!("{vault:?}");
    assert!(shown.contains("teams/transit") && !shown.contains(TOKEN), "{shown}");
    Ok(())
}

#[tokio::test]
async fn a_wrapped_key_opens_in_no_other_row_and_spoils_none_beside_it() -> Result<()> {
    let server = Server::start();
    let (vault, keys) = (vault(&server)?, keys(3)?);
    let mut wrapped = wrap(&vault, &keys).await?;
    wrapped.swap(0, 1);
    let secrets = vault.unwrap_keys(&requests(&keys, &wrapped)).await;
    for secret in &secrets[..2] {
        assert!(secret.as_ref().is_err_and(Error::is_key_wrong));
    }
    assert!(is_the_same(&keys[2], &secrets[2]));
    // What no transit engine wrote is not shown to it, and neither is a path out of it.
    let asked = server.seen().len();
    let long = format!("vault:v1:{}", "A".repeat(1000)).into_bytes();
    for bytes in [b"".to_vec(), b"vault:v1:".to_vec(), b"vault:vx:AAAA".to_vec(), b"vault:v1:\xff".to_vec(), long] {
        let foreign = WrappedKey { kek: "waygate".to_owned(), bytes };
        assert!(vault.unwrap_keys(&[request(&keys[0], &foreign)]).await.remove(0).is_err_and(|e| e.is_key_wrong()));
    }
    for kek in ["", "..", "a/b", "../../sys/seal", "a?b", "a\r\nx: y", "ä", &"k".repeat(200)] {
        let foreign = WrappedKey { kek: kek.to_owned(), bytes: wrapped[2].bytes.clone() };
        assert!(vault.unwrap_keys(&[request(&keys[2], &foreign)]).await.remove(0).is_err_and(|e| e.is_key_wrong()));
    }
    assert_eq!(server.seen().len(), asked);
    Ok(())
}

#[tokio::test]
async fn each_key_is_unwrapped_by_the_name_it_was_wrapped_under() -> Result<()> {
    let server = Server::start();
    let keys = keys(4)?;
    let next = VaultTransit::new(&server.address(), "next")?.token(TOKEN)?;
    let mut wrapped = wrap(&vault(&server)?, &keys[..2]).await?;
    wrapped.extend(wrap(&next, &keys[2..]).await?);
    wrapped.swap(0, 3);
    let keys = [&keys[3], &keys[1], &keys[2], &keys[0]].map(Arc::clone);
    server.forget_seen();
    let secrets = next.unwrap_keys(&requests(&keys, &wrapped)).await;
    assert!(keys.iter().zip(&secrets).all(|(key, secret)| is_the_same(key, secret)));
    assert_eq!(server.seen().iter().map(|seen| seen.items).collect::<Vec<_>>(), [2, 2]);
    // A key that is not there fails alone.
    wrapped[1].kek = "absent".to_owned();
    let secrets = next.unwrap_keys(&requests(&keys, &wrapped)).await;
    let shown = secrets[1].as_ref().map_or_else(|error| unavailable(error, &keys), |_| String::new());
    assert!(shown.contains("no key \\\"absent\\\"") || shown.contains("no key \"absent\""), "{shown}");
    assert!([0, 2, 3].iter().all(|place| is_the_same(&keys[*place], &secrets[*place])));
    Ok(())
}

#[tokio::test]
async fn rewrapping_takes_the_newest_version_in_two_requests() -> Result<()> {
    let server = Server::start();
    let (vault, keys) = (vault(&server)?, keys(5)?);
    let mut wrapped = wrap(&vault, &keys).await?;
    server.rotate("waygate");
    wrapped.swap(0, 1);
    server.forget_seen();
    let rewrapped = vault.rewrap_keys(&requests(&keys, &wrapped)).await;
    let asked: Vec<_> = server.seen().iter().map(|seen| (seen.operation(), seen.items)).collect();
    assert_eq!(asked, [("decrypt".to_owned(), 5), ("encrypt".to_owned(), 3)]);
    assert!(rewrapped[..2].iter().all(|one| one.as_ref().is_err_and(Error::is_key_wrong)));
    for (key, rewrapped) in keys.iter().zip(&rewrapped).skip(2) {
        let rewrapped = rewrapped.as_ref().map_err(|error| Error::new(error.kind(), error.message()))?;
        assert!(rewrapped.bytes.starts_with(b"vault:v2:"));
        assert!(is_the_same(key, &vault.unwrap_keys(&[request(key, rewrapped)]).await.remove(0)));
    }
    server.forbid_versions_before("waygate", 2);
    wrapped.swap(0, 1);
    let secrets = vault.unwrap_keys(&requests(&keys, &wrapped)).await;
    for error in secrets.iter().filter_map(|secret| secret.as_ref().err()) {
        assert!(unavailable(error, &keys).contains("min_decryption_version"));
    }
    assert!(secrets.iter().all(Result::is_err));
    Ok(())
}

#[test]
fn addresses_and_names_that_cannot_be_are_refused() -> Result<()> {
    for address in ["http://127.0.0.1:8200", "http://localhost:8200/", "http://[::1]:8200", "http://127.0.0.1/vault"] {
        let shown = format!("{:?}", VaultTransit::new(address, "waygate")?);
        assert!(shown.contains("http://"), "{shown}");
    }
    let refused = |address: &str| {
        let error = VaultTransit::new(address, "waygate").unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(error.is_config() && error.advice().is_some() && !shown.contains("s3cret"), "{shown}");
        shown
    };
    assert!(refused("https://127.0.0.1:8200").contains("TLS"));
    assert!(refused("http://vault.example.com:8200").contains("plain HTTP"));
    assert!(refused("http://10.0.0.1:8200").contains("plain HTTP"));
    for address in
        ["", "127.0.0.1:8200", "http://", "http://me:s3cret@127.0.0.1", "http://127.0.0.1/?a=s3cret", "ftp://127.0.0.1"]
    {
        refused(address);
    }
    let vault = || VaultTransit::new("http://127.0.0.1:8200", "waygate");
    for name in ["", "/", "a//b", "..", "a/../b", "a b", "a\nb"] {
        assert!(VaultTransit::new("http://127.0.0.1:8200", name).is_err_and(|error| error.is_config()));
        assert!(vault()?.mount(name).is_err_and(|error| error.is_config()), "{name}");
        assert!(vault()?.namespace(name).is_err_and(|error| error.is_config()), "{name}");
    }
    for token in ["", " ", "s3cret s3cret", "s3cret\ns3cret"] {
        let error = vault()?.token(token).unwrap_err();
        assert!(error.is_config() && !format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
    Ok(())
}
