//! A server that dies under its clients.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use waygate::models::{Integration, Tenant};
use waygate_db::local::LocalServer;
use waygate_db::{Config, Db, Error, Model};

use crate::support::{Outcome, deployed_on, integration, own_server, random_hash};

/// Ends the server without a goodbye.
fn kill(server: &LocalServer) {
    let file = fs::read_to_string(server.data_folder().join("postmaster.pid")).unwrap();
    let pid = file.lines().next().unwrap();
    assert!(Command::new("sh").args(["-c", "kill -QUIT \"$0\"", pid]).status().unwrap().success());
}

#[tokio::test]
async fn a_killed_server_is_a_lost_connection_and_then_one_out_of_reach() {
    let Some(server) = own_server().await else { return };
    let urls = deployed_on(&server, "doomed").await;
    let config = Config::new(urls.app).service_url(urls.service).pool_size(2).wait(Duration::from_secs(1));
    let db = Db::connect(config).await.unwrap();
    let tenant = Tenant::create()
        .name("Acme")
        .email("acme@example.org")
        .waygate_api_key_hash(random_hash())
        .insert(&db.service("test"))
        .await
        .unwrap();
    let acme = db.tenant(tenant.id);
    let result = acme
        .transaction(async |tx| {
            integration("half", tx).await?;
            kill(&server);
            for _ in 0..400 {
                Integration::query().count(tx).await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok::<_, Error>(())
        })
        .await;
    let error = result.refused();
    assert!(error.is_connection_lost(), "{error}");

    let mut refused = Integration::query().count(&acme).await.refused();
    let start = Instant::now();
    // The server needs a moment to go; until then it says that it is shutting down.
    while !refused.is_connect() && start.elapsed() < Duration::from_secs(10) {
        assert!(refused.is_connection_lost(), "{refused}");
        refused = Integration::query().count(&acme).await.refused();
    }
    assert!(refused.is_connect() && refused.advice().is_some(), "{refused}");
    assert!(integration("slack", &acme).await.refused().is_connect());
}
