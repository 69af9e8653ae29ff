//! A request's body is no tenant.

use waygate_db::TenantId;

fn main() {
    let _: TenantId = serde_json::from_str("\"01900000-0000-7000-8000-000000000001\"").unwrap();
}
