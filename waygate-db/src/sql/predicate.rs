//! Conditions over one table's columns.

use crate::schema::{SqlType, Table};
use crate::value::Param;

use super::identifier::ident;
use super::statement::Writer;

/// A condition, as a tree.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// `column operator $n`
    Compare { column: usize, operator: Operator, value: Param },
    /// `column = ANY($n)`
    AnyOf { column: usize, values: Param },
    /// `column IS NULL`
    IsNull { column: usize },
    /// All of them; flat, so that a long chain is no deep tree
    All(Vec<Node>),
    /// Any of them; flat too
    Any(Vec<Node>),
    /// Not
    Not(Box<Node>),
}

impl Node {
    /// Both conditions.
    pub(crate) fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut parts) => {
                parts.push(other);
                Self::All(parts)
            }
            first => Self::All(vec![first, other]),
        }
    }

    /// Either condition.
    pub(crate) fn or(self, other: Self) -> Self {
        match self {
            Self::Any(mut parts) => {
                parts.push(other);
                Self::Any(parts)
            }
            first => Self::Any(vec![first, other]),
        }
    }
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    ILike,
    /// The left array or JSON contains the right one.
    Contains,
    /// The arrays share an element.
    Overlaps,
}

impl Operator {
    fn sql(self) -> &'static str {
        match self {
            Self::Equal => " = ",
            // NULL is a value like others here: `ne` on a nullable column also finds rows without one.
            Self::NotEqual => " IS DISTINCT FROM ",
            Self::Less => " < ",
            Self::LessOrEqual => " <= ",
            Self::Greater => " > ",
            Self::GreaterOrEqual => " >= ",
            Self::Like => " LIKE ",
            Self::ILike => " ILIKE ",
            Self::Contains => " @> ",
            Self::Overlaps => " && ",
        }
    }
}

/// Writes a condition, in parentheses.
pub(super) fn push_predicate(out: &mut Writer, table: &Table, node: Node) {
    match node {
        Node::Compare { column, operator, value } => {
            let column = table.column_at(column);
            out.push(ident(column.name)).push(operator.sql());
            match operator {
                Operator::Like | Operator::ILike => out.bind(value, &SqlType::Text),
                _ => out.bind(value, &column.ty),
            };
        }
        Node::AnyOf { column, values } => {
            let column = table.column_at(column);
            out.push(ident(column.name)).push(" = ANY(");
            out.bind(values, &SqlType::Array(&column.ty)).push(")");
        }
        Node::IsNull { column } => {
            out.push(ident(table.column_at(column).name)).push(" IS NULL");
        }
        Node::All(parts) => push_joined(out, table, parts, " AND "),
        Node::Any(parts) => push_joined(out, table, parts, " OR "),
        Node::Not(inner) => {
            out.push("NOT (");
            push_predicate(out, table, *inner);
            out.push(")");
        }
    }
}

fn push_joined(out: &mut Writer, table: &Table, parts: Vec<Node>, between: &str) {
    out.push("(");
    for (place, part) in parts.into_iter().enumerate() {
        if place > 0 {
            out.push(between);
        }
        push_predicate(out, table, part);
    }
    out.push(")");
}
