//! `eq` and `in_`: asked of the database for plain columns, of a blind index for searchable ones.

use std::marker::PhantomData;

use crate::crypto::{Encrypted, Sealable, Searchable};
use crate::model::Model;
use crate::sql::{Node, Operator};
use crate::value::{Element, Param, Value};

use super::Predicate;
use super::blind::BlindPredicate;

/// Stands in the columns struct for the type of a field that is sealed and `searchable`: such a column has `eq` and
/// `in_`, and nothing else.
#[derive(Debug)]
pub struct Searched<F>(PhantomData<fn() -> F>);

/// A type whose columns are asked for one value, and the condition `C` that comes of it.
///
/// The condition is a parameter, because rustc tells of a method whose answer it cannot name that it is not there.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be filtered by `eq`",
    label = "this column cannot be searched",
    note = "a sealed column holds ciphertext: mark its field `#[model(encrypted, searchable)]`, or find the row by another \
            column"
)]
pub trait Equality<M: Model, C, O> {
    /// The column at this place holds the value.
    #[doc(hidden)]
    fn equal(column: usize, value: O) -> C;
}

/// A type whose columns are asked for one of several values, and the condition `C` that comes of it.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be filtered by `in_`",
    label = "this column cannot be searched",
    note = "a sealed column holds ciphertext: mark its field `#[model(encrypted, searchable)]`, or find the row by another \
            column"
)]
pub trait Membership<M: Model, C, O> {
    /// The column at this place holds one of the values.
    #[doc(hidden)]
    fn one_of(column: usize, values: Vec<O>) -> C;
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: Value> Equality<M, Predicate<M>, T::Base> for T {
    fn equal(column: usize, value: T::Base) -> Predicate<M> {
        let value = Param::of(&value);
        Predicate::of(value.map(|value| Node::Compare { column, operator: Operator::Equal, value }))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: Value<Base: Element<Base = <T as Value>::Base>>> Membership<M, Predicate<M>, T::Base> for T {
    fn one_of(column: usize, values: Vec<T::Base>) -> Predicate<M> {
        Predicate::of(Param::of(&values).map(|values| Node::AnyOf { column, values }))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, F: Searchable> Equality<M, BlindPredicate<M>, Encrypted<F::Value>> for Searched<F> {
    fn equal(column: usize, value: Encrypted<F::Value>) -> BlindPredicate<M> {
        Self::one_of(column, vec![value])
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, F: Searchable> Membership<M, BlindPredicate<M>, Encrypted<F::Value>> for Searched<F> {
    fn one_of(column: usize, values: Vec<Encrypted<F::Value>>) -> BlindPredicate<M> {
        BlindPredicate::of(column, values.iter().map(Sealable::plaintext))
    }
}
