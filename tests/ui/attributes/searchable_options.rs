use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted, searchable = true)]
    a: Encrypted<String>,
    #[model(encrypted, searchable(bit = 24, scope = tenants))]
    b: Encrypted<String>,
    #[model(encrypted, searchable(bits = "24", unique = true))]
    c: Encrypted<String>,
    #[model(encrypted, searchable(normalize = upper))]
    d: Encrypted<String>,
    #[model(encrypted, searchable(normalize = last(0), normalize = lower))]
    e: Encrypted<String>,
    #[model(encrypted, searchable(normalize))]
    f: Encrypted<String>,
    #[model(encrypted, searchable(scope = "app"))]
    g: Encrypted<String>,
}

fn main() {}
