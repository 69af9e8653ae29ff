use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(max_len =)]
    title: String,
    #[model(using =)]
    slug: String,
}

fn main() {}
