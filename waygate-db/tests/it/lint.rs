//! The lint: what it observes of statements, what it makes of that, and what silences it.

mod history;
mod ignoring;
mod observed;
mod rules;
mod standing;

use waygate_db::Maintenance;
use waygate_db::migrate::{Exceptions, Finding, Linted, Migration, lint};

use crate::support::database::{Database, Session};

/// Tables as a migration of before has made them, and types, for the statements of all tests.
const BEFORE: &str = "
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TABLE places (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    place_id bigint,
    amount int CONSTRAINT orders_amount_check CHECK (amount > 0),
    pieces int NOT NULL,
    code varchar(10),
    note text,
    price numeric(10,2),
    at timestamp,
    feeling text
);
ALTER TABLE orders ADD CONSTRAINT orders_pieces_check CHECK (pieces > 0) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT orders_place_fkey FOREIGN KEY (place_id) REFERENCES places NOT VALID;
CREATE UNIQUE INDEX orders_pieces_id ON orders (pieces, id);
CREATE INDEX orders_place_id ON orders (place_id);
";

/// A file's name.
const ID: &str = "20250102000000_change";

/// A database in which files are linted behind the same one, each as if it were the first.
struct Bench {
    session: Maintenance,
    administrator: Session,
    before: [Migration; 1],
    _database: Database,
}

impl Bench {
    async fn new(before: &str) -> Self {
        let database = Database::empty().await;
        let before = [Migration::embedded("20250101000000_before", before.to_owned().leak(), None)];
        let (session, administrator) = (database.maintenance().await, database.administrator().await);
        Self { session, administrator, before, _database: database }
    }

    /// What the lint sees of a file.
    async fn lint(&mut self, up: &str) -> Linted {
        let file = Migration::embedded(ID, up.to_owned().leak(), None);
        let linted = lint(&mut self.session, &self.before, &[file], &Exceptions::default()).await.unwrap();
        let empty = "DROP SCHEMA public, waygate CASCADE; CREATE SCHEMA public AUTHORIZATION waygate_owner";
        self.administrator.run(empty).await;
        linted
    }
}

/// What the lint sees of a file behind `BEFORE`.
async fn linted(up: &str) -> Linted {
    linted_behind(BEFORE, up).await
}

/// What the lint sees of a file behind another.
async fn linted_behind(before: &str, up: &str) -> Linted {
    Bench::new(before).await.lint(up).await
}

/// The lines and rules of what it finds in a file behind `BEFORE`, the worst of a line first.
async fn rules(up: &str) -> Vec<String> {
    named(&linted(up).await.findings)
}

fn named(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.line, finding.rule)).collect()
}
