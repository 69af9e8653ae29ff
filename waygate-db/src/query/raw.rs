//! [`RawSql`]: rows by a SELECT of the user's own.

use std::marker::PhantomData;

use crate::error::{Error, Kind, Result};
use crate::model::{Model, ReadBy};
use crate::session::{CarriedBy, Executor};
use crate::sql::{self, Bound};
use crate::value::{Json, Param, Value};

use super::read::decode;

/// A SELECT in the making, behind [`Model::sql`](crate::Model::sql), which says what its text may hold.
///
/// ```no_run
/// # use waygate_db::{Id, Model, PgEnum, Result, TenantId, TenantScope};
/// # #[derive(PgEnum, Debug, Clone, Copy)] enum Status { Draft, Final }
/// # #[derive(Model)] #[model(table = "notes")] struct Note {
/// #     #[model(key)] id: Id<Note>, #[model(tenant)] tenant_id: TenantId, text: String, status: Status }
/// # async fn example(acme: TenantScope, words: &str) -> Result<()> {
/// let best = Note::sql(
///     "SELECT *, ts_rank(to_tsvector('english', text), websearch_to_tsquery('english', $1)) AS rank
///      FROM notes
///      WHERE status = $2 AND to_tsvector('english', text) @@ websearch_to_tsquery('english', $1)
///      ORDER BY rank DESC
///      LIMIT 10",
/// )
/// .bind(words)
/// .bind(Status::Final)
/// .all(&acme)
/// .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "raw SQL does nothing until a verb such as `all(&session)` is awaited"]
pub struct RawSql<M: Model> {
    text: &'static str,
    values: Vec<Result<Bound>>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> RawSql<M> {
    pub(crate) fn new(text: &'static str) -> Self {
        Self { text, values: Vec::new(), model: PhantomData }
    }

    /// Gives the next parameter its value: the first call gives `$1`. The parameter has the SQL type of the value; an
    /// enum needs no cast.
    pub fn bind<V: Bind>(mut self, value: V) -> Self {
        let param = Param::of(&value.value());
        self.values.push(param.map(|param| Bound { param, ty: V::Value::TYPE }));
        self
    }

    /// All rows, in the order of the text's ORDER BY.
    ///
    /// # Errors
    ///
    /// [`is_invalid_query`](Error::is_invalid_query) when the text is not one SELECT, holds braces other than
    /// `{columns}`, or its parameters are not as many as the values; [`is_decode`](Error::is_decode) or
    /// [`is_decrypt`](Error::is_decrypt) for a row that does not read, the server's refusals and the connection's
    /// errors.
    pub async fn all<S>(self, session: &S) -> Result<Vec<M>>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        self.rows(session, None).await
    }

    /// The only row.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) without a row, [`is_too_many_rows`](Error::is_too_many_rows) with several;
    /// else as [`all`](Self::all).
    pub async fn one<S>(self, session: &S) -> Result<M>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        self.optional(session).await?.ok_or_else(|| {
            Error::new(Kind::NotFound, format!("{}: the raw SQL gives no row in this scope", M::TABLE.name))
                .help("use `optional` where a row may be missing")
        })
    }

    /// The only row, if there is one.
    ///
    /// # Errors
    ///
    /// [`is_too_many_rows`](Error::is_too_many_rows) with several rows; else as [`all`](Self::all).
    pub async fn optional<S>(self, session: &S) -> Result<Option<M>>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        let mut rows = self.rows(session, Some(2)).await?;
        let row = rows.pop();
        if rows.is_empty() {
            Ok(row)
        } else {
            Err(Error::new(Kind::TooManyRows, format!("{}: the raw SQL gives more than one row", M::TABLE.name))
                .help("select by a unique column, or take the first with ORDER BY and LIMIT 1 in the text"))
        }
    }

    async fn rows<S: Executor>(self, session: &S, limit: Option<u32>) -> Result<Vec<M>> {
        let values = self.values.into_iter().collect::<Result<_>>()?;
        let statement = sql::raw(M::TABLE, session.confined_to(), self.text, values, limit)?;
        let reply = session.run(statement).await.map_err(blame_text::<M>)?;
        decode::<M, S>(session, &reply).await.map_err(blame_text::<M>)
    }
}

/// Names and types that do not fit are the text's: a built query cannot have them wrong.
fn blame_text<M: Model>(error: Error) -> Error {
    let is_ambiguous_or_malformed = error.code().is_some_and(|code| ["42601", "42702", "42804"].contains(&code));
    let is_unknown = error.is_undefined_object() && !error.is_tenant_missing();
    if error.is_decode() || is_ambiguous_or_malformed || is_unknown {
        error.help(format!(
            "check the text's names and types; it gives every column of `{}` once, under its own name: `SELECT \
             {{columns}}`, or `i.*` after a join",
            M::TABLE.name
        ))
    } else {
        error
    }
}

/// The text of raw SQL: a `&'static str`, so that no value can be written into it.
#[diagnostic::on_unimplemented(
    message = "raw SQL is a `&'static str`, not a `{Self}`, so that no value can be written into it",
    label = "expected a string literal",
    note = "write `$1` where the value stands, and give it with `.bind(value)`",
    note = "for a condition that may be there or not, use `Model::query()` with `filter_opt`"
)]
pub trait RawText {
    /// The text.
    fn text(self) -> &'static str;
}

impl RawText for &'static str {
    fn text(self) -> &'static str {
        self
    }
}

/// A value for a parameter of raw SQL: any column's type, and a `&str` for a text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound to a parameter of raw SQL",
    label = "no PostgreSQL type is known for this",
    note = "bind a value of a column's type: a number, a text, a time, an `Id`, an enum with `#[derive(PgEnum)]`, a `Vec` \
            or an `Option` of them",
    note = "a sealed value has no comparison: find its row by another column, then read the opened value"
)]
pub trait Bind {
    /// The column type that the value is bound as.
    type Value: Value;

    /// The value as that type.
    fn value(self) -> Self::Value;
}

#[diagnostic::do_not_recommend]
impl<T: Value> Bind for T {
    type Value = T;

    fn value(self) -> T {
        self
    }
}

/// Binds a type as another.
macro_rules! binds {
    ($($from:ty => $to:ty: $convert:expr;)*) => {$(
        impl Bind for $from {
            type Value = $to;

            fn value(self) -> $to {
                $convert(self)
            }
        }
    )*};
}

binds! {
    &str => String: str::to_owned;
    &String => String: String::clone;
    Option<&str> => Option<String>: |text: Option<&str>| text.map(str::to_owned);
    &[&str] => Vec<String>: |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    serde_json::Value => Json: Json;
}

impl<const N: usize> Bind for [&str; N] {
    type Value = Vec<String>;

    fn value(self) -> Vec<String> {
        self.into_iter().map(str::to_owned).collect()
    }
}
