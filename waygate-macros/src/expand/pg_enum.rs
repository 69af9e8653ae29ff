//! A native enum type: its metadata, its labels and its conversions.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::runtime;
use super::table::text;
use crate::ir::PgEnum;

/// ```text
/// impl HttpMethod { pub const fn label(&self) -> &'static str { match self { Self::Get => "GET", … } } }
/// impl PgEnum for HttpMethod {
///     const TYPE: EnumType = EnumType { name: "http_method", labels: &["GET", …], rust: "HttpMethod", … };
///     const ALL: &'static [Self] = &[Self::Get, …];
///     fn from_label(label: &str) -> Option<Self> { match label { "GET" => Some(Self::Get), …, _ => None } }
/// }
/// ```
pub(crate) fn expand(pg_enum: &PgEnum<'_>) -> TokenStream {
    let p = runtime();
    let (ident, name, rust) = (pg_enum.ident, &pg_enum.name, pg_enum.ident.to_string());
    let variants: Vec<&Ident> = pg_enum.variants.iter().map(|variant| variant.ident).collect();
    let labels: Vec<&str> = pg_enum.variants.iter().map(|variant| variant.label.as_str()).collect();
    let renamed = pg_enum.variants.iter().filter_map(|variant| {
        let (label, old) = (&variant.label, variant.renamed_from?);
        Some(quote!((#old, #label)))
    });
    let (renamed_from, comment) = (text(pg_enum.renamed_from), text(pg_enum.comment));
    let conversions = conversions(ident);
    quote! {
        #[automatically_derived]
        impl #ident {
            /// The label in the database.
            #[must_use]
            pub const fn label(&self) -> &'static str {
                match self {
                    #(Self::#variants => #labels,)*
                }
            }
        }

        #[automatically_derived]
        impl #p::PgEnum for #ident {
            const TYPE: #p::EnumType = #p::EnumType {
                name: #name,
                labels: &[#(#labels),*],
                rust: #rust,
                renamed: &[#(#renamed),*],
                renamed_from: #renamed_from,
                comment: #comment,
            };
            const ALL: &'static [Self] = &[#(Self::#variants),*];

            fn from_label(label: &str) -> ::core::option::Option<Self> {
                match label {
                    #(#labels => ::core::option::Option::Some(Self::#variants),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        #conversions
    }
}

/// The conversions to and from the driver, which travel as the label's text.
pub(super) fn conversions(ident: &Ident) -> TokenStream {
    let p = runtime();
    let failure = quote!(::std::boxed::Box<dyn ::core::error::Error + ::core::marker::Sync + ::core::marker::Send>);
    let encoded = quote!(::core::result::Result<#p::pg::IsNull, #failure>);
    quote! {
        #[automatically_derived]
        impl #p::Value for #ident {
            type Base = Self;
            const TYPE: #p::SqlType = #p::SqlType::Enum(&<Self as #p::PgEnum>::TYPE);
        }

        #[automatically_derived]
        impl #p::Element for #ident {
            const ELEMENT: &'static #p::SqlType = &<Self as #p::Value>::TYPE;
        }

        #[automatically_derived]
        impl #p::pg::ToSql for #ident {
            fn to_sql(&self, _: &#p::pg::Type, out: &mut #p::pg::BytesMut) -> #encoded {
                #p::write_label(self.label(), out)
            }

            fn accepts(ty: &#p::pg::Type) -> bool {
                #p::accepts_label(ty)
            }

            fn to_sql_checked(&self, ty: &#p::pg::Type, out: &mut #p::pg::BytesMut) -> #encoded {
                #p::write_label_checked(self.label(), ty, out)
            }
        }

        #[automatically_derived]
        impl<'a> #p::pg::FromSql<'a> for #ident {
            fn from_sql(_: &#p::pg::Type, raw: &'a [u8]) -> ::core::result::Result<Self, #failure> {
                #p::read_label(raw)
            }

            fn accepts(ty: &#p::pg::Type) -> bool {
                #p::accepts_label(ty)
            }
        }
    }
}
