//! Keys: [`Id`], typed by its model, and [`TenantId`], which cannot be made from untrusted input.

use std::cmp::Ordering;
use std::error::Error as StdError;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use bytes::BytesMut;
use postgres_types::{FromSql, IsNull, ToSql, Type};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::{Element, SqlType, Value};

/// The key of a row of `M`: a UUID that cannot be mistaken for another model's.
///
/// Made in the application as UUID version 7, so that keys of one process sort by time.
///
/// ```
/// use waygate_db::Id;
///
/// struct Integration;
/// let id = Id::<Integration>::new();
/// assert_eq!(id.to_string().parse::<Id<Integration>>().unwrap(), id);
/// ```
pub struct Id<M>(Uuid, PhantomData<fn() -> M>);

impl<M> Id<M> {
    /// A new key, ordered by the time it is made.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a default key that differs each time surprises")]
    pub fn new() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// The key with this UUID.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID.
    #[must_use]
    pub const fn as_uuid(&self) -> Uuid {
        self.0
    }
}

impl<M> Clone for Id<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Id<M> {}

impl<M> PartialEq for Id<M> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<M> Eq for Id<M> {}

impl<M> PartialOrd for Id<M> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<M> Ord for Id<M> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<M> Hash for Id<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<M> fmt::Debug for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.0)
    }
}

impl<M> fmt::Display for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<M> From<Uuid> for Id<M> {
    fn from(uuid: Uuid) -> Self {
        Self::from_uuid(uuid)
    }
}

impl<M> FromStr for Id<M> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self::from_uuid)
    }
}

impl<M> Serialize for Id<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, M> Deserialize<'de> for Id<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from_uuid)
    }
}

/// A tenant whose identity was verified.
///
/// It has no `From<Uuid>`, `FromStr`, `Deserialize` or `Default`, so that a request's body or path cannot choose a
/// tenant. It comes from authentication, through [`trust`](Self::trust), or from a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TenantId(Uuid);

impl TenantId {
    /// The tenant with this UUID. The caller vouches for it: call this in authentication code only, after an API key or
    /// a token was verified, and ban it elsewhere with clippy's `disallowed-methods`.
    ///
    /// ```
    /// use waygate_db::TenantId;
    ///
    /// let verified = uuid::Uuid::now_v7(); // what the key or token proved
    /// let tenant = TenantId::trust(verified);
    /// assert_eq!(tenant.as_uuid(), verified);
    /// ```
    #[must_use]
    pub const fn trust(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The UUID.
    #[must_use]
    pub const fn as_uuid(&self) -> Uuid {
        self.0
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TenantId({})", self.0)
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A primary key's type: [`Id`] of the model, or [`TenantId`] on the tenant table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key type",
    label = "expected `Id<…>` of this model, or `TenantId` on the tenant table"
)]
pub trait Key: Value + Copy {
    /// A new key.
    #[doc(hidden)]
    fn generate() -> Self;
    /// The key's UUID, which sealed values are bound to.
    #[doc(hidden)]
    fn uuid(&self) -> Uuid;
}

impl<M: 'static> Key for Id<M> {
    fn generate() -> Self {
        Self::new()
    }

    fn uuid(&self) -> Uuid {
        self.0
    }
}

impl Key for TenantId {
    fn generate() -> Self {
        Self(Uuid::now_v7())
    }

    fn uuid(&self) -> Uuid {
        self.0
    }
}

impl<M: 'static> Value for Id<M> {
    type Base = Self;
    const TYPE: SqlType = SqlType::Uuid;
}

impl<M: 'static> Element for Id<M> {
    const ELEMENT: &'static SqlType = &SqlType::Uuid;
}

/// Passes a UUID newtype through to `Uuid`'s own conversions.
macro_rules! uuid_sql {
    ([$($generics:tt)*] $ty:ty, $wrap:expr) => {
        impl<$($generics)*> ToSql for $ty {
            fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
                self.0.to_sql(ty, out)
            }

            fn accepts(ty: &Type) -> bool {
                <Uuid as ToSql>::accepts(ty)
            }

            postgres_types::to_sql_checked!();
        }

        impl<'a, $($generics)*> FromSql<'a> for $ty {
            fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
                Uuid::from_sql(ty, raw).map($wrap)
            }

            fn accepts(ty: &Type) -> bool {
                <Uuid as FromSql>::accepts(ty)
            }
        }
    };
}

uuid_sql!([M] Id<M>, Self::from_uuid);
uuid_sql!([] TenantId, Self);
