//! Stand-ins after an error: the same names and signatures, without rules of their own.
//!
//! A derive that failed leaves its item without `impl Model`, and every use of the model would be one more error, none of
//! which says what is wrong. The stand-ins take those uses. They never run: what holds them does not compile.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{checks, columns, names, runtime, scope};
use crate::field_type::{Family, Shape};
use crate::ir::{Field, Model, PgEnum, Role};

/// What code that uses the model may name.
pub(crate) fn model(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let (ident, scope, key_type) = (model.ident, scope(model), key_type(model));
    let (columns_ident, columns_struct, column_values) =
        (columns::ident(model), columns::expand(model), columns::values(model));
    let (create, answers) = (create(model), checks::answers(model));
    let mutable = if model.append_only { TokenStream::new() } else { mutable(model) };
    quote! {
        #columns_struct

        #[automatically_derived]
        impl #p::Model for #ident {
            const TABLE: &'static #p::Table = #p::NO_TABLE;
            const COLUMNS: #columns_ident = #column_values;
            type Key = #key_type;
            type Scope = #scope;
            type Columns = #columns_ident;

            fn key(&self) -> Self::Key {
                loop {}
            }

            fn decode(_: &#p::Row<'_>) -> #p::Result<Self> {
                loop {}
            }
        }

        #create
        #mutable
        #answers
    }
}

/// The type of the key, or one that can stand for it.
fn key_type(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let key = model.key_field().filter(|field| field.role == Role::Key).map(|field| Shape::of(field.ty));
    if let Some(shape) = key.filter(|shape| matches!(shape.family, Family::Uuid | Family::Tenant)) {
        shape.base.to_token_stream()
    } else {
        quote!(#p::TenantId)
    }
}

fn create(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let (ident, vis, lints) = (model.ident, model.vis, names::lints());
    let builder = format_ident!("{ident}Create");
    let setters = setters(model, |field| field.is_given_on_create() || field.role == Role::Key);
    quote! {
        #lints
        #vis struct #builder;

        #lints
        impl #ident {
            #vis fn create() -> #builder {
                loop {}
            }
        }

        #lints
        impl #builder {
            #setters
            #vis fn insert<S>(self, _: &S) -> #p::Pending<'_, #ident> {
                loop {}
            }
            #vis fn insert_if_absent<S>(self, _: &S) -> #p::Pending<'_, ::core::option::Option<#ident>> {
                loop {}
            }
        }
    }
}

fn mutable(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let ident = model.ident;
    let (update, patch) = (format_ident!("{ident}Update"), format_ident!("{ident}Patch"));
    let exec = builder(model, &update, &quote!(exec), &quote!(()));
    let save = builder(model, &patch, &quote!(save), &quote!(#ident));
    quote! {
        #[automatically_derived]
        impl #p::Mutable for #ident {
            type Update = #update;
            type Patch = #patch;
        }
        #exec
        #save
    }
}

fn builder(model: &Model<'_>, builder: &Ident, verb: &TokenStream, answer: &TokenStream) -> TokenStream {
    let p = runtime();
    let (ident, vis, lints) = (model.ident, model.vis, names::lints());
    let setters = setters(model, Field::is_updatable);
    quote! {
        #lints
        #vis struct #builder;

        #[automatically_derived]
        impl ::core::convert::From<#p::Update<#ident>> for #builder {
            fn from(_: #p::Update<#ident>) -> Self {
                loop {}
            }
        }

        #lints
        impl #builder {
            #setters
            #vis fn #verb<S>(self, _: &S) -> #p::Pending<'_, #answer> {
                loop {}
            }
        }
    }
}

/// Setters that take anything: a wrong type in the struct is reported there alone.
fn setters<'a>(model: &Model<'a>, has_setter: impl Fn(&Field<'a>) -> bool) -> TokenStream {
    let vis = model.vis;
    // A field named like a verb was reported, and would be a second method of its name.
    let is_verb = |field: &Field<'_>| ["insert", "insert_if_absent", "exec", "save"].contains(&field.name.as_str());
    let names = model.fields.iter().filter(|field| has_setter(field) && !is_verb(field)).map(|field| field.ident);
    quote! {
        #(
            #vis fn #names<T>(self, _: T) -> Self {
                loop {}
            }
        )*
    }
}

/// What code that uses the enum may name.
pub(crate) fn pg_enum(pg_enum: &PgEnum<'_>) -> TokenStream {
    let p = runtime();
    let ident = pg_enum.ident;
    let conversions = super::pg_enum::conversions(ident);
    quote! {
        #[automatically_derived]
        impl #ident {
            pub const fn label(&self) -> &'static str {
                ""
            }
        }

        #[automatically_derived]
        impl #p::PgEnum for #ident {
            const TYPE: #p::EnumType = #p::NO_ENUM;
            const ALL: &'static [Self] = &[];

            fn from_label(_: &str) -> ::core::option::Option<Self> {
                ::core::option::Option::None
            }
        }

        #conversions
    }
}
