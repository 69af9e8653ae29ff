//! What an update writes beside the caller's values.

use postgres_types::Type;

use super::{Change, Returning, Touch, update};
use crate::schema::{Column, ColumnRole, DefaultValue, Dialect, Scope, SqlType, Table};
use crate::value::Param;

const fn column(name: &'static str, ty: SqlType, role: ColumnRole) -> Column {
    let default = DefaultValue::None;
    Column {
        name,
        field: name,
        ty,
        nullable: false,
        default,
        role,
        encryption: None,
        renamed_from: None,
        backfill: None,
        using: None,
        comment: None,
    }
}

static NOTES: Table = Table {
    name: "notes",
    model: "Note",
    scope: Scope::Shared,
    columns: &[
        column("id", SqlType::Uuid, ColumnRole::Key),
        column("text", SqlType::Text, ColumnRole::Data),
        column("updated_at", SqlType::Timestamptz, ColumnRole::UpdatedAt),
    ],
    key: 0,
    indexes: &[],
    foreign_keys: &[],
    has_many: &[],
    append_only: false,
    login: None,
    renamed_from: None,
    comment: None,
    declared_at: ("src/models.rs", 1),
};

fn text(dialect: &Dialect) -> String {
    let change = Change { values: vec![(1, Param::raw(Type::TEXT, b"x".to_vec()))], ..Change::default() };
    let key = Param::raw(Type::UUID, vec![0; 16]);
    update(&NOTES, None, &key, change, Touch::of(dialect), Returning::Count).text
}

#[test]
fn an_update_writes_its_time_where_no_trigger_does() {
    assert_eq!(text(&Dialect::Citus), "UPDATE public.notes SET text = $1, updated_at = now() WHERE id = $2 AND true");
    for dialect in [Dialect::Postgres, Dialect::Sealed, Dialect::Supabase(crate::schema::TenantClaim::default())] {
        assert_eq!(text(&dialect), "UPDATE public.notes SET text = $1 WHERE id = $2 AND true");
    }
}
