//! `default`, `default = …` and `default(sql = "…")` on a field.

use syn::{Expr, ExprLit, ExprPath, ExprUnary, Lit, UnOp};

use super::arg::Form;
use super::{Arg, Written};
use crate::diagnostics::Diagnostics;
use crate::symbol;

/// A field's default, and where it was written.
pub(crate) type Default = Written<DefaultKind>;

/// What the database fills in.
#[derive(Debug, Clone)]
pub(crate) enum DefaultKind {
    /// `default`: the type's empty value.
    Empty,
    /// `default = true`
    Bool(bool),
    /// `default = 0`
    Integer(i64),
    /// `default = "UTC"`
    Text(String),
    /// `default = Status::Draft`
    Variant(ExprPath),
    /// `default(sql = "…")`
    Sql(String),
}

pub(super) fn read(arg: &Arg, diagnostics: &Diagnostics) -> Option<Default> {
    match &arg.form {
        Form::Bare => Some(Written::new(DefaultKind::Empty, &arg.name)),
        Form::Value(value) => match literal(value) {
            Some(kind) => Some(Written::new(kind, value)),
            None => refuse(arg, diagnostics),
        },
        Form::List(_) => match arg.nested(symbol::DEFAULT, diagnostics)?.as_slice() {
            [option] if option.name == symbol::DEFAULT_SQL => {
                let sql = option.text(symbol::DEFAULT_SQL, diagnostics)?;
                Some(Written::new(DefaultKind::Sql(sql.value.clone()), sql))
            }
            _ => refuse(arg, diagnostics),
        },
        Form::Followed(_) | Form::Typed(_) => refuse(arg, diagnostics),
    }
}

fn refuse(arg: &Arg, diagnostics: &Diagnostics) -> Option<Default> {
    diagnostics.error(
        arg,
        "`default` takes a boolean, a whole number, a text, or a variant of the field's enum",
        "write `default = true`, `default = 0`, `default = \"UTC\"` or `default = Status::Draft`; `default` alone for the \
         type's empty value; `default(sql = \"…\")` for anything else",
    );
    None
}

fn literal(value: &Expr) -> Option<DefaultKind> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(DefaultKind::Bool(value.value)),
        Expr::Lit(ExprLit { lit: Lit::Int(value), .. }) => value.base10_parse().ok().map(DefaultKind::Integer),
        Expr::Lit(ExprLit { lit: Lit::Str(value), .. }) => Some(DefaultKind::Text(value.value())),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match &**expr {
            // Read with its sign: the smallest integer has no positive twin.
            Expr::Lit(ExprLit { lit: Lit::Int(value), .. }) => {
                format!("-{}", value.base10_digits()).parse().ok().map(DefaultKind::Integer)
            }
            _ => None,
        },
        Expr::Path(path) => Some(DefaultKind::Variant(path.clone())),
        _ => None,
    }
}
