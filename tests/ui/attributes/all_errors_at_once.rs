use waygate_db::{Id, Model};

// Six mistakes, six errors, and none for the code that uses the model.
#[derive(Model)]
#[model(tabel = "notes", append_onyl)]
struct Note {
    #[model(key, unique)]
    id: Id<Note>,
    #[model(max_len = 0)]
    title: String,
}

async fn uses(session: &impl waygate_db::Session<waygate_db::TenantData>) -> waygate_db::Result<()> {
    let note = Note::create().title("Milk").insert(session).await?;
    Note::query().filter(|n| n.title.eq("Milk")).all(session).await?;
    note.patch().title("Bread").save(session).await?;
    Note::update(note.id).title("Bread").exec(session).await
}

fn main() {}
