use waygate_db::{PgEnum};

#[derive(PgEnum)]
enum Status {}

fn main() {}
