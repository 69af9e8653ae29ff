#[model(table = "countries", shared, renamed_from = "lands")]
pub struct Country {
    #[model(key)]
    pub id: Id<Country>,
    #[model(unique, sql = "citext", column = "iso", renamed_from = "code")]
    pub iso_code: String,
    #[model(default = -1)]
    pub rank: i32,
}
