//! The section of one table.

use super::super::escape::{markdown, markdown_code, markdown_row};
use super::super::relation::{Relation, relations};
use super::{access, codes, paragraphs};
use crate::schema::{Binding, Column, Encryption, Index, IndexMethod, Normalizer, Schema, Scope, SearchScope, Table};
use crate::sql::ddl::foreign_keys::{Reference, references};
use crate::sql::ddl::{Target, keys, tables};

pub(super) fn section(table: &'static Table, schema: &Schema, target: Target<'_>) -> String {
    let children = schema.tables().flat_map(relations).filter(|relation| relation.parent.name == table.name);
    let parts = [
        Some(format!("## {}", markdown(table.name))),
        table.comment.map(paragraphs),
        Some(whose(table)),
        Some(columns(table, target)),
        Some(list("Keys and indexes", keys_and_indexes(table, target))),
        Some(list("References", references(table).iter().map(reference).collect())),
        Some(list("Referred to by", children.map(|relation| child(&relation)).collect())),
        Some(access::section(table, target)),
    ];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The model, and whose its rows are.
fn whose(table: &Table) -> String {
    let column = |index: usize| markdown_code(table.column_at(index).name);
    let scope = match table.scope {
        Scope::Shared => "Reference data: every tenant reads it, the service alone writes it.".to_owned(),
        Scope::Key => format!("Each row is its own tenant, by {}.", column(table.key)),
        Scope::Column(tenant) => format!("Each row belongs to the tenant in {}.", column(tenant)),
        Scope::Through { column: parent, owner } => {
            let owner = owner.map(|owner| format!(" {} may be NULL; else it is that tenant.", column(owner)));
            let through = format!("Each row belongs to the tenant of its parent, through {}.", column(parent));
            through + &owner.unwrap_or_default()
        }
    };
    let append_only = if table.append_only { " Rows are inserted and read, never changed." } else { "" };
    format!("Model {}. {scope}{append_only}", markdown_code(table.model))
}

fn columns(table: &Table, target: Target<'_>) -> String {
    let head = ["| column | type | null | default | what it is |".to_owned(), "|---|---|---|---|---|".to_owned()];
    let rows = table.columns.iter().map(|column| {
        let (name, ty) = (markdown_code(column.name), markdown_code(&column.ty.to_string()));
        let null = if column.nullable { "yes" } else { "no" };
        let default = tables::default(column, target).map(|sql| markdown_code(&sql)).unwrap_or_default();
        markdown_row([name.as_str(), &ty, null, &default, &what(table, column)])
    });
    head.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// What a column is, and how it is sealed.
fn what(table: &Table, column: &Column) -> String {
    let comment = column.comment.map(|text| markdown(&text.replace("\n\n", " ")));
    let sealed = column.encryption.as_ref().map(|encryption| sealed(table, encryption));
    comment.into_iter().chain(sealed).collect::<Vec<_>>().join(" ")
}

fn sealed(table: &Table, encryption: &Encryption) -> String {
    let bound = match encryption.binding {
        Binding::Row => "its row",
        Binding::Tenant => "its tenant",
        Binding::Column => "its column",
    };
    let moved = encryption
        .moved_from
        .map(|plain| format!(" Values are being moved here from {}.", markdown_code(table.column_at(plain).name)));
    let search = encryption.search.map(|search| {
        let normalized = match search.normalizer {
            Normalizer::Exact => "as it is".to_owned(),
            Normalizer::Lower => "in lower case".to_owned(),
            Normalizer::Trim => "without the space around it".to_owned(),
            Normalizer::TrimLower => "in lower case, without the space around it".to_owned(),
            Normalizer::Digits => "by its digits".to_owned(),
            Normalizer::Last(count) => format!("by its last {count} characters"),
        };
        let scope = match search.scope {
            SearchScope::Tenant => "within its tenant",
            SearchScope::App => "across tenants",
        };
        let column = markdown_code(table.column_at(search.column).name);
        format!(" Found {normalized}, {scope}, by {} bits in {column}.", search.bits)
    });
    format!("**Sealed**, bound to {bound}.{}{}", moved.unwrap_or_default(), search.unwrap_or_default())
}

fn keys_and_indexes(table: &Table, target: Target<'_>) -> Vec<String> {
    let keys = keys::keys(table, target).into_iter().map(|key| {
        let kind = if key.is_primary { "primary key" } else { "unique; references carry the tenant by it" };
        format!("{}: {kind}, over {}", markdown_code(&key.name), codes(key.columns))
    });
    keys.chain(table.indexes.iter().map(|declared| index(table, declared))).collect()
}

fn index(table: &Table, index: &Index) -> String {
    let columns: Vec<String> = index
        .columns
        .iter()
        .map(|part| {
            let order = if part.descending { " descending" } else { "" };
            format!("{}{order}", markdown_code(table.column_at(part.column).name))
        })
        .collect();
    let kind = match (index.unique, index.method) {
        (true, _) => "unique, over",
        (false, IndexMethod::Btree) => "over",
        (false, IndexMethod::Gin) => "inverted, over",
    };
    let predicate = index.predicate.map(|sql| format!(", where {}", markdown_code(sql))).unwrap_or_default();
    format!("{}: {kind} {}{predicate}", markdown_code(index.name), columns.join(", "))
}

fn reference(reference: &Reference) -> String {
    let Reference { name, columns, parent, parent_columns, .. } = reference;
    format!(
        "{}: {} → {} ({}), `ON DELETE {}`",
        markdown_code(name),
        codes(columns.iter().copied()),
        markdown_code(parent.name),
        codes(parent_columns.iter().copied()),
        reference.action(),
    )
}

fn child(relation: &Relation) -> String {
    let many = if relation.is_single { "at most one row each" } else { "any number of rows each" };
    let column = relation.child.column_at(relation.column).name;
    format!("{}, {many}", markdown_code(&format!("{}.{column}", relation.child.name)))
}

/// A list under its heading, if it has any item.
fn list(heading: &str, items: Vec<String>) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: Vec<String> = items.into_iter().map(|item| format!("- {item}")).collect();
    format!("**{heading}**\n\n{}", items.join("\n"))
}
