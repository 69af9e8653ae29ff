//! The words on a struct.

use proc_macro2::Ident;
use syn::{DeriveInput, Path, Visibility};

use super::arg::Form;
use super::written::keep;
use super::{Arg, Field, FieldAttrs, Index, Written, comment, index, item};
use crate::diagnostics::Diagnostics;
use crate::symbol;

/// A struct, its words and its fields.
pub(crate) struct Model<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) vis: &'a Visibility,
    pub(crate) attrs: ModelAttrs,
    pub(crate) comment: Option<String>,
    pub(crate) fields: Vec<Field<'a>>,
}

/// The words on a struct, as written.
#[derive(Default)]
pub(crate) struct ModelAttrs {
    pub(crate) table: Option<Written<String>>,
    pub(crate) shared: Option<Written<()>>,
    pub(crate) through: Option<Through>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) has_many: Vec<HasMany>,
    pub(crate) append_only: Option<Written<()>>,
    pub(crate) renamed_from: Option<Written<String>>,
    /// Whether a table name is there, even one that does not read: then its absence is not reported too.
    pub(crate) names_table: bool,
    /// Whether a scope is there, even one that does not read.
    pub(crate) names_scope: bool,
}

/// `tenant(through = action_id, owner = tenant_id)`: fields, by their Rust names.
pub(crate) struct Through {
    pub(crate) word: Ident,
    pub(crate) column: Ident,
    pub(crate) owner: Option<Ident>,
}

/// One relation of `has_many(actions: Action)`.
pub(crate) struct HasMany {
    pub(crate) name: Ident,
    pub(crate) child: Path,
}

impl<'a> Model<'a> {
    /// Reads a struct; `None`, with an error, for an item that cannot be a model.
    pub(crate) fn read(input: &'a DeriveInput, diagnostics: &Diagnostics) -> Option<Self> {
        let fields = item::named_fields(input, diagnostics)?;
        let read = |(ident, field): (&'a Ident, &'a syn::Field)| {
            let attrs = FieldAttrs::read(&Arg::of(&field.attrs, diagnostics), diagnostics);
            Field { ident, ty: &field.ty, attrs, comment: comment::read(&field.attrs, diagnostics) }
        };
        let attrs = ModelAttrs::read(&Arg::of(&input.attrs, diagnostics), diagnostics);
        let comment = comment::read(&input.attrs, diagnostics);
        let fields = fields.into_iter().map(read).collect();
        Some(Self { ident: &input.ident, vis: &input.vis, attrs, comment, fields })
    }
}

impl ModelAttrs {
    fn read(args: &[Arg], diagnostics: &Diagnostics) -> Self {
        let mut attrs = Self::default();
        for arg in args {
            attrs.word(arg, diagnostics);
        }
        attrs
    }

    fn word(&mut self, arg: &Arg, diagnostics: &Diagnostics) {
        let name = &arg.name;
        if *name == symbol::TABLE {
            self.names_table = true;
            keep(&mut self.table, "table", arg, arg.text(symbol::TABLE, diagnostics), diagnostics);
        } else if *name == symbol::SHARED {
            keep(&mut self.shared, "shared", arg, Some(arg.flag(symbol::SHARED, diagnostics)), diagnostics);
        } else if *name == symbol::TENANT {
            self.names_scope = true;
            keep(&mut self.through, "tenant", arg, through(arg, diagnostics), diagnostics);
        } else if *name == symbol::UNIQUE || *name == symbol::INDEX {
            self.indexes.extend(index::on_struct(arg, diagnostics));
        } else if *name == symbol::HAS_MANY {
            self.has_many.extend(has_many(arg, diagnostics));
        } else if *name == symbol::APPEND_ONLY {
            keep(
                &mut self.append_only,
                "append_only",
                arg,
                Some(arg.flag(symbol::APPEND_ONLY, diagnostics)),
                diagnostics,
            );
        } else if *name == symbol::RENAMED_FROM {
            keep(&mut self.renamed_from, "renamed_from", arg, arg.text(symbol::RENAMED_FROM, diagnostics), diagnostics);
        } else {
            let near = arg.unknown("on a struct", symbol::ON_STRUCT, &[("on a field", symbol::ON_FIELD)], diagnostics);
            self.names_table |= near == Some(symbol::TABLE.name);
            self.names_scope |= near == Some(symbol::TENANT.name) || near == Some(symbol::SHARED.name);
        }
    }
}

fn through(arg: &Arg, diagnostics: &Diagnostics) -> Option<Through> {
    let Form::List(tokens) = &arg.form else {
        diagnostics.error(
            arg,
            "`tenant` on a struct says through which field a parent is reached",
            "write `tenant(through = parent_id)` here, or `#[model(tenant)]` on the field that holds the tenant",
        );
        return None;
    };
    let (mut column, mut owner, mut all_known) = (None, None, true);
    for option in Arg::list(tokens.clone(), diagnostics) {
        if option.name == symbol::THROUGH {
            keep(&mut column, "through", &option, option.ident(symbol::THROUGH, diagnostics), diagnostics);
        } else if option.name == symbol::OWNER {
            keep(&mut owner, "owner", &option, option.ident(symbol::OWNER, diagnostics), diagnostics);
        } else {
            option.unknown("inside `tenant(…)`", symbol::IN_TENANT, &[], diagnostics);
            all_known = false;
        }
    }
    match column {
        Some(column) => Some(Through { word: arg.name.clone(), column, owner }),
        None if all_known => {
            arg.refuse(symbol::TENANT_THROUGH, "on a struct says through which field a parent is reached", diagnostics)
        }
        None => None,
    }
}

fn has_many(arg: &Arg, diagnostics: &Diagnostics) -> Vec<HasMany> {
    let Some(relations) = arg.nested(symbol::HAS_MANY, diagnostics) else { return Vec::new() };
    let mut found = Vec::new();
    for relation in relations {
        match relation.form {
            Form::Typed(child) => found.push(HasMany { name: relation.name, child }),
            _ => diagnostics.error(
                &relation,
                "a relation is a name and the children's model",
                format_args!("write `{}`", symbol::HAS_MANY.form),
            ),
        }
    }
    found
}
