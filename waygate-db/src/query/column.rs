//! A column in filters and orders.

use std::fmt;
use std::marker::PhantomData;

use crate::model::Model;
use crate::sql::{Node, Operator, Order};
use crate::value::{Element, IntoValue, Json, Param, Value};

use super::Predicate;
use super::equality::{Equality, Membership, Searched};

/// A column of `M` that holds a `T`: a field of the columns struct that filters and orders borrow.
///
/// The comparisons need a `T` that PostgreSQL can compare; a sealed column has none.
pub struct Col<M, T> {
    index: usize,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Clone for Col<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Col<M, T> {}

impl<M, T> fmt::Debug for Col<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Col({})", self.index)
    }
}

impl<M, T> Col<M, T> {
    /// The column at this place of its table.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(index: usize) -> Self {
        Self { index, types: PhantomData }
    }
}

/// A type whose columns can be compared in filters and ordered by.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be filtered or ordered by",
    label = "PostgreSQL has no comparison for this column",
    note = "a sealed column holds ciphertext: `searchable` gives it `eq` and `in_`, and nothing gives it an order",
    note = "find the row by another column, then read the opened value"
)]
pub trait Comparable {
    /// The type without its `Option`.
    type Operand: Value;
}

#[diagnostic::do_not_recommend]
impl<T: Value> Comparable for T {
    type Operand = T::Base;
}

/// Columns of every comparable type. A nullable column takes operands of its inner type.
impl<M: Model, T> Col<M, T> {
    /// `column = value`. A sealed column that is `searchable` has it too, by its blind index.
    pub fn eq<C, O>(self, value: impl IntoValue<O>) -> C
    where
        T: Equality<M, C, O>,
    {
        T::equal(self.index, value.into_value())
    }

    /// The column differs from the value; a nullable column without a value differs too.
    pub fn ne<O: Value>(self, value: impl IntoValue<O>) -> Predicate<M>
    where
        T: Comparable<Operand = O>,
    {
        self.compare(Operator::NotEqual, &value.into_value())
    }

    /// `column < value`
    pub fn lt<O: Value>(self, value: impl IntoValue<O>) -> Predicate<M>
    where
        T: Comparable<Operand = O>,
    {
        self.compare(Operator::Less, &value.into_value())
    }

    /// `column <= value`
    pub fn le<O: Value>(self, value: impl IntoValue<O>) -> Predicate<M>
    where
        T: Comparable<Operand = O>,
    {
        self.compare(Operator::LessOrEqual, &value.into_value())
    }

    /// `column > value`
    pub fn gt<O: Value>(self, value: impl IntoValue<O>) -> Predicate<M>
    where
        T: Comparable<Operand = O>,
    {
        self.compare(Operator::Greater, &value.into_value())
    }

    /// `column >= value`
    pub fn ge<O: Value>(self, value: impl IntoValue<O>) -> Predicate<M>
    where
        T: Comparable<Operand = O>,
    {
        self.compare(Operator::GreaterOrEqual, &value.into_value())
    }

    /// The column is one of these values. No value at all finds no row. A sealed column that is `searchable` has it too.
    pub fn in_<C, O>(self, values: impl IntoIterator<Item = impl IntoValue<O>>) -> C
    where
        T: Membership<M, C, O>,
    {
        T::one_of(self.index, values.into_iter().map(IntoValue::into_value).collect())
    }

    /// From low to high.
    #[must_use]
    pub fn asc(self) -> Orders<M>
    where
        T: Comparable,
    {
        Orders::one(Order { column: self.index, descending: false })
    }

    /// From high to low.
    #[must_use]
    pub fn desc(self) -> Orders<M>
    where
        T: Comparable,
    {
        Orders::one(Order { column: self.index, descending: true })
    }

    fn compare<V: Value>(self, operator: Operator, value: &V) -> Predicate<M> {
        Predicate::of(Param::of(value).map(|value| Node::Compare { column: self.index, operator, value }))
    }
}

impl<M: Model, T> Col<M, Option<T>> {
    /// The column has no value. Works on sealed columns too: whether a value is there is visible.
    pub fn is_null(self) -> Predicate<M> {
        Predicate::of(Ok(Node::IsNull { column: self.index }))
    }

    /// The column has a value. Works on sealed columns too: whether a value is there is visible.
    pub fn is_not_null(self) -> Predicate<M> {
        !self.is_null()
    }
}

/// Searchable columns.
impl<M: Model, F> Col<M, Searched<Option<F>>> {
    /// The column has no value; whether a value is there is visible.
    pub fn is_null(self) -> Predicate<M> {
        Predicate::of(Ok(Node::IsNull { column: self.index }))
    }

    /// The column has a value; whether a value is there is visible.
    pub fn is_not_null(self) -> Predicate<M> {
        !self.is_null()
    }
}

/// Text columns.
impl<M: Model, T> Col<M, T> {
    /// The text matches the pattern: `%` is any text, `_` any character, `\` takes the next one literally.
    pub fn like(self, pattern: impl IntoValue<String>) -> Predicate<M>
    where
        T: Comparable<Operand = String>,
    {
        self.compare(Operator::Like, &pattern.into_value())
    }

    /// As [`like`](Self::like), whatever the case.
    pub fn ilike(self, pattern: impl IntoValue<String>) -> Predicate<M>
    where
        T: Comparable<Operand = String>,
    {
        self.compare(Operator::ILike, &pattern.into_value())
    }

    /// The text contains this one literally, whatever the case.
    pub fn ilike_contains(self, text: impl IntoValue<String>) -> Predicate<M>
    where
        T: Comparable<Operand = String>,
    {
        self.ilike(format!("%{}%", escaped(&text.into_value())))
    }

    /// The text starts with this one literally.
    pub fn starts_with(self, text: impl IntoValue<String>) -> Predicate<M>
    where
        T: Comparable<Operand = String>,
    {
        self.like(format!("{}%", escaped(&text.into_value())))
    }
}

/// Array and JSON columns, nullable or not.
impl<M: Model, T> Col<M, T> {
    /// The array holds all of these elements.
    pub fn contains<E>(self, elements: impl IntoValue<Vec<E>>) -> Predicate<M>
    where
        T: Comparable<Operand = Vec<E>>,
        E: Element<Base = E>,
    {
        self.compare(Operator::Contains, &elements.into_value())
    }

    /// The array holds at least one of these elements.
    pub fn overlaps<E>(self, elements: impl IntoValue<Vec<E>>) -> Predicate<M>
    where
        T: Comparable<Operand = Vec<E>>,
        E: Element<Base = E>,
    {
        self.compare(Operator::Overlaps, &elements.into_value())
    }

    /// The JSON contains this one, as `@>` says: an object with at least these members.
    pub fn contains_json<J>(self, json: serde_json::Value) -> Predicate<M>
    where
        T: Comparable<Operand = Json<J>>,
    {
        self.compare(Operator::Contains, &Json(json))
    }
}

/// Takes the special meaning from a pattern's characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// An order over columns of `M`.
#[derive(Debug, Clone)]
pub struct Orders<M> {
    pub(super) columns: Vec<Order>,
    model: PhantomData<fn() -> M>,
}

impl<M> Orders<M> {
    fn one(order: Order) -> Self {
        Self { columns: vec![order], model: PhantomData }
    }
}

/// One order, or a tuple of up to four.
#[diagnostic::on_unimplemented(
    message = "rows of `{M}` cannot be ordered by `{Self}`",
    label = "expected `asc()` or `desc()` of a column of `{M}`, or a tuple of up to four of them",
    note = "to order by another model's column, write the join in `{M}::sql(\"SELECT i.* FROM … ORDER BY …\")`"
)]
pub trait IntoOrder<M> {
    /// The columns, the most significant first.
    fn into_order(self) -> Orders<M>;
}

impl<M> IntoOrder<M> for Orders<M> {
    fn into_order(self) -> Orders<M> {
        self
    }
}

macro_rules! tuples {
    ($(($($name:ident),+))*) => {$(
        impl<M> IntoOrder<M> for ($(tuples!(@ $name M),)+) {
            #[expect(non_snake_case, reason = "the macro names each part by one letter")]
            fn into_order(self) -> Orders<M> {
                let ($($name,)+) = self;
                let mut columns = Vec::new();
                $(columns.extend($name.columns);)+
                Orders { columns, model: PhantomData }
            }
        }
    )*};
    (@ $name:ident $model:ident) => { Orders<$model> };
}

tuples! { (A, B) (A, B, C) (A, B, C, D) }
