//! A value on its way to the server: encoded before the first byte is sent.

use std::error::Error as StdError;
use std::fmt;

use bytes::BytesMut;
use postgres_types::{IsNull, ToSql, Type};

use super::Value;
use crate::error::{Error, Kind, Result};
use crate::schema::SqlType;

/// A statement's parameter, already encoded, with the type it travels as.
///
/// Encoding happens when the parameter is made, so a flight never fails half-sent on a value.
#[derive(Clone)]
pub struct Param {
    ty: Type,
    bytes: Option<Box<[u8]>>,
}

impl Param {
    /// Encodes a value for a column of this SQL type.
    ///
    /// # Errors
    ///
    /// [`is_encode`](Error::is_encode) when the value has no PostgreSQL form: JSON whose map keys are not texts.
    pub(crate) fn encode<T: Value>(value: &T, sql: &SqlType) -> Result<Self> {
        let ty = sql.wire_type();
        let mut out = BytesMut::new();
        match value.to_sql(&ty, &mut out) {
            Ok(IsNull::Yes) => Ok(Self { ty, bytes: None }),
            Ok(IsNull::No) => Ok(Self { ty, bytes: Some(out.as_ref().into()) }),
            Err(_) => Err(Error::new(Kind::Encode, format!("a value has no form as PostgreSQL's {ty}"))
                .help("JSON objects need text keys, finite numbers and fewer than 128 levels")),
        }
    }

    /// Encodes a value that travels as its own type's form.
    pub(crate) fn of<T: Value>(value: &T) -> Result<Self> {
        Self::encode(value, &T::TYPE)
    }

    /// NULL, for a column of this SQL type.
    pub(crate) fn null(sql: &SqlType) -> Self {
        Self { ty: sql.wire_type(), bytes: None }
    }

    /// Bytes that are already in the form of this type.
    pub(crate) fn raw(ty: Type, bytes: impl Into<Box<[u8]>>) -> Self {
        Self { ty, bytes: Some(bytes.into()) }
    }

    /// The type the parameter travels as.
    pub(crate) fn ty(&self) -> &Type {
        &self.ty
    }
}

impl fmt::Debug for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Param({}, <redacted>)", self.ty)
    }
}

impl ToSql for Param {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match &self.bytes {
            Some(bytes) => {
                out.extend_from_slice(bytes);
                Ok(IsNull::No)
            }
            None => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        self.to_sql(ty, out)
    }
}
