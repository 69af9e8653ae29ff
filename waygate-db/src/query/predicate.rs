//! A typed condition, and how conditions combine.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use crate::error::{Error, Result};
use crate::sql::Node;

/// A condition on rows of `M`; combine with `&`, `|` and `!`.
///
/// A value that cannot be encoded is reported when the query runs.
#[must_use]
pub struct Predicate<M> {
    node: Result<Node>,
    model: PhantomData<fn() -> M>,
}

impl<M> Predicate<M> {
    pub(super) fn of(node: Result<Node>) -> Self {
        Self { node, model: PhantomData }
    }

    pub(super) fn into_node(self) -> Result<Node> {
        self.node
    }

    fn combine(self, other: Self, how: impl FnOnce(Node, Node) -> Node) -> Self {
        Self::of(both(self.node, other.node).map(|(left, right)| how(left, right)))
    }
}

/// A condition where one on rows of `M` is asked for.
#[diagnostic::on_unimplemented(
    message = "rows of `{M}` cannot be filtered by `{Self}`",
    label = "expected a condition on columns of `{M}`",
    note = "to filter by another model's column, write the join in `{M}::sql(\"SELECT i.* FROM … WHERE …\")`"
)]
pub trait IntoPredicate<M> {
    /// The condition.
    fn into_predicate(self) -> Predicate<M>;
}

impl<M> IntoPredicate<M> for Predicate<M> {
    fn into_predicate(self) -> Self {
        self
    }
}

fn both(left: Result<Node>, right: Result<Node>) -> Result<(Node, Node), Error> {
    Ok((left?, right?))
}

impl<M, P: IntoPredicate<M>> BitAnd<P> for Predicate<M> {
    type Output = Self;

    fn bitand(self, other: P) -> Self {
        self.combine(other.into_predicate(), Node::and)
    }
}

impl<M, P: IntoPredicate<M>> BitOr<P> for Predicate<M> {
    type Output = Self;

    fn bitor(self, other: P) -> Self {
        self.combine(other.into_predicate(), Node::or)
    }
}

impl<M> Not for Predicate<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::of(self.node.map(|node| Node::Not(Box::new(node))))
    }
}

impl<M> std::fmt::Debug for Predicate<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Predicate").field(&self.node).finish()
    }
}
