//! Raw SQL is a literal, so no value can be written into it.

use waygate::models::Integration;
use waygate_db::Model;

fn search(slug: String) {
    let text = format!("SELECT {{columns}} FROM integrations WHERE slug = '{slug}'");
    let _ = Integration::sql(&text);
    let _ = Integration::sql(text);
}

fn main() {}
