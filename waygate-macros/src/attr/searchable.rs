//! `searchable`, and what it says in parentheses.

use syn::{Expr, ExprCall, ExprLit, Lit};

use super::arg::Form;
use super::written::keep;
use super::{Arg, Written};
use crate::diagnostics::Diagnostics;
use crate::suggest;
use crate::symbol;

/// `searchable(bits = 24, normalize = lower, scope = app, unique)`, as written.
#[derive(Default)]
pub(crate) struct Searchable {
    pub(crate) bits: Option<Written<u64>>,
    pub(crate) normalize: Option<Written<Normalizer>>,
    pub(crate) scope: Option<Written<SearchScope>>,
    pub(crate) unique: Option<Written<()>>,
}

/// What makes two values one when they are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Normalizer {
    Exact,
    Lower,
    Trim,
    TrimLower,
    Digits,
    Last(u16),
}

/// Whose key the index is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SearchScope {
    Tenant,
    App,
}

impl Searchable {
    pub(super) fn read(arg: &Arg, diagnostics: &Diagnostics) -> Written<Self> {
        let mut searchable = Self::default();
        let options = match &arg.form {
            Form::Bare => Vec::new(),
            Form::List(tokens) => Arg::list(tokens.clone(), diagnostics),
            _ => arg.refuse(symbol::SEARCHABLE, "takes its arguments in parentheses", diagnostics).unwrap_or_default(),
        };
        for option in &options {
            searchable.word(option, diagnostics);
        }
        Written::new(searchable, &arg.name)
    }

    fn word(&mut self, option: &Arg, diagnostics: &Diagnostics) {
        if option.name == symbol::BITS {
            keep(&mut self.bits, "bits", option, option.number(symbol::BITS, diagnostics), diagnostics);
        } else if option.name == symbol::NORMALIZE {
            keep(&mut self.normalize, "normalize", option, normalizer(option, diagnostics), diagnostics);
        } else if option.name == symbol::SEARCH_SCOPE {
            keep(&mut self.scope, "scope", option, scope(option, diagnostics), diagnostics);
        } else if option.name == symbol::UNIQUE_VALUE {
            let flag = Some(option.flag(symbol::UNIQUE_VALUE, diagnostics));
            keep(&mut self.unique, "unique", option, flag, diagnostics);
        } else {
            option.unknown("inside `searchable(…)`", symbol::IN_SEARCHABLE, &[], diagnostics);
        }
    }
}

/// `lower`, `last(4)`
fn normalizer(option: &Arg, diagnostics: &Diagnostics) -> Option<Written<Normalizer>> {
    let Form::Value(value) = &option.form else {
        return option.refuse(symbol::NORMALIZE, "names what makes two values one", diagnostics);
    };
    let normalizer = match value {
        Expr::Path(path) => path.path.get_ident().and_then(|name| match name.to_string().as_str() {
            "exact" => Some(Normalizer::Exact),
            "lower" => Some(Normalizer::Lower),
            "trim" => Some(Normalizer::Trim),
            "trim_lower" => Some(Normalizer::TrimLower),
            "digits" => Some(Normalizer::Digits),
            _ => None,
        }),
        Expr::Call(call) => last(call),
        _ => None,
    };
    if normalizer.is_none() {
        let help = format!("use one of {}, with n from 1 to 65535", suggest::list(symbol::NORMALIZERS.iter().copied()));
        diagnostics.error(value, "values cannot be normalized so", help);
    }
    normalizer.map(|normalizer| Written::new(normalizer, value))
}

fn last(call: &ExprCall) -> Option<Normalizer> {
    let Expr::Path(name) = &*call.func else { return None };
    let mut arguments = call.args.iter();
    let (Some(Expr::Lit(ExprLit { lit: Lit::Int(count), .. })), None) = (arguments.next(), arguments.next()) else {
        return None;
    };
    let count = count.base10_parse().ok().filter(|count| *count > 0);
    count.filter(|_| name.path.is_ident("last")).map(Normalizer::Last)
}

fn scope(option: &Arg, diagnostics: &Diagnostics) -> Option<Written<SearchScope>> {
    let written = option.ident(symbol::SEARCH_SCOPE, diagnostics)?;
    let scope = match written.to_string().as_str() {
        "tenant" => SearchScope::Tenant,
        "app" => SearchScope::App,
        other => {
            let help = format!("use one of {}", suggest::list(symbol::SEARCH_SCOPES.iter().copied()));
            diagnostics.error(&written, format_args!("a blind index has no scope `{other}`"), help);
            return None;
        }
    };
    Some(Written::new(scope, written))
}
