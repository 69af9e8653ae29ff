//! Native enums. A label travels as text, so that no statement needs a look-up of the type's number first.

use std::error::Error as StdError;

use bytes::BytesMut;
use postgres_types::{IsNull, Kind, ToSql, Type};

use crate::schema::EnumType;

type Failure = Box<dyn StdError + Sync + Send>;

/// A Rust enum that is a native PostgreSQL enum type. Derive it; never implement it by hand.
///
/// ```
/// use waygate_db::PgEnum;
///
/// #[derive(PgEnum, Debug, Clone, Copy, PartialEq)]
/// #[model(rename_all = "UPPERCASE")]
/// enum HttpMethod { Get, Post }
///
/// assert_eq!(HttpMethod::Get.label(), "GET");
/// assert_eq!(HttpMethod::from_label("POST"), Some(HttpMethod::Post));
/// assert_eq!(HttpMethod::TYPE.name, "http_method");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL enum",
    label = "add `#[derive(PgEnum)]` to this enum"
)]
pub trait PgEnum: Sized + 'static {
    /// The type's metadata.
    const TYPE: EnumType;
    /// Every variant, in the database's order.
    const ALL: &'static [Self];

    /// The variant with this label.
    fn from_label(label: &str) -> Option<Self>;
}

/// Whether a label can travel as this type.
#[must_use]
pub fn accepts_label(ty: &Type) -> bool {
    matches!(*ty, Type::TEXT | Type::VARCHAR) || matches!(ty.kind(), Kind::Enum(_))
}

/// Writes a label as text.
///
/// # Errors
///
/// None; the signature is the driver's.
pub fn write_label(label: &'static str, out: &mut BytesMut) -> Result<IsNull, Failure> {
    out.extend_from_slice(label.as_bytes());
    Ok(IsNull::No)
}

/// Writes a label as text, to a type that takes one.
///
/// # Errors
///
/// When the type is neither a text nor an enum.
pub fn write_label_checked(label: &'static str, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    if accepts_label(ty) { write_label(label, out) } else { label.to_sql_checked(ty, out) }
}

/// Reads a label.
///
/// # Errors
///
/// When the enum has no such variant. The label itself is not in the text: it is a value of a row.
pub fn read_label<E: PgEnum>(raw: &[u8]) -> Result<E, Failure> {
    let label = std::str::from_utf8(raw)?;
    E::from_label(label).ok_or_else(|| format!("a label came that `{}` does not have", E::TYPE.rust).into())
}

#[cfg(test)]
mod tests {
    use postgres_types::{FromSql, ToSql, Type};

    use super::{BytesMut, PgEnum};
    use crate::schema::SqlType;
    use crate::value::Value;

    #[derive(waygate_macros::PgEnum, Debug, Clone, Copy, PartialEq)]
    enum CredentialStatus {
        Active,
        NeedsReauth,
        #[model(label = "gone", renamed_from = "revoked")]
        Revoked,
    }

    #[test]
    fn every_label_comes_back_as_its_variant() -> Result<(), super::Failure> {
        for status in CredentialStatus::ALL {
            let mut out = BytesMut::new();
            status.to_sql_checked(&Type::TEXT, &mut out)?;
            assert_eq!(out, status.label().as_bytes());
            assert_eq!(CredentialStatus::from_sql(&Type::TEXT, &out)?, *status);
        }
        assert!(CredentialStatus::from_sql(&Type::TEXT, b"unheard_of").is_err());
        assert!(CredentialStatus::Active.to_sql_checked(&Type::INT4, &mut BytesMut::new()).is_err());
        Ok(())
    }

    #[test]
    fn the_metadata_names_type_labels_and_renames() {
        let SqlType::Enum(ty) = <CredentialStatus as Value>::TYPE else { panic!("not an enum") };
        assert_eq!((ty.name, ty.rust), ("credential_status", "CredentialStatus"));
        assert_eq!(ty.labels, ["active", "needs_reauth", "gone"]);
        assert_eq!(ty.renamed, [("revoked", "gone")]);
    }
}
