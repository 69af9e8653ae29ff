//! The library's own objects once more, in another schema: what the audit compares a database's with.

use super::{Target, login, schema_sql};
use crate::schema::{Dialect, Schema};

/// The library's objects in this schema, which is new, with the function of the models' login table.
///
/// The objects' names are replaced wherever they are one; a setting's name stands in quotes and stays. What is said of
/// `public` is left out: it is no object of the library.
pub(crate) fn library_copy(models: &Schema, dialect: &Dialect, schema: &str) -> String {
    let own = schema_sql(&Schema::new(&[]), dialect);
    let login = models.tables().find_map(|table| Some(login::function(table, table.login?, Target::public(dialect))));
    let sql = [own].into_iter().chain(login.into_iter().flatten()).collect::<Vec<_>>().join("\n");
    let kept: Vec<&str> = sql.lines().filter(|line| !line.contains("ON SCHEMA public")).collect();
    kept.join("\n")
        .replace(" waygate.", &format!(" {schema}."))
        .replace("SCHEMA waygate ", &format!("SCHEMA {schema} "))
        .replace("SCHEMA IF NOT EXISTS waygate;", &format!("SCHEMA {schema};"))
}
