//! Whole files: what they import, and in which order their items stand.

use std::collections::BTreeSet;

use super::comments::remark;
use super::item;
use super::layout::{array, import};
use crate::pull::model::{Model, Models, mentions};
use crate::pull::note::{About, Note};

/// The types of other crates that a field may name, by the path that they are imported from.
const TYPES: &[(&str, &[&str])] = &[
    ("chrono", &["DateTime", "NaiveDate", "Utc"]),
    ("uuid", &["Uuid"]),
    ("waygate_db", &["Encrypted", "Id", "Json", "TenantId"]),
];

/// The file name of a model's module.
pub(super) fn name(model: &Model<'_>) -> String {
    format!("{}.rs", model.module)
}

/// The file that holds everything.
pub(super) fn single(models: &Models<'_>, notes: &[Note]) -> String {
    let all: Vec<&Model<'_>> = models.models.iter().collect();
    let schema = schema(models);
    let items: Vec<String> = all.iter().map(|model| items(model) + "\n").collect();
    let items = items.concat();
    format!("{}\n{}\n{items}{schema}", header(models, notes), imports(&all, true))
}

/// The module over one file for each model.
pub(super) fn root(models: &Models<'_>, notes: &[Note]) -> String {
    let mut modules: Vec<&Model<'_>> = models.models.iter().collect();
    modules.sort_by(|one, other| one.module.cmp(&other.module));
    let declared: Vec<String> = modules.iter().map(|model| format!("mod {};\n", model.module)).collect();
    let declared = declared.concat();
    let public: String = modules
        .iter()
        .map(|model| import(&model.module.clone(), &names(model)).replacen("use", "pub use", 1))
        .collect();
    let schema = schema(models);
    format!("{}\n{declared}\nuse waygate_db::Schema;\n\n{public}\n{schema}", header(models, notes))
}

/// One model's file, with the enums that it is the first to use.
pub(super) fn module(models: &Models<'_>, model: &Model<'_>) -> String {
    let own: BTreeSet<&str> = names(model).into_iter().collect();
    let others: Vec<&str> =
        models.models.iter().flat_map(names).filter(|name| !own.contains(name) && is_named(model, name)).collect();
    let siblings = import("super", &others);
    let siblings = if siblings.is_empty() { siblings } else { format!("\n{siblings}") };
    format!("{}{siblings}\n{}", imports(&[model], false), items(model))
}

/// The enums and the struct.
fn items(model: &Model<'_>) -> String {
    let enums: String = model.enums.iter().map(|pg_enum| item::pg_enum(pg_enum) + "\n").collect();
    enums + &item::model(model)
}

/// What a model's file gives to the others.
fn names<'m>(model: &'m Model<'_>) -> Vec<&'m str> {
    let enums = model.enums.iter().map(|pg_enum| pg_enum.rust.as_str());
    [model.rust.as_str()].into_iter().chain(enums).collect()
}

/// Whether a model's fields or words name this type.
fn is_named(model: &Model<'_>, name: &str) -> bool {
    let words = model.fields.iter().flat_map(|field| &field.words).chain(&model.words);
    model.fields.iter().any(|field| mentions(&field.ty, name)) || words.into_iter().any(|word| word.mentions(name))
}

/// The imports of these models from other crates.
fn imports(models: &[&Model<'_>], has_schema: bool) -> String {
    let fields = || models.iter().flat_map(|model| &model.fields);
    let mut text = String::new();
    for (path, types) in TYPES {
        let mut names: Vec<&str> =
            types.iter().copied().filter(|name| fields().any(|field| mentions(&field.ty, name))).collect();
        if *path == "waygate_db" {
            names.extend((!models.is_empty()).then_some("Model"));
            names.extend(models.iter().any(|model| !model.enums.is_empty()).then_some("PgEnum"));
            names.extend(has_schema.then_some("Schema"));
        }
        text.push_str(&import(path, &names));
    }
    text
}

/// The static that names all models.
fn schema(models: &Models<'_>) -> String {
    let names: Vec<&str> = models.models.iter().map(|model| model.rust.as_str()).collect();
    let head = "pub static SCHEMA: Schema = waygate_db::schema!";
    format!("/// All models, parents before children.\n{}", array(head, &names))
}

/// What stands at the top: where the models come from, and everything that they do not say.
fn header(models: &Models<'_>, notes: &[Note]) -> String {
    let mut text = "//! The models of a database, as `db pull` read them.\n".to_owned();
    if models.schema != "public" {
        let moved = format!(
            "The tables stand in schema {}; the models' tables stand in public, so move them there \
             (ALTER TABLE … SET SCHEMA public) before these models are used.",
            models.schema
        );
        text.push('\n');
        text.push_str(&remark(&moved, 0, 0));
    }
    for about in About::ALL {
        let mut found = notes.iter().filter(|note| note.about == about).peekable();
        if found.peek().is_none() {
            continue;
        }
        text.push('\n');
        text.push_str(&remark(&format!("{}:", about.heading()), 0, 0));
        text.extend(found.map(|note| remark(&format!("- {note}"), 0, 2)));
    }
    text
}
