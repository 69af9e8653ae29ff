//! A secret that the library seals is found nowhere else: not in a dump, a file or a log of the server, not in an event,
//! an error or a printed struct.
//!
//! Each place is shown to be looked at: what is written into a plain column is found in all of them.

mod commands;
mod guard;
mod heard;
mod loud;
mod marker;
mod nosy;
mod printed;
mod raised;
mod refused;
mod writes;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use waygate::models::SCHEMA;
use waygate_db::local::run_sql;
use waygate_db::{Config, Db, EnvKeys, Error};

use heard::Heard;
use loud::Server;
use marker::Marker;
use printed::Printed;
use writes::Written;

use crate::support::{Dump, words};

/// What stands in sealed columns alone.
fn secret() -> Marker {
    Marker::of("kestrel8Qz4711")
}

/// What stands in plain columns.
fn plain() -> Marker {
    Marker::of("sparrow5Xw2093")
}

/// The schema's sealed columns, as `table.column`.
fn sealed_columns() -> BTreeSet<String> {
    let tables = SCHEMA.tables().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    tables
        .filter(|(_, column)| column.encryption.is_some())
        .map(|(table, column)| format!("{}.{}", table.name, column.name))
        .collect()
}

#[tokio::test]
async fn a_sealed_secret_is_in_no_dump_log_event_error_or_printed_struct() {
    let Some(server) = Server::loud().await else { return };
    let Some(pg_dump) = Dump::of_server(&server.urls.admin).await else { return };
    let vars = EnvKeys::fresh_vars().unwrap();
    let key_encryption_key = Marker::of(vars[0].1.trim_end_matches('='));
    let config = Config::new(server.urls.app.clone())
        .service_url(server.urls.service.clone())
        .keys(EnvKeys::from_vars(vars).unwrap())
        .pool_size(2);

    let listening = Heard::listen();
    let db = Db::connect(config.clone()).await.unwrap();
    let mut printed = Printed::default();
    printed.value(&(&config, &db));
    let written = Written::by(&db, &mut printed).await;
    let errors = refused::everything(&server, &config, &db, &written).await;
    let heard = listening.text();
    drop(listening);

    assert_eq!(written.covered, sealed_columns(), "every sealed column of the schema holds the secret");
    for column in sealed_columns() {
        let (table, name) = column.split_once('.').unwrap();
        let count = format!("SELECT count(*) FROM {table} WHERE substring({name} FROM 1 FOR 2) = '\\xf901'");
        let sealed: u32 = run_sql(&server.urls.admin, &count).await.unwrap()[0][0].as_ref().unwrap().parse().unwrap();
        assert!(sealed >= 4, "{column}: {sealed} sealed cells");
    }
    printed.assert_every_model_hides_its_sealed_columns();

    let (log, admin) = (server.log(), &server.urls.admin);
    assert!(log.contains("= '\\xf901"), "sealed values are parameters, and the log shows parameters");
    assert!(heard.contains("waygate_db::statement") && heard.contains("preparing query"), "the library and its driver");
    let custom = pg_dump.bytes_of(admin, &["--format=custom", "--compress=0"]);
    let places = [
        ("pg_dump", pg_dump.of(admin, &[])),
        ("pg_dump --column-inserts", pg_dump.of(admin, &["--column-inserts"])),
        ("pg_dump --format=custom", String::from_utf8_lossy(&custom).into_owned()),
        ("the server's log", log),
        ("the program's log", heard),
        ("a printed struct", printed.text()),
    ];
    for (place, text) in &places {
        plain().assert_shown(place, text);
        secret().assert_absent(place, text);
        key_encryption_key.assert_absent(place, text);
    }
    assert_ne!(server.files_with(&plain()).await, "");
    assert_eq!(server.files_with(&secret()).await, "", "files of the cluster");
    assert_eq!(server.files_with(&key_encryption_key).await, "", "files of the cluster");

    for (what, error) in &errors {
        let said = format!("{}\n{}", words(error), panic_of(Err(error)));
        assert!(said.contains("called `Result::unwrap()` on an `Err` value"), "{said}");
        secret().assert_absent(what, &said);
        plain().assert_absent(what, &said);
    }
}

/// What a program says that unwraps this.
fn panic_of(failed: Result<(), &Error>) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| failed.unwrap())).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}
