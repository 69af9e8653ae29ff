use waygate_db::{PgEnum};

#[derive(PgEnum, Debug)]
struct Status {
    name: String,
}

fn main() {}
