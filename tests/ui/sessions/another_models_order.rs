//! An order is of one model, alone and in a tuple.

use waygate::models::{Action, Integration};
use waygate_db::Model;

fn main() {
    let _ = Integration::query().order_by(|_| Action::COLUMNS.slug.asc());
    let _ = Integration::query().order_by(|i| (i.slug.asc(), Action::COLUMNS.slug.asc()));
}
