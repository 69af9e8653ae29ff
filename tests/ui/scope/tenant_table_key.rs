use waygate_db::{Id, Model};

#[derive(Model)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: Id<Tenant>,
}

fn main() {}
