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

/// A type whose columns are asked for one value.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be filtered by `eq` or `in_`",
    label = "this column cannot be searched",
    note = "a sealed column holds ciphertext: mark its field `#[model(encrypted, searchable)]`, or find the row by another \
            column"
)]
pub trait Equality<M: Model> {
    /// What the column is compared with.
    type Operand;
    /// The condition.
    type Condition;

    /// The column at this place holds the value.
    #[doc(hidden)]
    fn equal(column: usize, value: Self::Operand) -> Self::Condition;
}

/// A type whose columns are asked for one of several values.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be filtered by `in_`",
    label = "this column cannot be asked for one of several values",
    note = "a sealed column holds ciphertext: mark its field `#[model(encrypted, searchable)]`, or find the row by another \
            column"
)]
pub trait Membership<M: Model>: Equality<M> {
    /// The column at this place holds one of the values.
    #[doc(hidden)]
    fn one_of(column: usize, values: Vec<Self::Operand>) -> Self::Condition;
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: Value> Equality<M> for T {
    type Operand = T::Base;
    type Condition = Predicate<M>;

    fn equal(column: usize, value: T::Base) -> Predicate<M> {
        let value = Param::of(&value);
        Predicate::of(value.map(|value| Node::Compare { column, operator: Operator::Equal, value }))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: Value<Base: Element<Base = <T as Value>::Base>>> Membership<M> for T {
    fn one_of(column: usize, values: Vec<T::Base>) -> Predicate<M> {
        Predicate::of(Param::of(&values).map(|values| Node::AnyOf { column, values }))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, F: Searchable> Equality<M> for Searched<F> {
    type Operand = Encrypted<F::Value>;
    type Condition = BlindPredicate<M>;

    fn equal(column: usize, value: Encrypted<F::Value>) -> BlindPredicate<M> {
        Self::one_of(column, vec![value])
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, F: Searchable> Membership<M> for Searched<F> {
    fn one_of(column: usize, values: Vec<Encrypted<F::Value>>) -> BlindPredicate<M> {
        BlindPredicate::of(column, values.iter().map(Sealable::plaintext))
    }
}
