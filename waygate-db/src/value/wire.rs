//! The types that values travel as.
//!
//! Enums, domains and types of the user's own travel as text and are cast in the statement, so that no statement needs
//! a look-up of a type's number first: such a look-up would run outside the flight.

use postgres_types::Type;

use crate::schema::SqlType;

impl SqlType {
    /// The type that a parameter or a result of this column type travels as.
    pub(crate) const fn wire_type(&self) -> Type {
        match self {
            Self::Bool => Type::BOOL,
            Self::Int2 => Type::INT2,
            Self::Int4 => Type::INT4,
            Self::Int8 => Type::INT8,
            Self::Float4 => Type::FLOAT4,
            Self::Float8 => Type::FLOAT8,
            Self::Text | Self::Varchar(_) | Self::Enum(_) | Self::Named(_) => Type::TEXT,
            Self::Bytea | Self::Encrypted => Type::BYTEA,
            Self::Uuid => Type::UUID,
            Self::Date => Type::DATE,
            Self::Timestamptz => Type::TIMESTAMPTZ,
            Self::Jsonb => Type::JSONB,
            Self::Array(element) => element.wire_array(),
        }
    }

    const fn wire_array(&self) -> Type {
        match self {
            Self::Bool => Type::BOOL_ARRAY,
            Self::Int2 => Type::INT2_ARRAY,
            Self::Int4 => Type::INT4_ARRAY,
            Self::Int8 => Type::INT8_ARRAY,
            Self::Float4 => Type::FLOAT4_ARRAY,
            Self::Float8 => Type::FLOAT8_ARRAY,
            Self::Bytea | Self::Encrypted => Type::BYTEA_ARRAY,
            Self::Uuid => Type::UUID_ARRAY,
            Self::Date => Type::DATE_ARRAY,
            Self::Timestamptz => Type::TIMESTAMPTZ_ARRAY,
            Self::Jsonb => Type::JSONB_ARRAY,
            Self::Text | Self::Varchar(_) | Self::Enum(_) | Self::Named(_) | Self::Array(_) => Type::TEXT_ARRAY,
        }
    }
}
