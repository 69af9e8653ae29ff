use waygate_db::{PgEnum};

#[derive(PgEnum)]
enum Status {
    Draft,
    Failed(String),
    Waiting { until: u64 },
}

fn main() {}
