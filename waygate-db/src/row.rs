//! Decoding by position, naming table.column in every error.

use postgres_types::{FromSql, Type};

use crate::crypto::{CellContext, Keyring, Movable, Plaintext, Secret, Sought};
use crate::error::{Error, Kind, Result};
use crate::schema::Table;
use crate::value::{Key, Param, Value};

/// A row's cells as the server sent them.
pub(crate) trait Cells {
    /// The bytes and type of the cell at this place; `None` for NULL.
    fn cell(&self, index: usize) -> Option<(&Type, Option<&[u8]>)>;
}

/// One row of a model's columns, in the table's order.
pub struct Row<'a> {
    cells: &'a dyn Cells,
    table: &'static Table,
    keyring: &'a Keyring,
}

impl<'a> Row<'a> {
    pub(crate) fn new(cells: &'a dyn Cells, table: &'static Table, keyring: &'a Keyring) -> Self {
        Self { cells, table, keyring }
    }

    /// Decodes the column at this place.
    ///
    /// # Errors
    ///
    /// [`is_decode`](Error::is_decode) when the database's type is not the field's, or NULL came for a required field.
    pub fn get<T: Value>(&self, index: usize) -> Result<T> {
        let (ty, bytes) = self.cell(index)?;
        if !<T as FromSql>::accepts(ty) {
            return Err(self.refuse(index, &format!("the database sent {ty}, which the field's type does not read")));
        }
        T::from_sql_nullable(ty, bytes).map_err(|_| match bytes {
            None => self.refuse(index, "NULL came for a field that is not an `Option`"),
            Some(_) => self.refuse(index, "the stored value does not fit the field's type"),
        })
    }

    /// Reads the sealed column at this place, and opens it unless its field is opened on demand.
    ///
    /// # Errors
    ///
    /// [`is_decrypt`](Error::is_decrypt) when the value was altered or moved, [`is_key`](Error::is_key) when its key is
    /// not at hand, [`is_decode`](Error::is_decode) when the opened value is not of the field's type.
    pub fn open<T: Secret>(&self, index: usize) -> Result<T> {
        let (_, bytes) = self.cell(index)?;
        let context = self.context(index)?;
        T::read(bytes, &context, self.keyring)
    }

    /// Reads the sealed column at this place, or where that is NULL the plain one at `plain` whose values are being moved
    /// into it. A sealed value that does not open is an error, whatever the plain column holds.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open) and [`get`](Self::get).
    pub fn open_or_plain<T: Movable>(&self, index: usize, plain: usize) -> Result<T> {
        if self.cell(index)?.1.is_some() {
            return self.open(index);
        }
        let value = self.get::<Option<T::Plain>>(plain)?;
        T::from_plain(value).ok_or_else(|| self.refuse(index, "NULL came for a field that is not an `Option`"))
    }

    /// Whether the sealed column at this place holds one of these values, in a time that does not depend on which.
    pub(crate) fn holds_one_of(&self, index: usize, sought: &[Sought]) -> Result<bool> {
        let ((_, bytes), context) = (self.cell(index)?, self.context(index)?);
        let (Some(bytes), Some(encryption)) = (bytes, self.table.column_at(index).encryption) else { return Ok(false) };
        let opened = Plaintext::open(bytes, encryption.codec, &context, self.keyring)?;
        Ok(sought.iter().fold(false, |found, one| found | one.is(opened.value())))
    }

    /// What the cell at this place is bound to: its column, row and tenant.
    fn context(&self, index: usize) -> Result<CellContext> {
        let key = self.get::<uuid::Uuid>(self.table.key)?;
        let tenant = self.table.tenant_index().map(|tenant| self.get::<uuid::Uuid>(tenant)).transpose()?;
        Ok(CellContext::new(self.table, index, key, tenant))
    }

    fn cell(&self, index: usize) -> Result<(&'a Type, Option<&'a [u8]>)> {
        self.cells.cell(index).ok_or_else(|| self.refuse(index, "the row has no such column"))
    }

    fn refuse(&self, index: usize, what: &str) -> Error {
        let column = self.table.columns.get(index).map_or("?", |column| column.name);
        Error::new(Kind::Decode, format!("{}.{column}: {what}", self.table.name))
            .help("the models and the database differ: run `waygate migrate status`, and deploy what is pending")
    }
}

/// A key as a statement's parameter.
pub(crate) fn key_param<K: Key>(key: &K) -> Param {
    Param::raw(Type::UUID, key.uuid().as_bytes().as_slice())
}
