use waygate_db::{Model};

#[derive(Model)]
struct Tuple(String);

#[derive(Model)]
struct Unit;

#[derive(Model)]
enum Enum {
    A,
}

#[derive(Model)]
union Union {
    a: u8,
}

fn main() {}
