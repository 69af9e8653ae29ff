//! The questions that generated code asks the compiler about a field's type, each with a worded answer.

use chrono::{DateTime, Utc};

use crate::crypto::{Codec, Searchable};
use crate::model::Model;
use crate::schema::{Scope, SqlType};
use crate::value::{Id, Key, TenantId, Value};

/// The type of `M`'s key: `Id<M>`.
#[diagnostic::on_unimplemented(
    message = "the key of `{M}` is an `Id<{M}>`, not `{Self}`",
    label = "expected `Id<{M}>`",
    note = "the tenant table alone has a `TenantId` as its key: mark it `#[model(key, tenant)]`"
)]
pub trait KeyOf<M>: Key {}

impl<M: 'static> KeyOf<M> for Id<M> {}

/// The type of a column that holds the row's own tenant: `TenantId`.
#[diagnostic::on_unimplemented(
    message = "a tenant column is a `TenantId`, not `{Self}`",
    label = "expected `TenantId`",
    note = "a `TenantId` comes from authentication or from a row, never from a request's body or path"
)]
pub trait OwnTenant: Key {}

impl OwnTenant for TenantId {}

/// The type of a column that refers to a row of `Parent`: its key, or an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not refer to a row of `{Parent}`",
    label = "expected the key of `{Parent}`, or an `Option` of it",
    note = "`belongs_to({Parent})` stands on a field of type `Id<{Parent}>`, or of type `TenantId` for the tenant table"
)]
pub trait RefersTo<Parent>: Value {}

impl<Parent: Model<Key = Self>> RefersTo<Parent> for Id<Parent> {}

impl<Parent: Model<Key = Self>> RefersTo<Parent> for TenantId {}

impl<Parent, K: RefersTo<Parent> + Value<Base = K>> RefersTo<Parent> for Option<K> {}

/// A child of `Parent`: it has a field with `belongs_to(Parent)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no field that belongs to `{Parent}`",
    label = "this model does not refer back",
    note = "give `{Self}` a field `#[model(belongs_to({Parent}))]`, or drop it from `has_many`"
)]
pub trait BelongsTo<Parent>: Model {}

/// The type of a time that the database fills in: `DateTime<Utc>`.
#[diagnostic::on_unimplemented(
    message = "`created_at` and `updated_at` are of type `DateTime<Utc>`, not `{Self}`",
    label = "expected `chrono::DateTime<chrono::Utc>`"
)]
pub trait Time: Value {}

impl Time for DateTime<Utc> {}

/// A `T` is the key of `M`.
pub const fn assert_key<M, T: KeyOf<M>>() {}

/// A `T` is the row's own tenant.
pub const fn assert_tenant<T: OwnTenant>() {}

/// A `T` is a time.
pub const fn assert_time<T: Time>() {}

/// A `T` refers to a `Parent`.
pub const fn assert_refers_to<T: RefersTo<Parent>, Parent>() {}

/// A field of this type is searchable.
pub const fn assert_searched<F: Searchable>() {}

/// The values of a field of this type are texts.
///
/// # Panics
///
/// At compile time, when they are not.
pub const fn assert_text<F: Searchable>() {
    assert!(F::CODEC == <String as Codec>::CODEC, "only texts are normalized: leave `normalize` out");
}

/// A `Child` has a field that refers to a `Parent`.
pub const fn assert_belongs_to<Child: BelongsTo<Parent>, Parent>() {}

/// A reference that cannot lead to another tenant's row: a foreign key ignores row security, so it is only safe where it
/// carries the tenant, where it is what the row is owned through, or where the parent is everybody's.
///
/// # Panics
///
/// At compile time, when the reference could lead to another tenant's row.
#[expect(clippy::panic, reason = "evaluated in const metadata only, where it is a compile error")]
pub const fn assert_keeps_apart<Child: Model, Parent: Model>(column: usize) {
    match (Child::TABLE.scope, Parent::TABLE.scope) {
        (Scope::Through { column: through, .. }, Scope::Shared) if through == column => {
            panic!(
                "a row cannot be owned through a shared parent, which belongs to nobody: give the model a `tenant` column"
            )
        }
        (_, Scope::Shared) => {}
        (Scope::Through { column: through, .. }, _) if through == column => {}
        (Scope::Column(tenant), Scope::Key) if tenant == column => {}
        (Scope::Column(tenant), Scope::Column(_)) if tenant != column => {}
        _ => panic!(
            "this reference could lead to another tenant's row, because the foreign key cannot carry the tenant: \
             give both models a `tenant` column, or refer to a `shared` model"
        ),
    }
}

/// A column of this type has an empty value, for `default` alone.
///
/// # Panics
///
/// At compile time, when it has none.
#[expect(clippy::panic, reason = "evaluated in const metadata only, where it is a compile error")]
pub const fn assert_has_empty(ty: SqlType) {
    match ty {
        SqlType::Uuid | SqlType::Date | SqlType::Timestamptz | SqlType::Enum(_) | SqlType::Encrypted => {
            panic!("`default` alone is the type's empty value, and this type has none: write `default = …`")
        }
        _ => {}
    }
}
