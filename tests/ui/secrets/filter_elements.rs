//! Ciphertext has no elements.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    words: Encrypted<String>,
}

fn main() {
    let _ = Note::query().filter(|n| n.words.contains(vec!["secret".to_owned()]));
}
