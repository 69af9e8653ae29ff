//! Structs and enums.

use super::comments::{documentation, remark};
use super::layout::{Word, attribute};
use crate::pull::enums::PgEnum;
use crate::pull::fields::Field;
use crate::pull::model::Model;

/// A struct with `#[derive(Model)]`.
pub(super) fn model(model: &Model<'_>) -> String {
    let fields: String = model.fields.iter().map(field).collect();
    format!(
        "{}#[derive(Model, Debug, Clone)]\n{}pub struct {} {{\n{fields}}}\n",
        documentation(model.comment.as_deref(), 0),
        attribute(&model.words, 0),
        model.rust,
    )
}

fn field(field: &Field) -> String {
    let remarks = field.remarks.join(" ");
    let remarks = if remarks.is_empty() { remarks } else { remark(&remarks, 4, 0) };
    let words = if field.words.is_empty() { String::new() } else { attribute(&field.words, 4) };
    let documentation = documentation(field.comment.as_deref(), 4);
    format!("{documentation}{remarks}{words}    pub {}: {},\n", field.name, field.ty)
}

/// An enum with `#[derive(PgEnum)]`.
pub(super) fn pg_enum(pg_enum: &PgEnum<'_>) -> String {
    let name = (!pg_enum.is_named_as_derived()).then(|| Word::plain(format!("name = {:?}", pg_enum.name)));
    let spelling = pg_enum.spelling.word.map(|word| Word::plain(format!("rename_all = {word:?}")));
    let words: Vec<Word> = name.into_iter().chain(spelling).collect();
    let words = if words.is_empty() { String::new() } else { attribute(&words, 0) };
    let variant = |variant: &crate::pull::enums::Variant| {
        let label = if pg_enum.spelling.label(&variant.rust) == variant.label {
            String::default()
        } else {
            attribute(&[Word::plain(format!("label = {:?}", variant.label))], 4)
        };
        format!("{label}    {},\n", variant.rust)
    };
    let variants: String = pg_enum.variants.iter().map(variant).collect();
    format!(
        "{}#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]\n{words}pub enum {} {{\n{variants}}}\n",
        documentation(pg_enum.object.comment.as_deref(), 0),
        pg_enum.rust,
    )
}
