//! A value bound to its tenant needs a tenant in its row.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "words", shared)]
struct Word {
    #[model(key)]
    id: Id<Word>,
    #[model(encrypted(bind = tenant))]
    word: Encrypted<String>,
}

#[derive(Model)]
#[model(table = "lists")]
struct List {
    #[model(key)]
    id: Id<List>,
    #[model(tenant)]
    tenant_id: TenantId,
}

#[derive(Model)]
#[model(table = "items", tenant(through = list_id))]
struct Item {
    #[model(key)]
    id: Id<Item>,
    #[model(belongs_to(List))]
    list_id: Id<List>,
    #[model(encrypted(bind = tenant))]
    token: Encrypted<String>,
}

fn main() {}
