//! The data dictionary: a section for each table and each enum type, in Markdown.

mod access;
mod table;

use super::escape::{markdown, markdown_code, markdown_row};
use super::words::scope;
use crate::schema::{Dialect, EnumType, Schema};
use crate::sql::ddl::Target;
use crate::sql::schema_check;

/// What the tables of a schema hold, whose it is, and who may do what with it on this kind of server, in Markdown. The
/// same schema gives the same text.
///
/// ```
/// use waygate_db::{Dialect, Id, Model, Schema, TenantId, schema_docs};
///
/// /// A customer.
/// #[derive(Model)]
/// #[model(table = "tenants")]
/// struct Tenant {
///     /// Which one.
///     #[model(key, tenant)]
///     id: TenantId,
/// }
///
/// static SCHEMA: Schema = waygate_db::schema![Tenant];
/// let docs = schema_docs(&SCHEMA, &Dialect::Postgres);
/// assert!(docs.contains("## tenants\n\nA customer.\n"));
/// assert!(docs.contains("| `id` | `uuid` | no | `gen_random_uuid()` | Which one. |"));
/// ```
#[must_use]
pub fn schema_docs(schema: &Schema, dialect: &Dialect) -> String {
    let target = Target::public(dialect);
    let misfits = schema_check(schema, dialect);
    let tables = schema.tables().map(|table| match misfits.iter().find(|misfit| misfit.table == table.name) {
        Some(misfit) => {
            let reasons: Vec<String> = misfit.reasons.iter().map(|reason| markdown(reason)).collect();
            format!("## {}\n\nLeft out on this kind of server: {}.", markdown(table.name), reasons.join("; "))
        }
        None => table::section(table, schema, target),
    });
    let sections: Vec<String> = [contents(schema, dialect)].into_iter().chain(tables).chain(enums(schema)).collect();
    sections.join("\n\n") + "\n"
}

/// The heading, and the tables with whose rows they hold.
fn contents(schema: &Schema, dialect: &Dialect) -> String {
    let head = ["| table | model | whose rows |".to_owned(), "|---|---|---|".to_owned()];
    let rows = schema.tables().map(|table| {
        let (name, model) = (markdown_code(table.name), markdown_code(table.model));
        markdown_row([name.as_str(), &model, &markdown(&scope(table))])
    });
    let rows: Vec<String> = head.into_iter().chain(rows).collect();
    let dialect = markdown_code(&dialect.to_string());
    format!("# Data dictionary\n\nThe tables as they are on the kind of server {dialect}.\n\n{}", rows.join("\n"))
}

/// The enum types, each with its labels and the columns of it.
fn enums(schema: &Schema) -> Option<String> {
    let sections: Vec<String> = schema.enums().into_iter().map(|ty| section(ty, schema)).collect();
    (!sections.is_empty()).then(|| format!("## Enum types\n\n{}", sections.join("\n\n")))
}

fn section(ty: &EnumType, schema: &Schema) -> String {
    let labels = codes(ty.labels.iter().copied());
    let is_of_it = |used: Option<&EnumType>| used.is_some_and(|used| used.name == ty.name);
    let columns = schema.tables().flat_map(|table| {
        let columns = table.columns.iter().filter(|column| is_of_it(column.ty.enum_type()));
        columns.map(|column| format!("{}.{}", table.name, column.name))
    });
    let columns: Vec<String> = columns.collect();
    let parts = [
        Some(format!("### {}", markdown(ty.name))),
        ty.comment.map(paragraphs),
        Some(format!("Labels, in order: {labels}.")),
        Some(format!("Columns: {}.", codes(columns.iter().map(String::as_str)))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// A comment's paragraphs.
fn paragraphs(comment: &str) -> String {
    comment.split("\n\n").map(markdown).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Names, as code, in one list.
fn codes<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(markdown_code).collect::<Vec<_>>().join(", ")
}
