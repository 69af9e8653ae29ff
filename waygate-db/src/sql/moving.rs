//! Plain columns' values on their way into sealed ones.

use uuid::Uuid;

use crate::error::Result;
use crate::schema::{SqlType, Table};
use crate::value::Param;

use super::identifier::{ident, public};
use super::statement::{Statement, Writer};
use super::types::output;

/// Rows after this key whose value is in the plain column alone: key, tenant, the row's version, and the value.
///
/// The version is `xmin`, the transaction that wrote the row: whoever changes the row meanwhile changes it.
pub(crate) fn plain_rows(table: &Table, sealed: usize, plain: usize, after: Uuid, limit: i64) -> Result<Statement> {
    let key = ident(table.key_column().name);
    let tenant = match table.tenant_index() {
        Some(tenant) => ident(table.column_at(tenant).name).to_string(),
        None => "NULL::uuid".to_owned(),
    };
    let (value, name) = (output(table.column_at(plain)), ident(table.column_at(plain).name));
    let mut out =
        Writer::new(format!("SELECT {key}, {tenant}, xmin::text, {value} FROM {} WHERE ", public(table.name)));
    out.push(format_args!("{name} IS NOT NULL AND {} IS NULL AND {key} > ", ident(table.column_at(sealed).name)));
    out.bind(Param::of(&after)?, &SqlType::Uuid);
    out.push(format_args!(" ORDER BY {key} LIMIT ")).bind(Param::of(&limit)?, &SqlType::Int8);
    Ok(out.read(table))
}

/// Puts sealed values in place and empties the plain column, in rows that are still the versions that were read.
pub(crate) fn seal_plain(
    table: &Table,
    sealed: usize,
    plain: usize,
    keys: &[Uuid],
    versions: &[String],
    cells: &[Vec<u8>],
) -> Result<Statement> {
    let (key, sealed) = (ident(table.key_column().name), ident(table.column_at(sealed).name));
    let text = format!(
        "UPDATE {} AS kept SET {sealed} = moved.cell, {} = NULL \
         FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS moved (row_key, version, cell) \
         WHERE kept.{key} = moved.row_key AND kept.xmin::text = moved.version AND kept.{sealed} IS NULL",
        public(table.name),
        ident(table.column_at(plain).name)
    );
    Ok(Statement::write(
        text,
        vec![Param::of(&keys.to_vec())?, Param::of(&versions.to_vec())?, Param::of(&cells.to_vec())?],
    ))
}

/// How many rows still hold a plain value, and how many of them a sealed one too.
pub(crate) fn plain_count(table: &Table, sealed: usize, plain: usize) -> Statement {
    let (plain, sealed) = (ident(table.column_at(plain).name), ident(table.column_at(sealed).name));
    let text = format!("SELECT count(*), count({sealed}) FROM {} WHERE {plain} IS NOT NULL", public(table.name));
    Statement::read(text, Vec::new())
}
