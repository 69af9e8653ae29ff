use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", shared)]
struct Note<T> {
    #[model(key)]
    id: Id<Note<T>>,
}

#[derive(Model)]
#[model(table = "lines", shared)]
struct Line<'a> {
    #[model(key)]
    id: &'a str,
}

#[derive(Model)]
#[model(table = "words", shared)]
struct Word
where
    String: Clone,
{
    #[model(key)]
    id: Id<Word>,
}

fn main() {}
