//! A predicate is of one model.

use waygate::models::{Action, Integration};
use waygate_db::Model;

fn main() {
    let _ = Integration::query().filter(|_| Action::COLUMNS.slug.eq("x"));
}
