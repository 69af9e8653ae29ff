use waygate_db::{PgEnum};

#[derive(PgEnum, Debug)]
enum Status {
    Draft,
    Failed(String),
    Waiting { until: u64 },
}

fn main() {}
