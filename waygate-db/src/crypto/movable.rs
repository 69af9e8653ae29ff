//! Values that are moved out of a plain column into a sealed one.

use super::codec::Codec;
use super::encrypted::Encrypted;
use super::secret::Secret;
use crate::value::Value;

/// A sealed field whose values can come from a plain column: `encrypted(migrate_from = "…")`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take its values over from a plain column",
    label = "no plain column holds values of this type",
    note = "write `Encrypted<T>` or `Option<Encrypted<T>>` with a `T` that a column can hold"
)]
pub trait Movable: Secret {
    /// The plain column's type.
    #[doc(hidden)]
    type Plain: Value<Base = Self::Plain> + Codec;

    /// The field with this value of the plain column; `None` when NULL has no place in it.
    #[doc(hidden)]
    fn from_plain(value: Option<Self::Plain>) -> Option<Self>;
}

impl<T: Codec + Value<Base = T>> Movable for Encrypted<T> {
    type Plain = T;

    fn from_plain(value: Option<T>) -> Option<Self> {
        value.map(Self::new)
    }
}

impl<T: Codec + Value<Base = T>> Movable for Option<Encrypted<T>> {
    type Plain = T;

    fn from_plain(value: Option<T>) -> Option<Self> {
        Some(value.map(Encrypted::new))
    }
}
