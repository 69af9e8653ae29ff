//! A row's secrets are bound to its key, so the key is for ever.

use waygate::models::IntegrationCredential;
use waygate_db::{Id, Model};

fn main() {
    let _ = IntegrationCredential::update(Id::new()).id(Id::new());
}
