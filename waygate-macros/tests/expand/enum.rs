#[model(name = "verb", rename_all = "UPPERCASE")]
pub enum HttpMethod {
    Get,
    #[model(label = "PUT", renamed_from = "STORE")]
    Replace,
}
