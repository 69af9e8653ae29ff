//! What generated code leans on, beside the rooms it names: the marks of its builders, the questions it asks the
//! compiler, and the conversions of enums.

mod builder;
mod check;
mod pg_enum;
mod stored;

pub use builder::{Missing, NO_ENUM, NO_TABLE, Pending, Set, named, pending};
pub use check::{
    BelongsTo, KeyOf, OwnTenant, RefersTo, Time, assert_belongs_to, assert_has_empty, assert_keeps_apart, assert_key,
    assert_refers_to, assert_searched, assert_tenant, assert_text, assert_time,
};
pub use pg_enum::{PgEnum, accepts_label, read_label, write_label, write_label_checked};
pub use stored::Stored;
