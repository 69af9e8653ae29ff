//! What a setter or a filter accepts for a column's type.

use super::Json;

/// A value that can be given where a `T` is asked for: a `T`, a `&str` for a `String`, a bare `T` for an `Option<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given where `{T}` is stored",
    label = "expected a value for a column of type `{T}`"
)]
pub trait IntoValue<T> {
    /// The value.
    fn into_value(self) -> T;
}

impl<T> IntoValue<T> for T {
    fn into_value(self) -> T {
        self
    }
}

impl<T> IntoValue<Option<T>> for T {
    fn into_value(self) -> Option<T> {
        Some(self)
    }
}

/// Gives a type to columns of another, and to nullable columns of it.
macro_rules! converts {
    ($($from:ty => $to:ty: $convert:expr;)*) => {$(
        impl IntoValue<$to> for $from {
            fn into_value(self) -> $to {
                $convert(self)
            }
        }

        impl IntoValue<Option<$to>> for $from {
            fn into_value(self) -> Option<$to> {
                Some($convert(self))
            }
        }
    )*};
}

converts! {
    &str => String: str::to_owned;
    &String => String: String::clone;
    serde_json::Value => Json: Json;
    Vec<&str> => Vec<String>: |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    &[&str] => Vec<String>: |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
}

impl<const N: usize> IntoValue<Vec<String>> for [&str; N] {
    fn into_value(self) -> Vec<String> {
        self.into_iter().map(str::to_owned).collect()
    }
}

impl<T, const N: usize> IntoValue<Vec<T>> for [T; N] {
    fn into_value(self) -> Vec<T> {
        self.into()
    }
}
