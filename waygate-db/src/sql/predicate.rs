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
    /// Both
    And(Box<Node>, Box<Node>),
    /// Either
    Or(Box<Node>, Box<Node>),
    /// Not
    Not(Box<Node>),
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
        Node::And(left, right) => push_pair(out, table, *left, " AND ", *right),
        Node::Or(left, right) => push_pair(out, table, *left, " OR ", *right),
        Node::Not(inner) => {
            out.push("NOT (");
            push_predicate(out, table, *inner);
            out.push(")");
        }
    }
}

fn push_pair(out: &mut Writer, table: &Table, left: Node, between: &str, right: Node) {
    out.push("(");
    push_predicate(out, table, left);
    out.push(between);
    push_predicate(out, table, right);
    out.push(")");
}
