//! The library's own objects, in schema `waygate`, which no model declares: plain SQL, with a few words that the
//! dialect decides.

use super::layout::joined;
use super::{Target, login, schema_sql};
use crate::schema::roles::{APP, SERVICE};
use crate::schema::{Dialect, Schema};

const LIBRARY: &str = include_str!("library.sql");
/// What policies that ask for a seal on the tenant need, before the first of them.
const SEALS: &str = include_str!("sealed.sql");

/// The library's own objects. The words in angle brackets, which no claim's name can hold, become the dialect's.
pub(super) fn objects(target: Target<'_>) -> String {
    let (app, service) = (target.app(), target.service());
    // A login that becomes another role for each statement has prepared it before, and looked the names up by itself.
    let logins = [APP, SERVICE].into_iter().filter(|login| ![app, service].contains(login));
    let users = [app, service].into_iter().chain(logins);
    let seals = if *target.dialect == Dialect::Sealed { SEALS } else { "" };
    let text = |value: &str| target.once(&format!("{value}::text"));
    // What serves the triggers is one paragraph.
    let is_wanted = |paragraph: &&str| target.has_triggers() || !paragraph.contains("touch_updated_at");
    let paragraphs: Vec<&str> = LIBRARY.trim_end().split("\n\n").filter(is_wanted).collect();
    paragraphs
        .join("\n\n")
        .replace("<users of waygate>", &joined(users.clone()))
        .replace("<users of public>", &joined(target.anon().into_iter().chain(users)))
        .replace("<seals>\n", seals)
        .replace("<app>", app)
        .replace("<service>", service)
        .replace("<tenant>", &text(&target.tenant_call()))
        .replace("<tenant or null>", &text(&target.tenant_or_null()))
}

/// The library's objects in this schema, which is new, with the function of the models' login table.
///
/// The objects' names are replaced wherever they are one; a setting's name stands in quotes and stays. What is said of
/// `public` is left out: it is no object of the library.
pub(crate) fn library_copy(models: &Schema, dialect: &Dialect, schema: &str) -> String {
    let own = schema_sql(&Schema::new(&[]), dialect);
    let login = models.tables().flat_map(|table| login::function(table, Target::public(dialect)));
    let sql = [own].into_iter().chain(login).collect::<Vec<_>>().join("\n");
    let kept: Vec<&str> = sql.lines().filter(|line| !line.contains("ON SCHEMA public")).collect();
    kept.join("\n")
        .replace(" waygate.", &format!(" {schema}."))
        .replace("SCHEMA waygate ", &format!("SCHEMA {schema} "))
        .replace("SCHEMA IF NOT EXISTS waygate;", &format!("SCHEMA {schema};"))
}
