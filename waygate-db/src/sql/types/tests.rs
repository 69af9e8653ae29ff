//! Types, parameters and outputs as they are written.

use super::{output, placeholder};
use crate::schema::{Column, ColumnRole, DefaultValue, EnumType, SqlType};

static MOOD: EnumType =
    EnumType { name: "mood", labels: &["fine"], rust: "Mood", renamed: &[], renamed_from: None, comment: None };
static USER: EnumType =
    EnumType { name: "user", labels: &["a"], rust: "User", renamed: &[], renamed_from: None, comment: None };
static MOOD_TYPE: SqlType = SqlType::Enum(&MOOD);
static CITEXT: SqlType = SqlType::Named("citext");

fn column(ty: SqlType) -> Column {
    Column {
        name: "order",
        field: "order",
        ty,
        nullable: false,
        default: DefaultValue::None,
        role: ColumnRole::Data,
        encryption: None,
        renamed_from: None,
        backfill: None,
        using: None,
        comment: None,
    }
}

#[test]
fn types_are_named_as_a_migration_writes_them() {
    assert_eq!(SqlType::Varchar(255).to_string(), "varchar(255)");
    assert_eq!(SqlType::Timestamptz.to_string(), "timestamptz");
    assert_eq!(SqlType::Float8.to_string(), "double precision");
    assert_eq!(SqlType::Array(&SqlType::Text).to_string(), "text[]");
    assert_eq!(SqlType::Enum(&MOOD).to_string(), "public.mood");
    assert_eq!(SqlType::Enum(&USER).to_string(), "public.\"user\"");
    assert_eq!(SqlType::Array(&MOOD_TYPE).to_string(), "public.mood[]");
    assert_eq!(SqlType::Encrypted.to_string(), "waygate.encrypted");
    assert_eq!(SqlType::Named("numeric(10,2)").to_string(), "numeric(10,2)");
}

#[test]
fn parameters_are_cast_from_the_type_they_travel_as() {
    assert_eq!(placeholder(1, &SqlType::Uuid), "$1");
    assert_eq!(placeholder(2, &SqlType::Array(&SqlType::Text)), "$2");
    assert_eq!(placeholder(3, &MOOD_TYPE), "$3::text::public.mood");
    assert_eq!(placeholder(4, &SqlType::Array(&MOOD_TYPE)), "$4::text[]::public.mood[]");
    assert_eq!(placeholder(5, &CITEXT), "$5::text::citext");
    assert_eq!(placeholder(6, &SqlType::Array(&CITEXT)), "$6::text[]::citext[]");
    assert_eq!(placeholder(7, &SqlType::Encrypted), "$7::bytea");
}

#[test]
fn outputs_are_cast_to_the_type_they_travel_as() {
    assert_eq!(output(&column(SqlType::Jsonb)), "\"order\"");
    assert_eq!(output(&column(MOOD_TYPE)), "\"order\"::text");
    assert_eq!(output(&column(SqlType::Array(&MOOD_TYPE))), "\"order\"::text[]");
    assert_eq!(output(&column(CITEXT)), "\"order\"::text");
    assert_eq!(output(&column(SqlType::Encrypted)), "\"order\"");
}
