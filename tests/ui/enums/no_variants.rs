use waygate_db::{PgEnum};

#[derive(PgEnum, Debug)]
enum Status {}

fn main() {}
