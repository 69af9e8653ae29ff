use waygate_db::{PgEnum};

#[derive(PgEnum)]
enum Status<T> {
    Draft(T),
}

fn main() {}
