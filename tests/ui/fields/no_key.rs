use waygate_db::{Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(tenant)]
    tenant_id: TenantId,
}

fn main() {}
