use waygate_db::{PgEnum};

#[derive(PgEnum)]
enum Status {
    Draft,
    #[model(label = "draft")]
    Sketch,
    #[model(label = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    Long,
    #[model(label = "")]
    Empty,
}

fn main() {}
