use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    subject: String,
    #[model(renamed_from = "subject")]
    title: String,
    #[model(renamed_from = "text")]
    body: String,
    #[model(renamed_from = "text")]
    summary: String,
    #[model(encrypted, searchable)]
    phone: Encrypted<String>,
    #[model(renamed_from = "phone_bidx")]
    phone_digest: String,
}

fn main() {}
