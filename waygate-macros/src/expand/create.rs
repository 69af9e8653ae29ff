//! `create()`: an insert in the making, whose type says which required fields are still missing.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{names, runtime, setters};
use crate::ir::{Field, Model};

/// ```text
/// impl Integration {
///     pub fn create() -> IntegrationCreate<Missing, Missing> { … }
/// }
/// pub struct IntegrationCreate<Name, Slug> { insert: Insert<Integration>, given: PhantomData<fn() -> (Name, Slug)> }
/// impl<Name, Slug> IntegrationCreate<Name, Slug> {
///     pub fn name(mut self, value: impl IntoValue<String>) -> IntegrationCreate<Set, Slug> { … }
///     pub fn description(mut self, value: impl IntoValue<Option<String>>) -> Self { … }
/// }
/// ```
pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let parameters = names::parameters(model);
    let types: Vec<&Ident> = parameters.iter().map(|(_, parameter)| parameter).collect();
    let missing = types.iter().map(|_| quote!(#p::Missing));
    let (ident, vis, builder) = (model.ident, model.vis, format_ident!("{}Create", model.ident));
    let setters = setters(model, &builder, &parameters);
    let insert = insert(model, &builder, &parameters);
    let lints = names::lints();
    let create_doc = format!("A new row of `{}`: give its fields, then `insert` it.", model.table);
    let tenant = match model.tenant_field() {
        Some(tenant) => format!(" Its `{}` is the session's tenant, and has no setter.", tenant.name),
        None => String::new(),
    };
    let builder_doc = format!("A new row of `{}` in the making.{tenant}", model.table);
    quote! {
        #[automatically_derived]
        #lints
        impl #ident {
            #[doc = #create_doc]
            #vis fn create() -> #builder<#(#missing),*> {
                #builder { insert: #p::Insert::new(), given: ::core::marker::PhantomData }
            }
        }

        #[doc = #builder_doc]
        #[must_use = "nothing is inserted until `insert(&session)` is awaited"]
        #lints
        #vis struct #builder<#(#types),*> {
            insert: #p::Insert<#ident>,
            given: ::core::marker::PhantomData<fn() -> (#(#types,)*)>,
        }

        #[automatically_derived]
        #lints
        impl<#(#types),*> #builder<#(#types),*> {
            #(#setters)*
        }

        #insert
    }
}

fn setters(model: &Model<'_>, builder: &Ident, parameters: &[(&Field<'_>, Ident)]) -> Vec<TokenStream> {
    let setter = |(place, field): (usize, &Field<'_>)| {
        if place == model.key {
            Some(key_setter(model, field))
        } else if field.is_given_on_create() {
            Some(column_setter(model, place, field, builder, parameters))
        } else {
            None
        }
    };
    model.fields.iter().enumerate().filter_map(setter).collect()
}

/// A key of the caller's choice, for rows whose key is known beforehand.
fn key_setter(model: &Model<'_>, field: &Field<'_>) -> TokenStream {
    let (vis, name, ty) = (model.vis, field.ident, field.ty);
    let doc = format!("Sets `{}`, for a row whose key is known beforehand. Default: a new key.", field.name);
    quote! {
        #[doc = #doc]
        #vis fn #name(mut self, key: #ty) -> Self {
            self.insert.set_key(key);
            self
        }
    }
}

fn column_setter(
    model: &Model<'_>,
    place: usize,
    field: &Field<'_>,
    builder: &Ident,
    parameters: &[(&Field<'_>, Ident)],
) -> TokenStream {
    let p = runtime();
    let (vis, name, ty, doc) = (model.vis, field.ident, setters::given(field), setters::doc(field));
    let store = setters::store(&format_ident!("insert"), place, field);
    if !field.is_required() {
        return quote! {
            #[doc = #doc]
            #vis fn #name(mut self, value: impl #p::IntoValue<#ty>) -> Self {
                #store;
                self
            }
        };
    }
    let after = parameters.iter().map(
        |(other, parameter)| {
            if other.name == field.name { quote!(#p::Set) } else { quote!(#parameter) }
        },
    );
    quote! {
        #[doc = #doc]
        #vis fn #name(mut self, value: impl #p::IntoValue<#ty>) -> #builder<#(#after),*> {
            #store;
            #builder { insert: self.insert, given: ::core::marker::PhantomData }
        }
    }
}

/// ```text
/// const _: () = {
///     #[diagnostic::on_unimplemented(message = "cannot insert: the required field `name` was never set", …)]
///     pub trait NameGiven {}
///     impl NameGiven for Set {}
///     impl<Name, Slug> IntegrationCreate<Name, Slug> {
///         pub fn insert<S>(self, session: &S) -> Pending<'_, Integration>
///         where S: Executor, InsertBy<Integration>: CarriedBy<S>, Name: NameGiven, Slug: SlugGiven { … }
///     }
/// };
/// ```
///
/// A trait for each field, because a message can name a field only in its own text. The verbs return a named future:
/// with `impl Future`, rustc reports each missing field three times.
fn insert(model: &Model<'_>, builder: &Ident, parameters: &[(&Field<'_>, Ident)]) -> TokenStream {
    let p = runtime();
    let (ident, vis, lints) = (model.ident, model.vis, names::lints());
    let types: Vec<&Ident> = parameters.iter().map(|(_, parameter)| parameter).collect();
    let given: Vec<Ident> = types.iter().map(|parameter| format_ident!("{parameter}Given")).collect();
    let traits = parameters.iter().zip(&given).map(|((field, _), given)| {
        let message = format!("cannot insert: the required field `{}` was never set", field.name);
        let label = format!("call `.{}(…)` before this", field.name);
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            #lints
            pub trait #given {}
            #[diagnostic::do_not_recommend]
            impl #given for #p::Set {}
        }
    });
    let bounds = || types.iter().zip(&given).map(|(parameter, given)| quote!(#parameter: #given));
    let (insert_bounds, absent_bounds) = (bounds(), bounds());
    quote! {
        const _: () = {
            #(#traits)*

            #[automatically_derived]
            #lints
            impl<#(#types),*> #builder<#(#types),*> {
                /// Inserts the row and returns it with what the database filled in.
                ///
                /// # Errors
                ///
                /// `is_unique_violation`, `is_foreign_key_violation`, `is_too_long`, the server's other refusals and the
                /// connection's errors.
                #vis fn insert<'s, S>(self, session: &'s S) -> #p::Pending<'s, #ident>
                where
                    S: #p::Executor,
                    #p::InsertBy<#ident>: #p::CarriedBy<S>,
                    #(#insert_bounds,)*
                {
                    #p::pending(self.insert.insert(session))
                }

                /// Inserts the row, unless one with its key or a unique value of it is there: then returns `None`.
                ///
                /// # Errors
                ///
                /// As `insert`, without the unique violation.
                #vis fn insert_if_absent<'s, S>(self, session: &'s S) -> #p::Pending<'s, ::core::option::Option<#ident>>
                where
                    S: #p::Executor,
                    #p::InsertBy<#ident>: #p::CarriedBy<S>,
                    #(#absent_bounds,)*
                {
                    #p::pending(self.insert.insert_if_absent(session))
                }
            }
        };
    }
}
