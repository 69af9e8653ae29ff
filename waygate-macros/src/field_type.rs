//! What a field's type looks like, by its last path segment.
//!
//! A macro sees tokens, not types: an alias of `String` is unknown here. So a rule refuses only what it knows to be
//! wrong, and the compiler's type checks, which `expand::checks` asks for, refuse the rest.

use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Bool,
    /// An integer of this many bits.
    Integer(u32),
    Float,
    Text,
    Bytes,
    Array,
    Uuid,
    Tenant,
    Date,
    Time,
    Json,
    Encrypted,
    /// Opened on demand.
    Sealed,
    /// An enum, an alias, a type of the user's own.
    Unknown,
}

impl Family {
    /// Whether the type holds a secret.
    pub(crate) fn is_secret(self) -> bool {
        matches!(self, Self::Encrypted | Self::Sealed)
    }
}

/// A field's type, taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'a> {
    /// The type without its `Option`.
    pub(crate) base: &'a Type,
    /// Whether it is an `Option`.
    pub(crate) optional: bool,
    /// What kind of value it holds.
    pub(crate) family: Family,
}

impl<'a> Shape<'a> {
    pub(crate) fn of(ty: &'a Type) -> Self {
        match option_inner(ty) {
            Some(base) => Self { base, optional: true, family: family(base) },
            None => Self { base: ty, optional: false, family: family(ty) },
        }
    }
}

/// The `T` of `Encrypted<T>` or `Sealed<T>`.
pub(crate) fn secret_inner(base: &Type) -> Option<&Type> {
    let segment = last_segment(base)?;
    if segment.ident == "Encrypted" || segment.ident == "Sealed" { first_argument(segment) } else { None }
}

/// The `T` of `Sealed<T>`.
pub(crate) fn sealed_inner(base: &Type) -> Option<&Type> {
    let segment = last_segment(base)?;
    if segment.ident == "Sealed" { first_argument(segment) } else { None }
}

/// The `T` of `Option<T>`.
pub(crate) fn option_inner(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty)?;
    if segment.ident == "Option" { first_argument(segment) } else { None }
}

/// The `T` of `Vec<T>`.
pub(crate) fn element(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty)?;
    if segment.ident == "Vec" { first_argument(segment) } else { None }
}

/// Whether the type's last path segment is this.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

fn family(ty: &Type) -> Family {
    let Some(segment) = last_segment(ty) else { return Family::Unknown };
    match segment.ident.to_string().as_str() {
        "bool" => Family::Bool,
        "i16" => Family::Integer(16),
        "i32" => Family::Integer(32),
        "i64" => Family::Integer(64),
        "f32" | "f64" => Family::Float,
        "String" => Family::Text,
        "Vec" => match first_argument(segment).and_then(last_segment) {
            Some(element) if element.ident == "u8" => Family::Bytes,
            _ => Family::Array,
        },
        "Uuid" | "Id" => Family::Uuid,
        "TenantId" => Family::Tenant,
        "NaiveDate" => Family::Date,
        "DateTime" => Family::Time,
        "Json" => Family::Json,
        "Encrypted" => Family::Encrypted,
        "Sealed" => Family::Sealed,
        _ => Family::Unknown,
    }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        // A type that came through a `macro_rules!` fragment.
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        _ => None,
    }
}

fn first_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
