use waygate_db::{PgEnum};

#[derive(PgEnum)]
#[model(name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
enum Status {
    Draft,
}

fn main() {}
