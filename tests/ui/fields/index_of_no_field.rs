use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", index(titel), index(heading), unique(tenant_id, nothing_like_it))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(column = "heading")]
    title: String,
}

fn main() {}
