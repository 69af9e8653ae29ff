//! The table's const metadata.

mod blind;

use proc_macro2::TokenStream;
use quote::quote;

use super::runtime;
use crate::attr::{Binding, Method, OnDelete, Padding};
use crate::ir::{DefaultValue, Field, Index, Login, Model, Role, Scope, Storage};

/// ```text
/// {
///     static TABLE: Table = Table { name: "integrations", model: "Integration", scope: Scope::Column(1), … };
///     &TABLE
/// }
/// ```
///
/// A static, because tables refer to one another, and a const may not refer to itself.
pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let p = runtime();
    let (name, rust, key) = (&model.table, model.ident.to_string(), model.key);
    let scope = scope(model.scope);
    let fields = model.fields.iter().enumerate().map(|(place, field)| column(model, place, field));
    let plain = model.plain_columns().filter_map(|(_, sealed)| model.fields.get(sealed)).map(plain_column);
    let blind = model.blind.iter().filter_map(|blind| blind::column(model, blind));
    let columns = fields.chain(plain).chain(blind);
    let indexes = model.indexes.iter().map(index).chain(model.blind.iter().map(blind::index));
    let foreign_keys = model.fields.iter().enumerate().filter_map(|(place, field)| foreign_key(place, field));
    let has_many = model.has_many.iter().map(|relation| {
        let (name, child) = (relation.name.to_string(), &relation.child);
        quote!(#p::HasMany { name: #name, child: #p::table_of::<#child> })
    });
    let append_only = model.append_only;
    let login = option(model.login.map(login));
    let (renamed_from, comment) = (text(model.renamed_from), text(model.comment));
    quote! {
        {
            static TABLE: #p::Table = #p::Table {
                name: #name,
                model: #rust,
                scope: #scope,
                columns: &[#(#columns),*],
                key: #key,
                indexes: &[#(#indexes),*],
                foreign_keys: &[#(#foreign_keys),*],
                has_many: &[#(#has_many),*],
                append_only: #append_only,
                login: #login,
                renamed_from: #renamed_from,
                comment: #comment,
                declared_at: (::core::file!(), ::core::line!()),
            };
            &TABLE
        }
    }
}

fn column(model: &Model<'_>, place: usize, field: &Field<'_>) -> TokenStream {
    let p = runtime();
    let (name, rust, ty) = (&field.column, &field.name, field.ty);
    let (sql_type, nullable, encryption) = match &field.storage {
        Storage::Sealed { context, binding, padding, .. } => (
            quote!(#p::SqlType::Encrypted),
            // Until its values are moved, the sealed column is empty.
            if field.moved_from().is_some() { quote!(true) } else { quote!(<#ty as #p::Secret>::NULLABLE) },
            option(Some(encryption(model, place, field, context, *binding, *padding))),
        ),
        Storage::Plain { max_len, sql } => {
            let own = quote!(<#ty as #p::Stored>::SQL_TYPE);
            let sql_type = match (max_len.map(u32::try_from), sql) {
                (_, Some(sql)) => quote!(#p::named(#own, #sql)),
                (Some(Ok(max_len)), None) => quote!(#own.max_len(#max_len)),
                _ => own,
            };
            (sql_type, quote!(<#ty as #p::Stored>::TAKES_NULL), option(None))
        }
    };
    let (default, role) = (default(field), role(field.role));
    let (renamed_from, backfill) = (text(field.renamed_from), text(field.backfill));
    let (using, comment) = (text(field.using), text(field.comment));
    quote! {
        #p::Column {
            name: #name,
            field: #rust,
            ty: #sql_type,
            nullable: #nullable,
            default: #default,
            role: #role,
            encryption: #encryption,
            renamed_from: #renamed_from,
            backfill: #backfill,
            using: #using,
            comment: #comment,
        }
    }
}

fn encryption(
    model: &Model<'_>,
    place: usize,
    field: &Field<'_>,
    context: &str,
    binding: Binding,
    padding: Option<Padding>,
) -> TokenStream {
    let (p, ty) = (runtime(), field.ty);
    let binding = match binding {
        Binding::Row => quote!(#p::Binding::Row),
        Binding::Tenant => quote!(#p::Binding::Tenant),
        Binding::Column => quote!(#p::Binding::Column),
    };
    let padding = match padding {
        None => quote!(#p::Padding::Auto),
        Some(Padding::None) => quote!(#p::Padding::None),
        Some(Padding::Block(size)) => quote!(#p::Padding::Block(#size)),
        Some(Padding::Fixed(size)) => quote!(#p::Padding::Fixed(#size)),
    };
    let moved_from = option(model.plain_column_of(place).map(|place| quote!(#place)));
    let search = option(blind::search(model, place));
    quote! {
        #p::Encryption {
            context: #context,
            codec: <#ty as #p::Secret>::CODEC,
            binding: #binding,
            padding: #padding,
            opened: <#ty as #p::Secret>::OPENED,
            search: #search,
            moved_from: #moved_from,
        }
    }
}

/// The plain column that a sealed field's values are being moved out of.
fn plain_column(field: &Field<'_>) -> TokenStream {
    let (p, ty, name) = (runtime(), field.ty, field.moved_from());
    let none = option(None);
    let comment = format!("Values on their way into {}, where they are sealed; none is written here.", field.column);
    quote! {
        #p::Column {
            name: #name,
            field: "",
            ty: <<#ty as #p::Movable>::Plain as #p::Value>::TYPE,
            nullable: true,
            default: #p::DefaultValue::None,
            role: #p::ColumnRole::Plaintext,
            encryption: #none,
            renamed_from: #none,
            backfill: #none,
            using: #none,
            comment: ::core::option::Option::Some(#comment),
        }
    }
}

fn default(field: &Field<'_>) -> TokenStream {
    let p = runtime();
    match &field.default {
        DefaultValue::None => quote!(#p::DefaultValue::None),
        DefaultValue::Empty => quote!(#p::DefaultValue::Empty),
        DefaultValue::Bool(value) => quote!(#p::DefaultValue::Bool(#value)),
        DefaultValue::Integer(value) => quote!(#p::DefaultValue::Integer(#value)),
        DefaultValue::Text(value) => quote!(#p::DefaultValue::Text(#value)),
        DefaultValue::Variant(path) => quote!(#p::DefaultValue::Label(#path.label())),
        DefaultValue::Sql(sql) => quote!(#p::DefaultValue::Sql(#sql)),
        DefaultValue::Now => quote!(#p::DefaultValue::Now),
        DefaultValue::RandomUuid => quote!(#p::DefaultValue::RandomUuid),
        DefaultValue::Tenant => quote!(#p::DefaultValue::Tenant),
    }
}

fn role(role: Role) -> TokenStream {
    let p = runtime();
    match role {
        Role::Data => quote!(#p::ColumnRole::Data),
        Role::Key => quote!(#p::ColumnRole::Key),
        Role::Tenant => quote!(#p::ColumnRole::Tenant),
        Role::CreatedAt => quote!(#p::ColumnRole::CreatedAt),
        Role::UpdatedAt => quote!(#p::ColumnRole::UpdatedAt),
    }
}

fn scope(scope: Scope) -> TokenStream {
    let p = runtime();
    match scope {
        // An error was reported, so this is not reached: it must not read as a table without row security.
        Scope::Unknown => quote!(::core::compile_error!("the model does not say whose data it holds")),
        Scope::Shared => quote!(#p::Scope::Shared),
        Scope::Key => quote!(#p::Scope::Key),
        Scope::Column(column) => quote!(#p::Scope::Column(#column)),
        Scope::Through { column, owner } => {
            let owner = option(owner.map(|owner| quote!(#owner)));
            quote!(#p::Scope::Through { column: #column, owner: #owner })
        }
    }
}

fn index(index: &Index<'_>) -> TokenStream {
    let p = runtime();
    let (name, unique) = (&index.name, index.unique);
    let columns = index.columns.iter().map(|part| {
        let (column, descending) = (part.column, part.descending);
        quote!(#p::IndexColumn { column: #column, descending: #descending })
    });
    let method = match index.method {
        Method::Btree => quote!(#p::IndexMethod::Btree),
        Method::Gin => quote!(#p::IndexMethod::Gin),
    };
    let predicate = option(index.predicate.map(|sql| quote!(#sql)));
    quote! {
        #p::Index { name: #name, columns: &[#(#columns),*], method: #method, unique: #unique, predicate: #predicate }
    }
}

fn foreign_key(place: usize, field: &Field<'_>) -> Option<TokenStream> {
    let p = runtime();
    let key = field.foreign_key.as_ref()?;
    let parent = key.parent;
    let on_delete = match key.on_delete {
        OnDelete::Restrict => quote!(#p::OnDelete::Restrict),
        OnDelete::Cascade => quote!(#p::OnDelete::Cascade),
        OnDelete::SetNull => quote!(#p::OnDelete::SetNull),
    };
    Some(quote!(#p::ForeignKey { column: #place, parent: #p::table_of::<#parent>, on_delete: #on_delete }))
}

fn login(Login { hash, previous }: Login) -> TokenStream {
    let p = runtime();
    let previous =
        option(previous.map(|(hash, expires_at)| quote!(#p::PreviousKey { hash: #hash, expires_at: #expires_at })));
    quote!(#p::Login { hash: #hash, previous: #previous })
}

fn option(value: Option<TokenStream>) -> TokenStream {
    if let Some(value) = value {
        quote!(::core::option::Option::Some(#value))
    } else {
        quote!(::core::option::Option::None)
    }
}

pub(super) fn text(value: Option<&str>) -> TokenStream {
    option(value.map(|text| quote!(#text)))
}
