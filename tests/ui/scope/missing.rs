use waygate_db::{Id, Model};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
}

fn main() {}
