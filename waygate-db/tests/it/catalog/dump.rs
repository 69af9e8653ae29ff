//! A catalog knows nothing that a dump does not carry.

use std::path::PathBuf;
use std::process::Command;

use waygate_db::DatabaseUrl;

use super::torture::{assert_same, empty, read, tortured};

#[tokio::test]
async fn a_catalog_equals_itself_after_a_dump_was_read_back() {
    let (database, copy) = (tortured().await, empty().await);
    let administrator = database.administrator().await;
    let folder = administrator.value("SELECT setting FROM pg_config() WHERE name = 'BINDIR'").await;
    let Some(dump) = dump(&folder, database.admin_url()) else { return };
    // What the fresh database has already is in the dump too.
    let session = copy.administrator().await;
    session.run("DROP EVENT TRIGGER waygate_row_security; DROP SCHEMA waygate CASCADE").await;
    session.run(&dump).await;
    let (found, wanted) = (read(&copy).await, read(&database).await);
    assert_same(&found, &wanted, "after a dump");
    assert_eq!(found, wanted);
}

/// What `pg_dump` prints of a database: the one beside the server's own programs, or the one on the path.
fn dump(folder: &str, url: &DatabaseUrl) -> Option<String> {
    let programs = [PathBuf::from(folder).join("pg_dump"), PathBuf::from("pg_dump")];
    let output = programs
        .iter()
        .find_map(|program| Command::new(program).args(["--schema-only", "--dbname", &url.expose()]).output().ok());
    let Some(output) = output else {
        eprintln!("skipped: no pg_dump is on this machine");
        return None;
    };
    assert!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // A newer pg_dump fences its output for psql.
    Some(text.lines().filter(|line| !line.starts_with('\\')).collect::<Vec<_>>().join("\n"))
}
