use waygate_db::PgEnum;

#[derive(PgEnum, Debug)]
#[model(renamed_from = "status")]
enum Status {
    #[model(renamed_from = "draft")]
    Draft,
    #[model(renamed_from = "live")]
    Active,
    #[model(renamed_from = "live")]
    Running,
}

fn main() {}
