//! A typed condition, and how conditions combine.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use crate::error::{Error, Result};
use crate::sql::Node;

use super::blind::BlindPredicate;

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
    /// What this and a plain condition are together.
    type And;

    /// The condition, as what may hold searches of sealed columns.
    #[doc(hidden)]
    fn into_blind(self) -> BlindPredicate<M>;

    /// This condition after a plain one.
    #[doc(hidden)]
    fn after(self, first: Predicate<M>) -> Self::And;
}

impl<M> IntoPredicate<M> for Predicate<M> {
    type And = Self;

    fn into_blind(self) -> BlindPredicate<M> {
        BlindPredicate::plain(self.node)
    }

    fn after(self, first: Self) -> Self {
        first.combine(self, Node::and)
    }
}

/// A condition that may stand under `|`: one that the database decides alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand beside `|` in a condition on rows of `{M}`",
    label = "expected a condition on plain columns of `{M}`",
    note = "rows that a blind index finds are opened and compared, so it combines by `&` alone: `in_` takes several values"
)]
pub trait IntoAlternative<M>: IntoPredicate<M> {
    /// The condition.
    #[doc(hidden)]
    fn into_alternative(self) -> Predicate<M>;
}

impl<M> IntoAlternative<M> for Predicate<M> {
    fn into_alternative(self) -> Self {
        self
    }
}

fn both(left: Result<Node>, right: Result<Node>) -> Result<(Node, Node), Error> {
    Ok((left?, right?))
}

impl<M, P: IntoPredicate<M>> BitAnd<P> for Predicate<M> {
    type Output = P::And;

    fn bitand(self, other: P) -> P::And {
        other.after(self)
    }
}

impl<M, P: IntoAlternative<M>> BitOr<P> for Predicate<M> {
    type Output = Self;

    fn bitor(self, other: P) -> Self {
        self.combine(other.into_alternative(), Node::or)
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
