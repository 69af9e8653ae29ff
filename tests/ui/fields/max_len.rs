use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(max_len = 10)]
    count: i32,
    #[model(max_len = 0)]
    title: String,
    #[model(max_len = 10485761)]
    long: String,
    #[model(max_len = 10, sql = "citext")]
    both: String,
}

fn main() {}
