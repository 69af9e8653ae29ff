//! A request's text is no tenant.

use waygate_db::TenantId;

fn main() {
    let _: TenantId = "01900000-0000-7000-8000-000000000001".parse().unwrap();
}
