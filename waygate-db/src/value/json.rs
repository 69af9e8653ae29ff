//! JSON columns, typed or not.

use std::error::Error as StdError;

use bytes::BytesMut;
use postgres_types::{FromSql, IsNull, ToSql, Type};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{SqlType, Value};

/// How deep JSON may nest: what is deeper could be written, and never be read again.
const DEEPEST: usize = 127;

/// A `jsonb` value: any JSON by default, or a type of your own.
///
/// ```
/// use waygate_db::Json;
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Limits { per_minute: u32 }
///
/// let untyped = Json::from(serde_json::json!({"per_minute": 60}));
/// let typed = Json(Limits { per_minute: 60 });
/// assert_eq!(untyped.0["per_minute"], typed.0.per_minute);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T = serde_json::Value>(pub T);

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self(value)
    }
}

impl<T: Serialize + DeserializeOwned + std::fmt::Debug + Send + Sync + 'static> Value for Json<T> {
    type Base = Self;
    const TYPE: SqlType = SqlType::Jsonb;
}

impl<T: Serialize + std::fmt::Debug> ToSql for Json<T> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let start = out.len();
        let written = postgres_types::Json(&self.0).to_sql(ty, out)?;
        match out.get(start..) {
            Some(json) if nests_too_deep(json) => Err(format!("JSON nests deeper than {DEEPEST} levels").into()),
            _ => Ok(written),
        }
    }

    fn accepts(ty: &Type) -> bool {
        <postgres_types::Json<&T> as ToSql>::accepts(ty)
    }

    postgres_types::to_sql_checked!();
}

impl<'a, T: DeserializeOwned> FromSql<'a> for Json<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        let postgres_types::Json(value) = postgres_types::Json::<T>::from_sql(ty, raw)?;
        Ok(Self(value))
    }

    fn accepts(ty: &Type) -> bool {
        <postgres_types::Json<T> as FromSql>::accepts(ty)
    }
}

/// Whether arrays and objects nest deeper than the reader goes.
fn nests_too_deep(json: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}
