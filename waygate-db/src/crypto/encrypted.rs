//! A secret in the program's memory.

use std::fmt;

use subtle::ConstantTimeEq;

use super::codec::Codec;
use crate::value::IntoValue;

/// A value that is sealed in the database, and that the program does not print, compare or serialise by accident.
///
/// It has no `Display`, `Serialize`, `PartialEq`, `Deref` or `ToSql`; [`expose`](Self::expose) is the one way in.
/// A clone is a second copy of the secret.
///
/// ```
/// use waygate_db::Encrypted;
///
/// let token = Encrypted::new("xoxb-1234".to_owned());
/// assert_eq!(format!("{token:?}"), "Encrypted(<redacted>)");
/// assert_eq!(token.expose(), "xoxb-1234");
/// ```
pub struct Encrypted<T: Codec>(T::Held);

impl<T: Codec> Encrypted<T> {
    /// A secret of this value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(value.hold())
    }

    /// The value itself. Each call is a place where the secret may leave.
    #[must_use]
    pub fn expose(&self) -> &T {
        T::expose(&self.0)
    }

    /// Whether both hold the same value, in a time that does not depend on where they differ. Floats and JSON are compared
    /// as they are written.
    ///
    /// ```
    /// use waygate_db::Encrypted;
    ///
    /// let (given, stored) = (Encrypted::new("s3cret".to_owned()), Encrypted::new("s3cret".to_owned()));
    /// assert!(given.ct_eq(&stored));
    /// ```
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        match (self.expose().encode(), other.expose().encode()) {
            (Ok(one), Ok(two)) => one.value().ct_eq(two.value()).into(),
            // What cannot be written is never stored, and equals nothing.
            _ => false,
        }
    }

    /// The value itself, no longer guarded or wiped.
    #[must_use]
    pub fn into_exposed(self) -> T {
        T::release(self.0)
    }
}

impl<T: Codec + Clone> Clone for Encrypted<T> {
    fn clone(&self) -> Self {
        Self::new(self.expose().clone())
    }
}

impl<T: Codec> fmt::Debug for Encrypted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encrypted(<redacted>)")
    }
}

impl<T: Codec> From<T> for Encrypted<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Codec> IntoValue<Encrypted<T>> for T {
    fn into_value(self) -> Encrypted<T> {
        Encrypted::new(self)
    }
}

impl<T: Codec> IntoValue<Option<Encrypted<T>>> for T {
    fn into_value(self) -> Option<Encrypted<T>> {
        Some(Encrypted::new(self))
    }
}

/// Borrowed texts, as plain columns take them.
macro_rules! texts {
    ($($text:ty),*) => {$(
        impl IntoValue<Encrypted<String>> for $text {
            fn into_value(self) -> Encrypted<String> {
                Encrypted::new(self.to_owned())
            }
        }

        impl IntoValue<Option<Encrypted<String>>> for $text {
            fn into_value(self) -> Option<Encrypted<String>> {
                Some(Encrypted::new(self.to_owned()))
            }
        }
    )*};
}

texts!(&str, &String);
