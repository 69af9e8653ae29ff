use waygate_db::{Id, Model};

#[derive(Model)]
#[model(table = "lines", tenant(through = notes_id))]
struct Unknown {
    #[model(key)]
    id: Id<Unknown>,
    note_id: Id<Unknown>,
}

#[derive(Model)]
#[model(table = "words", tenant(through = note_id))]
struct Unmarked {
    #[model(key)]
    id: Id<Unmarked>,
    note_id: Id<Unknown>,
}

#[derive(Model)]
#[model(table = "letters", tenant(through = word_id))]
struct Optional {
    #[model(key)]
    id: Id<Optional>,
    #[model(belongs_to(Unmarked, on_delete = set_null))]
    word_id: Option<Id<Unmarked>>,
}

fn main() {}
