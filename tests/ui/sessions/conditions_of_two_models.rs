//! Conditions of two models do not combine.

use waygate::models::{Action, Integration};
use waygate_db::Model;

fn main() {
    let _ = Integration::query().filter(|i| i.slug.eq("x") & Action::COLUMNS.slug.eq("x"));
}
