use waygate_db::{PgEnum};

#[derive(PgEnum, Debug)]
#[model(name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
enum Status {
    Draft,
}

fn main() {}
