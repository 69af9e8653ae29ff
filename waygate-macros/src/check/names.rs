//! Names in the database.

use std::fmt::Display;

use quote::ToTokens;

use crate::diagnostics::Diagnostics;
use crate::{attr, ir};

/// The longest name PostgreSQL keeps, in bytes. It cuts a longer one, silently.
const LONGEST_NAME: usize = 63;

/// The columns that every table has already.
const SYSTEM_COLUMNS: &[&str] = &["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

// A table name in the code is worth more than a pluralisation rule that one must know.
pub(super) fn check_table_is_named(model: &attr::Model<'_>, diagnostics: &Diagnostics) {
    if !model.attrs.names_table {
        let name = model.ident;
        let help = format!("write `#[model(table = \"{}s\")]` above the struct", crate::case::snake(&name.to_string()));
        diagnostics.error(name, format_args!("`{name}` does not name its table"), help);
    }
}

// A name that the server cuts is not found again by its full name.
pub(super) fn check_lengths(written: &attr::Model<'_>, model: &ir::Model<'_>, diagnostics: &Diagnostics) {
    if let Some(table) = &written.attrs.table {
        check_name("the table's name", &table.value, table, "choose a shorter one", diagnostics);
    }
    for (written, field) in written.fields.iter().zip(&model.fields) {
        if let Some(column) = &written.attrs.column {
            check_name("the column's name", &field.column, column, "choose a shorter one", diagnostics);
        } else {
            let help = "name the column: `#[model(column = \"…\")]`";
            check_name("the column's name", &field.column, field.ident, help, diagnostics);
        }
    }
    for index in &model.indexes {
        match &index.written.name {
            Some(name) => check_name("the index's name", &index.name, name, "choose a shorter one", diagnostics),
            None => check_name("the index's name", &index.name, index.written, "name it: `name = \"…\"`", diagnostics),
        }
    }
}

/// Reports a name that PostgreSQL would cut or refuse.
pub(super) fn check_name(what: &str, name: &str, at: impl ToTokens, help: impl Display, diagnostics: &Diagnostics) {
    if name.len() > LONGEST_NAME {
        let what = format!("{what} is {} bytes long, and PostgreSQL keeps {LONGEST_NAME}: `{name}`", name.len());
        diagnostics.error(at, what, help);
    } else if name.contains('\0') {
        diagnostics.error(at, format_args!("{what} holds a NUL, which PostgreSQL refuses"), help);
    }
}

// A rename to itself is a mistake. And sealed values are bound to the name of their column: it is kept when the column
// gets another, or nothing opens any more.
pub(super) fn check_renames(written: &attr::Model<'_>, model: &ir::Model<'_>, diagnostics: &Diagnostics) {
    let same = |old: &attr::Written<String>, new: &str| {
        if old.value == new {
            diagnostics.error(
                old,
                format_args!("`{new}` is the name already"),
                "write the earlier name, or drop `renamed_from`",
            );
        }
    };
    if let Some(old) = &written.attrs.renamed_from {
        same(old, &model.table);
    }
    let old_table = written.attrs.renamed_from.as_ref().map_or(model.table.as_str(), |old| old.value.as_str());
    for (written, field) in written.fields.iter().zip(&model.fields) {
        if let Some(old) = &written.attrs.renamed_from {
            same(old, &field.column);
        }
        let has_context = written.attrs.encrypted.as_ref().is_some_and(|encrypted| encrypted.value.context.is_some());
        if field.is_sealed() && !has_context && (field.renamed_from.is_some() || model.renamed_from.is_some()) {
            let old_column = field.renamed_from.unwrap_or(&field.column);
            let what = "sealed values are bound to the name that the column first had";
            let help = format!("keep it, for good: `encrypted(context = \"{old_table}.{old_column}\")`");
            diagnostics.error(field.ident, what, help);
        }
    }
}

// A column was one column before, and what it was called is free: the rename would else find two, or take another's place.
pub(super) fn check_earlier_names(written: &attr::Model<'_>, model: &ir::Model<'_>, diagnostics: &Diagnostics) {
    let hidden = model.fields.iter().filter_map(ir::Field::moved_from);
    let hidden: Vec<&str> = hidden.chain(model.blind.iter().map(|blind| blind.column.as_str())).collect();
    for (place, (written, field)) in written.fields.iter().zip(&model.fields).enumerate() {
        let Some(old) = written.attrs.renamed_from.as_ref().filter(|old| old.value != field.column) else { continue };
        let name = old.value.as_str();
        let owner = model.fields.iter().find(|other| other.column == name).map(|other| format!("`{}`", other.name));
        if let Some(owner) = owner.or_else(|| hidden.contains(&name).then(|| "a sealed field".to_owned())) {
            let what = format!("`{name}` is a column still, of {owner}");
            let help = "write the name that the column had before, or drop `renamed_from`; columns that trade names \
                        do so in two migrations";
            diagnostics.error(old, what, help);
        }
        if model.fields.iter().take(place).any(|earlier| earlier.renamed_from == Some(name)) {
            diagnostics.error(old, format_args!("two columns were renamed from `{name}`"), "drop one of them");
        }
    }
}

// Two fields of one column would overwrite each other.
pub(super) fn check_columns_differ(written: &attr::Model<'_>, model: &ir::Model<'_>, diagnostics: &Diagnostics) {
    for (place, (written, field)) in written.fields.iter().zip(&model.fields).enumerate() {
        if let Some(earlier) = model.fields.iter().take(place).find(|earlier| earlier.column == field.column) {
            let what = format!("`{}` and `{}` are both stored in column `{}`", earlier.name, field.name, field.column);
            let help = "give each field a column of its own: `#[model(column = \"…\")]`";
            match &written.attrs.column {
                Some(column) => diagnostics.error(column, what, help),
                None => diagnostics.error(field.ident, what, help),
            }
        }
    }
}

// PostgreSQL refuses a table with a column of such a name.
pub(super) fn check_columns_are_not_the_servers(
    written: &attr::Model<'_>,
    model: &ir::Model<'_>,
    diagnostics: &Diagnostics,
) {
    for (written, field) in written.fields.iter().zip(&model.fields) {
        if SYSTEM_COLUMNS.contains(&field.column.as_str()) {
            let what = format!("every table has a system column `{}` already", field.column);
            let help = "name the column otherwise: `#[model(column = \"…\")]`";
            match &written.attrs.column {
                Some(column) => diagnostics.error(column, what, help),
                None => diagnostics.error(field.ident, what, help),
            }
        }
    }
}
