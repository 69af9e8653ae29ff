//! A PgBouncer in transaction mode before the server, as the Debian package brings it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_postgres::config::Host;
use waygate_db::DatabaseUrl;
use waygate_db::local::Urls;

use super::proxy::through;

/// Set by the test that runs others once more, through a pooler.
pub(crate) const POOLED: &str = "WAYGATE_TEST_POOLED";

/// A running PgBouncer; it ends with this value.
pub(crate) struct Pooler {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Pooler {
    /// Starts one that opens so many connections to the server for each login.
    ///
    /// `None`, with a word on standard error, where the program is not there.
    pub(crate) async fn start(urls: &Urls, connections: u32) -> Option<Self> {
        let Some(program) = program() else {
            eprintln!("skipped: no pgbouncer is on this machine; `apt-get install pgbouncer` brings it");
            return None;
        };
        for _ in 0..3 {
            if let Some(pooler) = Self::try_start(&program, urls, connections).await {
                return Some(pooler);
            }
        }
        panic!("{} did not start", program.display());
    }

    async fn try_start(program: &Path, urls: &Urls, connections: u32) -> Option<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("users.txt"), users(urls)).unwrap();
        let settings = folder.path().join("pgbouncer.ini");
        fs::write(&settings, ini(&urls.app, folder.path(), port, connections)).unwrap();

        let mut command = Command::new(program);
        command.arg("-q").arg(&settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((uid, gid)) = account(&urls.app) {
            for path in [folder.path(), &settings, &folder.path().join("users.txt")] {
                chown(path, Some(uid), Some(gid)).unwrap();
            }
            command.uid(uid).gid(gid);
        }
        let mut process = command.spawn().unwrap();
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(Self { process, port, _folder: folder });
            }
            // Another process may have taken the port in between.
            if process.try_wait().unwrap().is_some() {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let _ = process.kill();
        None
    }

    /// The same login on the same database, through the pooler, as a user of it writes the URL.
    pub(crate) fn url(&self, url: &DatabaseUrl) -> DatabaseUrl {
        format!("{}?pgbouncer=true", self.bare_url(url).expose()).parse().unwrap()
    }

    /// The same without the word that there is a pooler.
    pub(crate) fn bare_url(&self, url: &DatabaseUrl) -> DatabaseUrl {
        through(url, self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian puts it where only the administrator's path leads.
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join("pgbouncer")).find(|program| program.is_file())
}

/// The account that it runs under when root runs the tests, because it refuses to be root.
fn account(url: &DatabaseUrl) -> Option<(u32, u32)> {
    let own = tempfile::tempfile().unwrap().metadata().unwrap();
    if own.uid() != 0 {
        return None;
    }
    // Who owns the server's socket can reach it.
    let config = url.to_config();
    match &config.get_hosts()[0] {
        Host::Unix(folder) => {
            let socket = fs::metadata(folder.join(format!(".s.PGSQL.{}", config.get_ports()[0]))).unwrap();
            Some((socket.uid(), socket.gid()))
        }
        Host::Tcp(_) => Some((65534, 65534)),
    }
}

/// The logins and their passwords, which it needs for the server; clients it lets in as they are.
fn users(urls: &Urls) -> String {
    [&urls.app, &urls.service, &urls.migrator]
        .map(|url| {
            let config = url.to_config();
            let password = config.get_password().map(|password| String::from_utf8_lossy(password).into_owned());
            format!("\"{}\" \"{}\"\n", url.user(), password.unwrap_or_default())
        })
        .concat()
}

fn ini(url: &DatabaseUrl, folder: &Path, port: u16, connections: u32) -> String {
    let config = url.to_config();
    let host = match &config.get_hosts()[0] {
        Host::Unix(folder) => folder.display().to_string(),
        Host::Tcp(host) => host.clone(),
    };
    format!(
        "[databases]\n\
         * = host={host} port={}\n\
         [pgbouncer]\n\
         listen_addr = 127.0.0.1\n\
         listen_port = {port}\n\
         unix_socket_dir =\n\
         auth_type = trust\n\
         auth_file = {}/users.txt\n\
         pool_mode = transaction\n\
         default_pool_size = {connections}\n\
         max_client_conn = 1000\n",
        config.get_ports()[0],
        folder.display()
    )
}
