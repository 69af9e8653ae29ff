//! Blind indexes as bytes: read beside their cells, and written anew.

use uuid::Uuid;

use crate::error::Result;
use crate::schema::{Scope, Search, SearchScope, SqlType, Table};
use crate::value::Param;

use super::identifier::{ident, public};
use super::statement::{Statement, Writer};

/// A searchable column, by its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Indexed {
    pub(crate) table: &'static Table,
    pub(crate) sealed: usize,
    pub(crate) search: Search,
}

/// Which rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digests {
    /// Those whose digest is not made with the active index key of its scope.
    Stale,
    /// All that have a value.
    All,
}

/// Rows after this key, with a value: key, tenant, cell and digest.
pub(crate) fn digests(
    of: Indexed,
    wanted: Digests,
    tenant: Option<Uuid>,
    after: Uuid,
    limit: i64,
) -> Result<Statement> {
    let Indexed { table, sealed, search } = of;
    let (key, cell) = (ident(table.key_column().name), ident(table.column_at(sealed).name));
    let digest = ident(table.column_at(search.column).name);
    let owner = owner(table);
    let mut out = Writer::new(format!("SELECT {key}, {owner}, {cell}::bytea, {digest} FROM {}", public(table.name)));
    out.push(format_args!(" WHERE {cell} IS NOT NULL AND {key} > ")).bind(Param::of(&after)?, &SqlType::Uuid);
    if let Some(tenant) = tenant {
        out.push(format_args!(" AND {owner} = ")).bind(Param::of(&tenant)?, &SqlType::Uuid);
    }
    if wanted == Digests::Stale {
        let scope = match search.scope {
            SearchScope::Tenant if table.has_tenant() => format!("({owner})::text"),
            SearchScope::Tenant | SearchScope::App => "'app'".to_owned(),
        };
        // A digest starts with the last byte of its key's number.
        out.push(format_args!(
            " AND NOT EXISTS (SELECT FROM waygate.data_keys AS index_key WHERE index_key.scope = {scope} \
             AND index_key.purpose = 2 AND index_key.state = 'active' \
             AND substring({digest} FROM 1 FOR 1) = set_byte('\\x00'::bytea, 0, index_key.version % 256))"
        ));
    }
    out.push(format_args!(" ORDER BY {key} LIMIT ")).bind(Param::of(&limit)?, &SqlType::Int8);
    Ok(out.read(table))
}

/// Writes digests in rows whose cells are still those that were read.
pub(crate) fn write_digests(of: Indexed, rows: &[(Uuid, Vec<u8>, Vec<u8>)]) -> Result<Statement> {
    let Indexed { table, sealed, search } = of;
    let (mut keys, mut cells, mut digests) = (Vec::new(), Vec::new(), Vec::new());
    for (key, cell, digest) in rows {
        keys.push(*key);
        cells.push(cell.clone());
        digests.push(digest.clone());
    }
    let text = format!(
        "UPDATE {} AS kept SET {} = made.digest FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) \
         AS made (row_key, cell, digest) WHERE kept.{} = made.row_key AND kept.{} = made.cell",
        public(table.name),
        ident(table.column_at(search.column).name),
        ident(table.key_column().name),
        ident(table.column_at(sealed).name)
    );
    Ok(Statement::write(text, vec![Param::of(&keys)?, Param::of(&cells)?, Param::of(&digests)?]))
}

/// Puts what means nothing in place of a tenant's digests: each another, since a unique index is over them.
pub(crate) fn scatter_digests(of: Indexed, tenant: Uuid) -> Result<Statement> {
    let Indexed { table, search, .. } = of;
    let digest = ident(table.column_at(search.column).name);
    let mut out = Writer::new(format!("UPDATE {} SET {digest} = ", public(table.name)));
    out.push("'\\x00'::bytea || uuid_send(gen_random_uuid()) WHERE ").push(owner(table)).push(" = ");
    out.bind(Param::of(&tenant)?, &SqlType::Uuid).push(format_args!(" AND {digest} IS NOT NULL"));
    Ok(out.write(table))
}

/// Whose the row is, as far as it says.
fn owner(table: &Table) -> String {
    match (table.scope, table.tenant_index()) {
        (Scope::Through { .. } | Scope::Shared, _) | (_, None) => "NULL::uuid".to_owned(),
        (_, Some(tenant)) => ident(table.column_at(tenant).name).to_string(),
    }
}
