use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", index, index(), index(title descending), unique(tenant_id, title, using = gin), index(title, nulls = first))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(index(unique))]
    title: String,
    #[model(index = true)]
    other: String,
    #[model(unique(desc))]
    third: String,
    #[model(index(using = hash))]
    fourth: String,
}

fn main() {}
