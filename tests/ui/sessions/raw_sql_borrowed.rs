//! Not even a `&str`, which may be a part of what a user sent.

use waygate::models::Integration;
use waygate_db::{Model, RawSql};

fn search(text: &str) -> RawSql<Integration> {
    Integration::sql(text)
}

fn main() {}
