use waygate_db::{PgEnum};

#[derive(PgEnum, Debug)]
enum Status<T> {
    Draft(T),
}

fn main() {}
