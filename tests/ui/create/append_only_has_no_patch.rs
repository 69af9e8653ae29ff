//! A log is not corrected afterwards.

use waygate::models::RequestLog;
use waygate_db::{Model, Result, TenantScope};

async fn correct(log: RequestLog, acme: &TenantScope) -> Result<RequestLog> {
    log.patch().latency_ms(1).save(acme).await
}

fn main() {}
