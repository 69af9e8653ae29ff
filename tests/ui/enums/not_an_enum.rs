use waygate_db::{PgEnum};

#[derive(PgEnum)]
struct Status {
    name: String,
}

fn main() {}
