//! What the lint says of drafts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use waygate_db::Maintenance;
use waygate_db::migrate::{Exceptions, Migration, lint};

use super::written::history;
use crate::support::EmptyDb;

/// What a draft cannot do otherwise, because somebody asked for that very thing: `drops` and `renames` are decided by
/// flags, and say so in the file's head.
const ASKED_FOR: [&str; 7] = [
    "drops-column",
    "drops-table",
    "renames-column",
    "renames-table",
    "renames-label",
    "rewrites-table",
    "locks-referenced-table",
];

#[tokio::test]
async fn drafts_keep_nobody_from_a_table_for_long() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/drafts");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut looked_at = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(name) = name.strip_suffix(".sql").filter(|name| name.strip_suffix(".down").is_none()) else {
            continue;
        };
        let up = fs::read_to_string(&path).unwrap().leak();
        let database = EmptyDb::new().await;
        let mut session = Maintenance::connect(&database.scratch.urls().migrator.to_config()).await.unwrap();
        let draft = Migration::embedded(format!("20261201000000_{name}").leak(), up, None);
        let linted = lint(&mut session, &history(), &[draft], &Exceptions::default()).await.unwrap();
        session.close().await;
        let unasked = linted.findings.iter().filter(|finding| !ASKED_FOR.contains(&finding.rule));
        let unasked: Vec<String> = unasked.map(ToString::to_string).collect();
        looked_at += 1;
        if !unasked.is_empty() {
            found.insert(name.to_owned(), unasked);
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(looked_at > 10, "{looked_at}");
}
