//! `encrypted`, and what it says in parentheses.

use proc_macro2::Ident;
use syn::{Expr, ExprCall, ExprLit, Lit};

use super::arg::Form;
use super::written::keep;
use super::{Arg, Written};
use crate::diagnostics::Diagnostics;
use crate::suggest;
use crate::symbol;

/// The longest value that is sealed, and so the longest fixed length.
const LONGEST_VALUE: u32 = 16 * 1024 * 1024;

/// `encrypted(context = "users.email", bind = tenant, pad = fixed(64))`, as written.
#[derive(Default)]
pub(crate) struct Encrypted {
    pub(crate) context: Option<Written<String>>,
    pub(crate) bind: Option<Written<Binding>>,
    pub(crate) pad: Option<Written<Padding>>,
    pub(crate) migrate_from: Option<Written<String>>,
}

/// What a sealed value is bound to beside its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binding {
    Row,
    Tenant,
    Column,
}

/// How a sealed value's length is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Padding {
    None,
    Block(u16),
    Fixed(u32),
}

impl Encrypted {
    pub(super) fn read(arg: &Arg, diagnostics: &Diagnostics) -> Written<Self> {
        let mut encrypted = Self::default();
        let options = match &arg.form {
            Form::Bare => Vec::new(),
            Form::List(tokens) => Arg::list(tokens.clone(), diagnostics),
            _ => arg.refuse(symbol::ENCRYPTED, "takes its arguments in parentheses", diagnostics).unwrap_or_default(),
        };
        for option in &options {
            encrypted.word(option, diagnostics);
        }
        Written::new(encrypted, &arg.name)
    }

    fn word(&mut self, option: &Arg, diagnostics: &Diagnostics) {
        if option.name == symbol::CONTEXT {
            let context = option.text(symbol::CONTEXT, diagnostics);
            keep(&mut self.context, "context", option, context, diagnostics);
        } else if option.name == symbol::BIND {
            keep(&mut self.bind, "bind", option, binding(option, diagnostics), diagnostics);
        } else if option.name == symbol::PAD {
            keep(&mut self.pad, "pad", option, padding(option, diagnostics), diagnostics);
        } else if option.name == symbol::MIGRATE_FROM {
            let plain = option.text(symbol::MIGRATE_FROM, diagnostics);
            keep(&mut self.migrate_from, "migrate_from", option, plain, diagnostics);
        } else {
            option.unknown("inside `encrypted(…)`", symbol::IN_ENCRYPTED, &[], diagnostics);
        }
    }
}

fn binding(option: &Arg, diagnostics: &Diagnostics) -> Option<Written<Binding>> {
    let written = option.ident(symbol::BIND, diagnostics)?;
    let binding = match written.to_string().as_str() {
        "row" => Binding::Row,
        "tenant" => Binding::Tenant,
        "column" => Binding::Column,
        other => {
            let help = format!("use one of {}", suggest::list(symbol::BINDINGS.iter().copied()));
            diagnostics.error(&written, format_args!("a sealed value cannot be bound to `{other}`"), help);
            return None;
        }
    };
    Some(Written::new(binding, written))
}

/// `none`, `block(16)`, `fixed(64)`
fn padding(option: &Arg, diagnostics: &Diagnostics) -> Option<Written<Padding>> {
    let refuse = || {
        let help = "use `none`, `block(n)` with n from 2 to 65535, or `fixed(n)` with n from 1 to 16777216";
        diagnostics.error(option, "`pad` says how a value's length is hidden", help);
        None
    };
    let Form::Value(value) = &option.form else { return refuse() };
    let padding = match value {
        Expr::Path(path) if path.path.is_ident("none") => Some(Padding::None),
        Expr::Call(call) => sized(call),
        _ => None,
    };
    padding.map_or_else(refuse, |padding| Some(Written::new(padding, option)))
}

fn sized(call: &ExprCall) -> Option<Padding> {
    let Expr::Path(name) = &*call.func else { return None };
    let name: &Ident = name.path.get_ident()?;
    let mut arguments = call.args.iter();
    let (Some(Expr::Lit(ExprLit { lit: Lit::Int(size), .. })), None) = (arguments.next(), arguments.next()) else {
        return None;
    };
    match name.to_string().as_str() {
        "block" => size.base10_parse().ok().filter(|size| *size > 1).map(Padding::Block),
        "fixed" => size.base10_parse().ok().filter(|size| (1..=LONGEST_VALUE).contains(size)).map(Padding::Fixed),
        _ => None,
    }
}
