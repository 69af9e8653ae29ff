//! A bare UUID is no tenant.

use uuid::Uuid;
use waygate_db::{Db, TenantId};

fn choose(db: &Db, uuid: Uuid) {
    let _: TenantId = uuid.into();
    let _ = TenantId(uuid);
    db.tenant(uuid);
}

fn main() {}
