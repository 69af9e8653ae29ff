use waygate_db::{PgEnum};

#[derive(PgEnum)]
#[model(rename_al = "UPPERCASE", label = "a")]
enum Status {
    #[model(lable = "draft")]
    Draft,
    #[model(rename_all = "UPPERCASE")]
    Active,
}

#[derive(PgEnum)]
#[model(rename_all = "uppercase", name = "a", name = "b")]
enum Method {
    Get,
}

fn main() {}
