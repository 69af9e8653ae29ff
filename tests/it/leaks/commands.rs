//! The `waygate` command: what it writes into the env file it does not print.

use waygate_db::DatabaseUrl;
use waygate_db::local::run_sql;

use super::marker::Marker;
use crate::cli::Waygate;
use crate::support::own_server;

/// What setup and `seal new` wrote that opens something: keys, and the URLs that hold passwords.
fn secrets_in(env_file: &str) -> Vec<Marker> {
    let pairs = env_file.lines().filter_map(|line| line.split_once('='));
    let values = pairs.map(|(name, value)| (name, value.trim_matches('\'')));
    values
        .filter_map(|(name, value)| match value.parse::<DatabaseUrl>() {
            // Everything up to the host: the user's name and the password.
            Ok(url) if value.contains('@') => Some(url.expose().split_once('@')?.0.rsplit_once(':')?.1.to_owned()),
            // A name, which may be shown.
            _ if name.contains("KEK_CURRENT") || name.contains("DIALECT") => None,
            _ => Some(value.trim_end_matches('=').to_owned()),
        })
        .map(|secret| Marker::of(&secret))
        .collect()
}

#[tokio::test]
async fn no_command_prints_a_key_or_password_of_the_env_file() {
    let Some(server) = own_server().await else { return };
    run_sql(&server.admin_url(), "CREATE DATABASE shop").await.unwrap();
    let waygate = Waygate::new().var("DATABASE_URL", server.admin_url().with_database("shop").expose());
    let mut printed = String::new();
    for arguments in [
        &["setup", "--dialect", "sealed"][..],
        &["seal", "new"],
        &["setup", "--dialect", "sealed", "--json"],
        &["seal", "list"],
        &["migrate", "status", "--dialect", "sealed"],
        &["tenant", "create", "--name", "Acme", "--email", "acme@example.org"],
        &["tenant", "list", "--json"],
        &["db", "seed", "--force"],
        &["seal", "retire", "nothing"],
        &["audit", "--dialect", "citus"],
    ] {
        let ended = waygate.run(arguments);
        printed.push_str(&format!("{arguments:?} {}: {}{}\n", ended.code, ended.stdout, ended.stderr));
    }
    let env_file = waygate.read(".env.local");
    let secrets = secrets_in(&env_file);
    assert_eq!(secrets.len(), 5, "three passwords, a key-encryption key and a seal's key");
    for secret in &secrets {
        secret.assert_shown("the env file", &env_file);
        secret.assert_absent("a command", &printed);
    }
    assert_eq!(printed.matches("wg_live_").count(), 1, "a tenant's key is shown once: {printed}");
    server.stop().await.unwrap();
}
