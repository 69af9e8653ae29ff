//! A function that asks for shared data alone reads no tenant's.

use waygate::models::Integration;
use waygate_db::{Model, Result, Session, SharedData};

async fn list(session: &impl Session<SharedData>) -> Result<Vec<Integration>> {
    Integration::query().all(session).await
}

fn main() {}
