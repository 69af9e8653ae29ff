//! Which sealed fields can be searched.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::crypto::{Codec, Encrypted, Sealed, Secret};

/// A type whose sealed values can be looked for: equal values have equal bytes.
#[diagnostic::on_unimplemented(
    message = "sealed values of type `{Self}` cannot be searched for",
    label = "equal values of this type need not have equal bytes",
    note = "keep what is looked for in a `searchable` field of its own: a text, a whole number, a date, a UUID or bytes"
)]
pub trait Findable: Codec {}

macro_rules! findable {
    ($($ty:ty),*) => { $(impl Findable for $ty {})* };
}

findable!(String, Vec<u8>, i16, i32, i64, bool, Uuid, NaiveDate, DateTime<Utc>);

/// The type of a field that is `searchable`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be `searchable`",
    label = "expected `Encrypted<…>`, `Sealed<…>` or an `Option` of one"
)]
pub trait Searchable: Secret {
    /// What is looked for.
    type Value: Findable;
}

macro_rules! searchable {
    ($($ty:ty),*) => {$(
        impl<T: Findable> Searchable for $ty {
            type Value = T;
        }
    )*};
}

searchable!(Encrypted<T>, Option<Encrypted<T>>, Sealed<T>, Option<Sealed<T>>);
