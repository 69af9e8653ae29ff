//! The compiler knows the columns.

use waygate::models::Integration;
use waygate_db::Model;

fn main() {
    let _ = Integration::query().filter(|i| i.stats.eq("x"));
}
