//! A server older than PostgreSQL 15.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use waygate_db::{Config, DatabaseUrl, Db, Maintenance};

use crate::support::{Login, TestDb, refusal};

/// Something that greets one client as PostgreSQL 14.9 would, and then reads until it hangs up.
fn old_server() -> DatabaseUrl {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut startup = [0; 1024];
        let _ = client.read(&mut startup).unwrap();
        let version = b"server_version\x0014.9\x00";
        let length = u8::try_from(version.len() + 4).unwrap();
        let mut greeting = b"R\x00\x00\x00\x08\x00\x00\x00\x00S\x00\x00\x00".to_vec();
        greeting.push(length);
        greeting.extend_from_slice(version);
        greeting.extend_from_slice(b"Z\x00\x00\x00\x05I");
        client.write_all(&greeting).unwrap();
        while client.read(&mut startup).is_ok_and(|read| read > 0) {}
    });
    format!("postgres://waygate_migrator@127.0.0.1:{port}/db").parse().unwrap()
}

#[tokio::test]
async fn a_deploy_refuses_it() {
    let error = refusal(Maintenance::connect(&old_server().to_config()).await);
    assert!(error.is_server_too_old(), "{error}");
    assert!(error.to_string().contains("14.9") && error.advice().unwrap().contains("15"), "{error}");
}

#[tokio::test]
async fn the_running_service_refuses_it() {
    let test = TestDb::new().await;
    // For this database and login alone, the server says that it is older than it is.
    let pretend = format!(
        "CREATE SCHEMA pretended; GRANT USAGE ON SCHEMA pretended TO waygate_app;
         CREATE FUNCTION pretended.current_setting(name text) RETURNS text LANGUAGE sql AS $$
             SELECT CASE name WHEN 'server_version_num' THEN '140009' WHEN 'server_version' THEN '14.9' END $$;
         GRANT EXECUTE ON FUNCTION pretended.current_setting(text) TO waygate_app;
         ALTER ROLE waygate_app IN DATABASE {} SET search_path TO pretended, pg_catalog",
        test.name()
    );
    test.rows_of(Login::Admin, &pretend).await;
    let error = refusal(Db::connect(Config::new(test.urls().app.clone())).await);
    assert!(error.is_server_too_old(), "{error}");
    assert!(error.to_string().contains("14.9"), "{error}");
}
