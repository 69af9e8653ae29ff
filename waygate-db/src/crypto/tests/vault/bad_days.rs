//! What the transit engine, its network and its operators may do wrong.

use std::time::Instant;

use super::server::{Turn, response};
use super::*;

/// Wrapping fails; the error's text, after it was looked through for secrets.
async fn fails(vault: &VaultTransit) -> Result<String> {
    let keys = keys(1)?;
    Ok(unavailable(&wrap(vault, &keys).await.unwrap_err(), &keys))
}

#[tokio::test]
async fn a_refused_token_is_read_again_from_its_file() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let server = Server::start();
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("token");
    let (vault, keys) = (VaultTransit::new(&server.address(), "waygate")?.token_file(&file), keys(1)?);
    assert!(fails(&vault).await?.contains("token file"), "there is none yet");
    for text in ["", "two words", "\n"] {
        std::fs::write(&file, text)?;
        assert!(fails(&vault).await?.contains("token file"));
    }
    assert!(server.seen().is_empty());

    std::fs::write(&file, format!("{TOKEN}\n"))?;
    let wrapped = wrap(&vault, &keys).await?;
    server.accept_token("hvs.renewed");
    std::fs::write(&file, "hvs.renewed")?;
    server.forget_seen();
    let secrets = vault.unwrap_keys(&requests(&keys, &wrapped)).await;
    assert!(is_the_same(&keys[0], &secrets[0]));
    let shown: Vec<_> =
        server.seen().iter().filter_map(|seen| Some(seen.header("x-vault-token")?.to_owned())).collect();
    assert_eq!(shown, [TOKEN, "hvs.renewed"]);
    // The same token again is not shown a second time.
    server.accept_token("hvs.another");
    server.forget_seen();
    let text = fails(&vault).await?;
    assert!(text.contains("403") && !text.contains("hvs."), "{text}");
    assert_eq!(server.seen().len(), 1);
    assert!(!format!("{vault:?}").contains("hvs."));
    Ok(())
}

#[tokio::test]
async fn a_refused_or_missing_token_says_what_it_has_to_be_allowed() -> Result<()> {
    let server = Server::start();
    for vault in [VaultTransit::new(&server.address(), "waygate")?, vault(&server)?.token("hvs.wrong")?] {
        let text = fails(&vault).await?;
        assert!(text.contains("403") && text.contains("transit/encrypt/waygate") && !text.contains("hvs."), "{text}");
    }
    assert_eq!(server.seen()[0].header("x-vault-token"), None);
    let text = fails(&vault(&server)?.mount("elsewhere")?).await?;
    assert!(text.contains("nothing mounted at") && text.contains("WAYGATE_VAULT_MOUNT"), "{text}");
    Ok(())
}

#[tokio::test]
async fn what_passes_is_waited_out() -> Result<()> {
    let server = Server::start();
    let (vault, keys) = (vault(&server)?, keys(2)?);
    let broken = response(200, "{\"data\": {}}").split_last_chunk::<4>().map(|(most, _)| most.to_vec());
    server.next([Turn::Status(429), Turn::Status(503), Turn::Raw(broken.unwrap_or_default()), Turn::Raw(Vec::new())]);
    let wrapped = wrap(&vault, &keys).await?;
    assert_eq!((wrapped.len(), server.seen().len()), (2, 5));
    server.next([Turn::Status(500), Turn::Status(502), Turn::Status(412)]);
    let secrets = vault.unwrap_keys(&requests(&keys, &wrapped)).await;
    assert!(keys.iter().zip(&secrets).all(|(key, secret)| is_the_same(key, secret)));
    assert_eq!(server.seen().len(), 9);
    Ok(())
}

#[tokio::test]
async fn what_does_not_pass_is_told_after_a_bounded_number_of_tries() -> Result<()> {
    let server = Server::start();
    let vault = vault(&server)?;
    for (status, words, tries) in [
        (503, "sealed or not ready (503)", 5),
        (429, "too many requests (429)", 5),
        (500, "(500)", 5),
        (307, "standby", 1),
        (405, "(405)", 1),
        (400, "(400)", 1),
    ] {
        server.next((0..10).map(|_| Turn::Status(status)));
        server.forget_seen();
        let text = fails(&vault).await?;
        assert!(text.contains(words), "{text}");
        assert_eq!(server.seen().len(), tries, "{status}");
    }
    Ok(())
}

#[tokio::test]
async fn a_call_ends_in_its_time() -> Result<()> {
    let server = Server::start();
    let silent = vault(&server)?.timeout(Duration::from_millis(300));
    server.next([Turn::Silence(Duration::from_secs(30))]);
    let begun = Instant::now();
    assert!(fails(&silent).await?.contains("in time"));
    // What went wrong before the time was over is told instead.
    server.next([Turn::Status(503), Turn::Silence(Duration::from_secs(30))]);
    assert!(fails(&silent).await?.contains("sealed"));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());

    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let nobody =
        format!("http://{}", port.map_err(|error| Error::new(crate::error::Kind::Io, "no port").caused_by(error))?);
    let text = fails(&VaultTransit::new(&nobody, "waygate")?.token(TOKEN)?).await?;
    assert!(text.contains("does not answer") && text.contains(&nobody), "{text}");
    Ok(())
}

#[tokio::test]
async fn answers_that_are_none_are_refused_and_not_repeated() -> Result<()> {
    let server = Server::start();
    let (vault, keys) = (vault(&server)?, keys(2)?);
    let result = |ciphertext: &str| format!("{{\"ciphertext\": \"{ciphertext}\"}}");
    let results = |items: &[String]| format!("{{\"data\": {{\"batch_results\": [{}]}}}}", items.join(","));
    let good = result("vault:v1:AAAA");
    for body in [
        String::new(),
        MARKER_HTML.to_owned(),
        "null".to_owned(),
        "{}".to_owned(),
        "{\"data\": null}".to_owned(),
        format!("{{\"data\": \"{}\"}}", server::MARKER),
        results(&[]),
        results(std::slice::from_ref(&good)),
        results(&[good.clone(), good.clone(), good.clone()]),
        results(&[good.clone(), result(server::MARKER)]),
        results(&[good.clone(), result("vault:v1:")]),
        results(&[good.clone(), "{\"error\": \"body-marker-91c2\"}".to_owned()]),
        results(&[good, "7".to_owned()]),
        "[".repeat(10_000),
    ] {
        server.next([Turn::Body(body)]);
        let error = wrap(&vault, &keys).await.unwrap_err();
        assert!(unavailable(&error, &keys).contains("answers what a transit engine does not"), "{error}");
    }
    for body in [" ".repeat(1 << 20), results(&vec![result("vault:v1:AAAA"); 10_000])] {
        server.next([Turn::Body(body)]);
        assert!(unavailable(&wrap(&vault, &keys).await.unwrap_err(), &keys).contains("length"));
    }
    server.next((0..5).map(|_| Turn::Raw(b"SSH-2.0-body-marker-91c2\r\n".to_vec())));
    assert!(unavailable(&wrap(&vault, &keys).await.unwrap_err(), &keys).contains("broke the connection off"));
    Ok(())
}

const MARKER_HTML: &str = "<html>body-marker-91c2</html>";

#[tokio::test]
async fn an_answer_with_another_plaintext_opens_nothing() -> Result<()> {
    let server = Server::start();
    let (vault, keys) = (vault(&server)?, keys(1)?);
    let wrapped = wrap(&vault, &keys).await?;
    let short = STANDARD.encode([7; 31]);
    for item in [
        "{}",
        "{\"plaintext\": \"\"}",
        "{\"plaintext\": \"body-marker-91c2\"}",
        &format!("{{\"plaintext\": \"{short}\"}}"),
    ] {
        server.next([Turn::Body(format!("{{\"data\": {{\"batch_results\": [{item}]}}}}"))]);
        let error = vault.unwrap_keys(&requests(&keys, &wrapped)).await.remove(0).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(error.is_key_wrong() && !shown.contains(server::MARKER) && !shown.contains(&short), "{shown}");
    }
    Ok(())
}
