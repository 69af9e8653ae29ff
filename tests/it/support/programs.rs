//! PostgreSQL's own programs, and a server that belongs to one test.

use std::path::PathBuf;
use std::process::Command;

use waygate::MIGRATIONS;
use waygate_db::local::roles::{Passwords, ensure_roles};
use waygate_db::local::{LocalOptions, LocalServer, Urls, database, run_sql};
use waygate_db::migrate::{DeployOptions, deploy};
use waygate_db::{DatabaseUrl, Maintenance};

use super::{TestDb, environment};

/// A server of this test alone, for what would disturb the others: its end, its roles.
///
/// `None`, with a word on standard error, where `DATABASE_URL` is given and no server can be started here.
pub(crate) async fn own_server() -> Option<LocalServer> {
    let environment = environment();
    match LocalServer::start(LocalOptions::from_environment(&environment)).await {
        Ok(server) => Some(server),
        Err(error) if environment.get("DATABASE_URL").is_some() => {
            eprintln!("skipped: this test needs a server of its own, and {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// A deployed database of this name on a server of one test.
pub(crate) async fn deployed_on(server: &LocalServer, name: &str) -> Urls {
    let admin = database::connect(&server.admin_url()).await.unwrap();
    ensure_roles(&admin, &Passwords::default()).await.unwrap();
    database::create_database(&admin, name, None).await.unwrap();
    let urls = Urls::derive(&server.admin_url()).unwrap().with_database(name);
    database::prepare_database(&database::connect(&urls.admin).await.unwrap()).await.unwrap();
    let mut session = Maintenance::connect(&urls.migrator.to_config()).await.unwrap();
    deploy(&mut session, MIGRATIONS, DeployOptions::default(), &mut |_| {}).await.unwrap();
    session.close().await;
    urls
}

/// The `pg_dump` that belongs to the server.
pub(crate) struct Dump(PathBuf);

impl Dump {
    /// Beside the server's own programs; else the one on the path.
    ///
    /// `None`, with a word on standard error, where there is none that reads this server.
    pub(crate) async fn find(test: &TestDb) -> Option<Self> {
        Self::of_server(&test.urls().admin).await
    }

    /// The same, for the server at this address.
    pub(crate) async fn of_server(admin: &DatabaseUrl) -> Option<Self> {
        let said = "SELECT setting, current_setting('server_version_num') FROM pg_config() WHERE name = 'BINDIR'";
        let rows = run_sql(admin, said).await.unwrap();
        let [Some(folder), Some(version)] = rows[0].as_slice() else { panic!("{rows:?}") };
        let (beside, version) = (PathBuf::from(folder).join("pg_dump"), version.parse::<u32>().unwrap() / 10_000);
        let found = [beside, PathBuf::from("pg_dump")].into_iter().find(|program| reads(program, version));
        if found.is_none() {
            eprintln!("skipped: no pg_dump of PostgreSQL {version} or later is on this machine");
        }
        found.map(Self)
    }

    /// What it prints of this database with these arguments; it has to end well.
    pub(crate) fn of(&self, url: &DatabaseUrl, arguments: &[&str]) -> String {
        String::from_utf8(self.bytes_of(url, arguments)).unwrap()
    }

    /// The same, where it is no text.
    pub(crate) fn bytes_of(&self, url: &DatabaseUrl, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new(&self.0).args(arguments).arg("--dbname").arg(url.expose()).output().unwrap();
        assert!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }
}

/// Whether a `pg_dump` is there and not older than the server.
fn reads(program: &PathBuf, server: u32) -> bool {
    let Ok(output) = Command::new(program).arg("--version").output() else { return false };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version =
        text.split_whitespace().nth(2).and_then(|version| version.split(['.', 'b', 'r']).next()?.parse().ok());
    version.is_some_and(|version: u32| version >= server)
}
