/// What a call does,
/// in HTTP's word.
#[model(name = "verb", renamed_from = "method", rename_all = "UPPERCASE")]
pub enum HttpMethod {
    Get,
    #[model(label = "PUT", renamed_from = "STORE")]
    Replace,
}
