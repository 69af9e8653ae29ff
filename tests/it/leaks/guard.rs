//! The domain `waygate.encrypted`: no plaintext gets into a sealed column, and the refusal does not repeat it.

use tokio_postgres::error::DbError;
use tokio_postgres::types::{ToSql, Type};
use waygate::models::SCHEMA;
use waygate_db::local::{Urls, database, run_sql};
use waygate_db::{Config, Db, EnvKeys};

use super::loud::Server;
use super::marker::Marker;
use crate::support::{Login, MARKER, Outcome, Rows, TestDb, hex};

#[tokio::test]
async fn every_sealed_column_is_of_the_domain_and_stored_as_it_is() {
    let test = TestDb::new().await;
    let mut sealed = 0;
    for table in SCHEMA.tables() {
        for column in table.columns.iter().filter(|column| column.encryption.is_some()) {
            let storage = format!(
                "SELECT atttypid::regtype::text || ' ' || attstorage::text FROM pg_attribute
                 WHERE attrelid = '{}'::regclass AND attname = '{}'",
                table.name, column.name
            );
            let found = test.value(Login::Admin, &storage).await;
            assert_eq!(found, "waygate.encrypted e", "{}.{}", table.name, column.name);
            sealed += 1;
        }
    }
    assert_eq!(sealed, 2, "the schema's sealed columns are looked at");
    let elsewhere = "SELECT count(*) FROM pg_attribute WHERE atttypid = 'waygate.encrypted'::regtype AND attnum > 0 \
                     AND attrelid::regclass::text <> 'integration_credentials'";
    assert_eq!(test.value(Login::Admin, elsewhere).await, "0", "sealed columns that no model knows");
}

/// The server's own report of a refused statement, all of whose parts a client could print.
async fn refused(urls: &Urls, sql: &str, params: &[(&(dyn ToSql + Sync), Type)]) -> DbError {
    let client = database::connect(&urls.service).await.unwrap();
    client.batch_execute("SELECT set_config('waygate.tenant_id', id::text, false) FROM tenants").await.unwrap();
    let Err(error) = client.query_typed(sql, params).await else { panic!("this was taken: {sql}") };
    error.as_db_error().unwrap_or_else(|| panic!("{sql}: {error}")).clone()
}

#[track_caller]
fn assert_guarded(report: &DbError, marker: &Marker, sql: &str) {
    assert_eq!(report.code().code(), "23514", "{sql}: {report}");
    assert_eq!(report.constraint(), Some("encrypted_is_sealed"), "{sql}");
    marker.assert_absent("the refusal", &format!("{report} {report:?} {report:#?}"));
}

/// Statements that write the value of an expression into each sealed column.
fn writes(value: &str) -> [String; 3] {
    [
        format!("UPDATE integration_credentials SET encrypted_data = {value}"),
        format!("UPDATE integration_credentials SET encrypted_refresh_token = {value}"),
        format!(
            "INSERT INTO integration_credentials (integration_id, credential_type, encrypted_data)
             SELECT integration_id, 'basic', {value} FROM integration_credentials"
        ),
    ]
}

/// A server with the usual settings, and a tenant's rows.
async fn server_with_rows() -> Option<Server> {
    let server = Server::usual().await?;
    let keys = EnvKeys::throw_away().unwrap();
    let config = Config::new(server.urls.app.clone()).service_url(server.urls.service.clone()).keys(keys).pool_size(2);
    Rows::on(&Db::connect(config).await.unwrap(), "acme").await;
    Some(server)
}

#[tokio::test]
async fn plaintext_as_a_parameter_is_refused_and_stands_in_no_log() {
    let Some(server) = server_with_rows().await else { return };
    let marker = Marker::of("kestrel8Qz4711");
    let plain = marker.text().into_bytes();
    let long = marker.text().repeat(9).into_bytes();
    let too_short = [&[0xf9_u8, 1][..], &[7_u8; 45]].concat();
    let wrong_magic = [&[0xfa, 1][..], &long].concat();
    let wrong_version = [&[0xf9, 2][..], &long].concat();
    for value in [&plain, &long, &too_short, &wrong_magic, &wrong_version] {
        for sql in writes("$1") {
            let report = refused(&server.urls, &sql, &[(value, Type::BYTEA)]).await;
            assert_guarded(&report, &marker, &sql);
        }
    }
    let text = "kestrel8Qz4711 as a text".to_owned();
    for cast in ["$1::text::bytea", "convert_to($1, 'UTF8')", "decode(encode($1::bytea, 'hex'), 'hex')"] {
        let sql = format!("UPDATE integration_credentials SET encrypted_data = {cast}");
        assert_guarded(&refused(&server.urls, &sql, &[(&text, Type::TEXT)]).await, &marker, &sql);
    }
    let log = server.log();
    assert!(log.contains("violates check constraint \"encrypted_is_sealed\"") && log.contains("STATEMENT:"), "{log}");
    marker.assert_absent("the server's log", &log);
    assert_eq!(server.files_with(&marker).await, "");

    // The shortest that the domain lets through.
    let client = database::connect(&server.urls.service).await.unwrap();
    let sealed = [&[0xf9_u8, 1][..], &[7_u8; 46]].concat();
    let sql = "UPDATE integration_credentials SET encrypted_data = $1";
    client.query_typed(sql, &[(&sealed, Type::BYTEA)]).await.unwrap();

    // What a server logs that is told to log the parameters of failed statements.
    run_sql(&server.urls.admin, "ALTER ROLE ALL SET log_parameter_max_length_on_error = -1").await.unwrap();
    assert_guarded(&refused(&server.urls, sql, &[(&plain, Type::BYTEA)]).await, &Marker::of("nothing-of-it"), sql);
    marker.assert_shown("the log with parameters", &server.log());
}

#[tokio::test]
async fn plaintext_in_the_text_of_a_statement_is_refused_and_the_log_shows_that_text() {
    let Some(server) = server_with_rows().await else { return };
    let marker = Marker::of("kestrel8Qz4711");
    let word = "kestrel8Qz4711";
    for literal in [
        format!("'{word}'"),
        format!("'{word}'::bytea"),
        format!("'{word}'::waygate.encrypted"),
        format!("'\\x{}'", hex(&word.repeat(6))),
        format!("convert_to('{word}', 'UTF8')"),
    ] {
        for sql in writes(&literal) {
            assert_guarded(&refused(&server.urls, &sql, &[]).await, &marker, &sql);
        }
    }
    marker.assert_shown("the log of statements with literals", &server.log());
    assert!(!server.log().contains("CONTEXT:"));
    let line = format!("{}\\t{}\\tbasic\\t{word}", uuid::Uuid::nil(), uuid::Uuid::nil());
    let copy = "COPY integration_credentials (integration_id, tenant_id, credential_type, encrypted_data) FROM";
    let error = run_sql(&server.urls.admin, &format!("{copy} PROGRAM $$printf '{line}\\n'$$")).await.refused();
    marker.assert_absent("the library's error", &crate::support::words(&error));
    let context = format!("CONTEXT:  COPY integration_credentials, line 1, column encrypted_data: \"{word}\"");
    assert!(server.log().contains(&context), "COPY names the value in its context");
    let error = run_sql(&server.urls.service, &writes(&format!("'{word}'"))[0]).await.refused();
    assert!(error.is_check_violation(), "{error}");
    marker.assert_absent("the library's error", &crate::support::words(&error));
}

#[tokio::test]
async fn copy_takes_no_plaintext_either() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let copy = "COPY integration_credentials (integration_id, tenant_id, credential_type, encrypted_data) FROM";
    // Row security lets superusers alone copy in.
    for login in [Login::App, Login::Service, Login::Owner] {
        let error = test.sql(login, &format!("{copy} STDIN")).await.refused();
        assert!(["0A000", "42501"].contains(&error.code().unwrap()), "{login:?}: {error}");
    }
    let line = format!("{}\\t{}\\tbasic\\t{MARKER}", rows.integration.id, rows.tenant.id);
    let error = test.sql(Login::Admin, &format!("{copy} PROGRAM $$printf '{line}\\n'$$")).await.refused();
    assert!(error.is_check_violation(), "{error}");
    assert_eq!(test.count("integration_credentials").await, 1);
}
