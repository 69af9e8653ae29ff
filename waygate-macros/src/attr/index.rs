//! `index(…)` and `unique(…)`, on the struct and on a field.

use proc_macro2::Ident;
use quote::ToTokens;

use super::arg::Form;
use super::written::keep;
use super::{Arg, Written};
use crate::diagnostics::Diagnostics;
use crate::suggest;
use crate::symbol;

/// An index as it is written.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    /// `index` or `unique`, for errors about the whole.
    pub(crate) word: Ident,
    pub(crate) unique: bool,
    /// The fields, in order; none on a field, which is itself the column.
    pub(crate) columns: Vec<IndexColumn>,
    pub(crate) name: Option<Written<String>>,
    pub(crate) method: Option<Written<Method>>,
    pub(crate) predicate: Option<Written<String>>,
    /// `desc` on a field.
    pub(crate) descending: Option<Written<()>>,
}

/// One column of an index: a field, by its Rust name.
#[derive(Debug, Clone)]
pub(crate) struct IndexColumn {
    pub(crate) field: Ident,
    pub(crate) descending: bool,
}

/// An index's access method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Btree,
    Gin,
}

/// `index(a, b desc, using = gin, …)` on the struct.
pub(super) fn on_struct(arg: &Arg, diagnostics: &Diagnostics) -> Option<Index> {
    let unique = arg.name == symbol::UNIQUE;
    let word = if unique { symbol::UNIQUE_OVER } else { symbol::INDEX_OVER };
    let Form::List(tokens) = &arg.form else {
        return arg.refuse(word, "on a struct names its fields", diagnostics);
    };
    let mut index = Index::empty(&arg.name, unique);
    for part in Arg::list(tokens.clone(), diagnostics) {
        match &part.form {
            Form::Bare => index.columns.push(IndexColumn { field: part.name, descending: false }),
            Form::Followed(order) if order == "desc" || order == "asc" => {
                index.columns.push(IndexColumn { descending: order == "desc", field: part.name });
            }
            Form::Followed(order) => diagnostics.error(
                order,
                format_args!("`{order}` is not an order"),
                format_args!("write `{} desc`, or the name alone", part.name),
            ),
            _ => index.option(&part, diagnostics),
        }
    }
    if index.columns.is_empty() {
        return arg.refuse(word, "on a struct names its fields", diagnostics);
    }
    Some(index)
}

/// `index` or `index(name = "…", desc)` on a field.
pub(super) fn on_field(arg: &Arg, diagnostics: &Diagnostics) -> Option<Index> {
    let unique = arg.name == symbol::UNIQUE;
    let mut index = Index::empty(&arg.name, unique);
    match &arg.form {
        Form::Bare => {}
        Form::List(tokens) => {
            for part in Arg::list(tokens.clone(), diagnostics) {
                if part.name == symbol::DESC && !unique {
                    let flag = Some(part.flag(symbol::DESC, diagnostics));
                    keep(&mut index.descending, symbol::DESC.name, &part, flag, diagnostics);
                } else {
                    index.option(&part, diagnostics);
                }
            }
        }
        _ => return arg.refuse(if unique { symbol::UNIQUE } else { symbol::INDEX }, "takes no value", diagnostics),
    }
    Some(index)
}

impl Index {
    fn empty(word: &Ident, unique: bool) -> Self {
        let word = word.clone();
        Self { word, unique, columns: Vec::new(), name: None, method: None, predicate: None, descending: None }
    }

    /// An option that stands on structs and fields alike.
    fn option(&mut self, part: &Arg, diagnostics: &Diagnostics) {
        if part.name == symbol::NAME {
            keep(&mut self.name, "name", part, part.text(symbol::NAME, diagnostics), diagnostics);
        } else if part.name == symbol::WHERE {
            keep(&mut self.predicate, "where", part, part.text(symbol::WHERE, diagnostics), diagnostics);
        } else if part.name == symbol::USING {
            keep(&mut self.method, "using", part, method(part, diagnostics), diagnostics);
        } else if self.unique {
            part.unknown("inside `unique(…)`", symbol::IN_UNIQUE, &[], diagnostics);
        } else {
            part.unknown("inside `index(…)`", symbol::IN_INDEX, &[], diagnostics);
        }
    }
}

impl ToTokens for Index {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        self.word.to_tokens(tokens);
    }
}

fn method(part: &Arg, diagnostics: &Diagnostics) -> Option<Written<Method>> {
    let method = part.ident(symbol::USING, diagnostics)?;
    match method.to_string().as_str() {
        "btree" => Some(Written::new(Method::Btree, method)),
        "gin" => Some(Written::new(Method::Gin, method)),
        other => {
            let methods = suggest::list(symbol::METHODS.iter().copied());
            diagnostics.error(
                &method,
                format_args!("`{other}` is not an index method"),
                format_args!("use one of {methods}"),
            );
            None
        }
    }
}
