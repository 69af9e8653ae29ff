use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", index(tenant_id, name = "notes_a_bidx_idx"))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted, searchable)]
    a: Encrypted<String>,
    #[model(column = "a_bidx")]
    b: String,
    #[model(encrypted, searchable)]
    a_name_that_fits_but_leaves_no_room_for_that_of_its_index: Encrypted<String>,
}

fn main() {}
