//! Holes in keys, foreign keys and columns.

use super::{Hole, shown, silent};
use crate::schema::{ColumnRole, Scope, SqlType, Table};
use crate::sql::ddl::Target;
use crate::sql::identifier::{ident, literal};

/// What can be wrong with a table's keys and its tenant column.
pub(super) fn holes(table: &Table, target: Target<'_>) -> Vec<Hole> {
    let on = target.name(table.name);
    let mut holes = Vec::new();
    if let Scope::Column(tenant) = table.scope {
        let (column, key) = (ident(table.column_at(tenant).name), ident(table.key_column().name));
        let alter = |change: &str| format!("ALTER TABLE {on} ALTER COLUMN {column} {change}");
        holes.extend([
            shown("the tenant's default dropped", alter("DROP DEFAULT")),
            shown("another default for the tenant", alter("SET DEFAULT gen_random_uuid()")),
            silent("a tenant that may be NULL", alter("DROP NOT NULL")),
            silent(
                "the key over tenant and id dropped",
                format!(
                    "DO $planted$ BEGIN EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', {on}, \
                 (SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = {on}::regclass AND contype = 'u' \
                  AND pg_get_constraintdef(oid) = {definition})); END $planted$",
                    on = literal(&on),
                    definition = literal(&format!("UNIQUE ({column}, {key})")),
                ),
            ),
        ]);
    }
    holes.extend(unique_across_tenants(table, &on));
    if let Some((column, parent)) = composite(table) {
        holes.extend(of_reference(table, column, parent, target));
    }
    holes
}

/// The first column that refers to a parent together with the tenant.
pub(super) fn composite(table: &Table) -> Option<(usize, &'static Table)> {
    let Scope::Column(tenant) = table.scope else { return None };
    let parents = table.foreign_keys.iter().filter(|key| key.column != tenant).map(|key| (key.column, (key.parent)()));
    parents.into_iter().find(|(_, parent)| matches!(parent.scope, Scope::Column(_)))
}

/// Uniqueness that reaches across tenants tells what others have.
fn unique_across_tenants(table: &Table, on: &str) -> Option<Hole> {
    if !matches!(table.scope, Scope::Column(_) | Scope::Through { .. }) {
        return None;
    }
    let is_told_apart =
        |ty: &SqlType| matches!(ty, SqlType::Text | SqlType::Varchar(16..) | SqlType::Int4 | SqlType::Int8);
    let mut columns = table.columns.iter().enumerate();
    let (_, column) = columns.find(|(index, column)| {
        column.role == ColumnRole::Data
            && !column.is_optional_on_insert()
            && table.foreign_key(*index).is_none()
            && is_told_apart(&column.ty)
    })?;
    let index = format!("CREATE UNIQUE INDEX planted ON {on} ({})", ident(column.name));
    Some(shown("a unique index that is not led by the tenant", index))
}

/// A reference that does not carry the tenant takes another tenant's parent.
fn of_reference(table: &Table, column: usize, parent: &Table, target: Target<'_>) -> Vec<Hole> {
    let on = target.name(table.name);
    let (child, parents, key) =
        (ident(table.column_at(column).name), target.name(parent.name), ident(parent.key_column().name));
    let tenants = [table, parent].map(|table| table.tenant_index().map_or("id", |index| table.column_at(index).name));
    let dropped = format!(
        "DO $planted$ DECLARE name text; BEGIN FOR name IN SELECT conname FROM pg_catalog.pg_constraint \
         WHERE contype = 'f' AND conrelid = {}::regclass AND confrelid = {}::regclass \
         LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', {}, name); END LOOP; END $planted$",
        literal(&on),
        literal(&parents),
        literal(&on),
    );
    let add =
        |constraint: String| format!("{dropped}; ALTER TABLE {on} ADD CONSTRAINT planted FOREIGN KEY {constraint}");
    let [own, theirs] = tenants.map(ident);
    vec![
        shown("a plain foreign key", add(format!("({child}) REFERENCES {parents} ({key}) ON DELETE CASCADE"))),
        silent(
            "a composite foreign key that was never validated",
            add(format!("({own}, {child}) REFERENCES {parents} ({theirs}, {key}) ON DELETE CASCADE NOT VALID")),
        ),
        shown("a foreign key dropped", dropped),
    ]
}
