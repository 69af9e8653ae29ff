//! The const metadata that `#[derive(Model)]` emits: what a table is, in words the SQL room renders.
//!
//! Everything here is `&'static` and plain data. Nothing here knows SQL text but the defaults and predicates that a
//! user wrote as SQL.

mod column;
mod dialect;
pub(crate) mod roles;
mod search;
mod table;

pub use column::{Binding, Column, ColumnRole, DefaultValue, Encryption, EnumType, Opened, Padding, SqlType};
pub use dialect::{Dialect, TenantClaim};
pub use search::{Normalizer, Search, SearchScope};
pub use table::{
    ForeignKey, HasMany, Index, IndexColumn, IndexMethod, Login, OnDelete, PreviousKey, Scope, Table, TableRef,
};

/// All models of a project, in an order in which every parent stands before its children.
///
/// Written with the macro [`schema!`](crate::schema!):
///
/// ```
/// # use waygate_db::{Id, Model, Schema, TenantId};
/// # #[derive(Model)] #[model(table = "tenants")] struct Tenant { #[model(key, tenant)] id: TenantId, name: String }
/// pub static SCHEMA: Schema = waygate_db::schema![Tenant];
/// assert_eq!(SCHEMA.tables().count(), 1);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    tables: &'static [TableRef],
}

impl Schema {
    /// A schema of these tables; use the macro [`schema!`](crate::schema!).
    #[doc(hidden)]
    #[must_use]
    pub const fn new(tables: &'static [TableRef]) -> Self {
        Self { tables }
    }

    /// The tables, parents first.
    pub fn tables(&self) -> impl Iterator<Item = &'static Table> + use<> {
        self.tables.iter().map(|table| table())
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&'static Table> {
        self.tables().find(|table| table.name == name)
    }

    /// The enum types that the tables use, each once, in the order of their first use.
    #[must_use]
    pub fn enums(&self) -> Vec<&'static EnumType> {
        let mut found: Vec<&'static EnumType> = Vec::new();
        for column in self.tables().flat_map(|table| table.columns) {
            if let Some(used) = column.ty.enum_type()
                && !found.iter().any(|known| known.name == used.name)
            {
                found.push(used);
            }
        }
        found
    }
}

/// Names the models of a project, parents before children, as a [`Schema`](crate::Schema).
#[macro_export]
macro_rules! schema {
    ($($model:ty),* $(,)?) => {
        $crate::Schema::new(&[$($crate::__private::table_of::<$model>),*])
    };
}
