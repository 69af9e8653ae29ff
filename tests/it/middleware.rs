//! The example `verified_tenant`: over a real socket, who is let in and what they see.

#[path = "../../examples/verified_tenant/service.rs"]
mod service;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use tokio::net::TcpListener;
use waygate::models::Tenant;
use waygate::seed;
use waygate::tenants::rotate_key;
use waygate_db::{ApiKey, Model};

use crate::support::{Login, TestDb, integration};

/// The example, serving until the test ends.
async fn serve(test: &TestDb) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = service::router(test.db.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// The whole answer to a request for the integrations with these further header lines, less its date.
async fn answer(address: SocketAddr, headers: &[&str]) -> String {
    let headers = headers.iter().map(|line| format!("{line}\r\n")).collect::<String>();
    let request = format!("GET /integrations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    let exchange = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = tokio::task::spawn_blocking(exchange).await.unwrap();
    answer.lines().filter(|line| !line.starts_with("date: ")).map(|line| format!("{line}\n")).collect()
}

fn shows(key: &str) -> String {
    format!("Authorization: Bearer {key}")
}

#[tokio::test]
async fn a_verified_key_lists_its_tenants_integrations_and_no_others() {
    let test = TestDb::new().await;
    seed::run(&test.db).await.unwrap();
    integration("theirs", &test.tenant("other").await).await.unwrap();
    let address = serve(&test).await;
    for header in [shows(seed::API_KEY), shows(seed::API_KEY).replace("Bearer", "bearer")] {
        let answer = answer(address, &[&header]).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let body: serde_json::Value = serde_json::from_str(answer.lines().last().unwrap()).unwrap();
        let slugs: Vec<_> = body.as_array().unwrap().iter().map(|one| one["slug"].clone()).collect();
        assert_eq!(slugs, ["slack"]);
    }
}

#[tokio::test]
async fn without_a_live_key_every_answer_is_the_same_401() {
    let test = TestDb::new().await;
    seed::run(&test.db).await.unwrap();
    let before = ApiKey::parse(seed::API_KEY).unwrap();
    let (key, hash) = (ApiKey::generate().unwrap(), before.hash());
    rotate_key(seed::tenant_id(), &key, chrono::TimeDelta::zero(), &test.service()).await.unwrap();
    let address = serve(&test).await;
    let nothing = answer(address, &[]).await;
    assert!(nothing.starts_with("HTTP/1.1 401 ") && nothing.contains("\nwww-authenticate: Bearer\n"), "{nothing}");
    let headers = [
        shows(before.expose()),
        shows(ApiKey::generate().unwrap().expose()),
        shows(&hash),
        shows("wg_live_short"),
        shows(""),
        format!("Authorization: {}", key.expose()),
        format!("Authorization: Basic {}", key.expose()),
        format!("X-Tenant-Id: {}", seed::tenant_id()),
    ];
    for header in &headers {
        assert_eq!(answer(address, &[header]).await, nothing, "{header}");
    }
    assert!(answer(address, &[&shows(key.expose())]).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_database_out_of_order_is_no_401_and_tells_the_caller_nothing() {
    let test = TestDb::new().await;
    seed::run(&test.db).await.unwrap();
    let address = serve(&test).await;
    test.rows_of(Login::Owner, "REVOKE EXECUTE ON FUNCTION waygate.tenant_for_key(text) FROM waygate_app").await;
    let answer = answer(address, &[&shows(seed::API_KEY)]).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(!answer.contains("tenant_for_key") && !answer.contains("permission"), "{answer}");
    assert_eq!(Tenant::query().count(&test.service()).await.unwrap(), 1);
}
