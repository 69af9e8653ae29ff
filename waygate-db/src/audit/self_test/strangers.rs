//! Other ways to a table's rows.

use super::{Hole, shown, silent};
use crate::schema::{Scope, Table};
use crate::sql::ddl::Target;
use crate::sql::identifier::ident;

/// Objects that hold, show or change a table's rows past its policies.
pub(super) fn holes(table: &Table, target: Target<'_>) -> Vec<Hole> {
    let (on, app) = (target.name(table.name), ident(target.app()));
    let planted = target.name("planted");
    let granted = |create: String| format!("{create}; GRANT SELECT ON {planted} TO {app}");
    let mut holes = vec![
        silent("a view with its owner's rights", granted(format!("CREATE VIEW {planted} AS SELECT * FROM {on}"))),
        silent("a materialized view", granted(format!("CREATE MATERIALIZED VIEW {planted} AS SELECT * FROM {on}"))),
        silent("a copy of the table", granted(format!("CREATE TABLE {planted} AS SELECT * FROM {on}"))),
        silent("an unknown table like it", granted(format!("CREATE TABLE {planted} (LIKE {on})"))),
        silent("an inheriting child", granted(format!("CREATE TABLE {planted} () INHERITS ({on})"))),
        silent(
            "a SECURITY DEFINER function",
            format!(
                "CREATE FUNCTION {planted}() RETURNS SETOF {on} LANGUAGE sql SECURITY DEFINER \
             SET search_path = pg_catalog, pg_temp AS 'SELECT * FROM {on}'"
            ),
        ),
        silent(
            "a rule that writes elsewhere",
            format!(
                "CREATE TABLE {planted} (id uuid); \
                 CREATE RULE planted AS ON UPDATE TO {on} DO ALSO INSERT INTO {planted} VALUES (OLD.{})",
                ident(table.key_column().name),
            ),
        ),
        silent("a publication", format!("CREATE PUBLICATION waygate_audit_planted FOR TABLE {on}")),
    ];
    if let Scope::Column(tenant) = table.scope {
        let column = ident(table.column_at(tenant).name);
        holes.push(shown(
            "a trigger that rewrites the tenant",
            format!(
                "CREATE FUNCTION {planted}() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN NEW.{column} := gen_random_uuid(); RETURN NEW; END'; \
             CREATE TRIGGER planted BEFORE INSERT ON {on} FOR EACH ROW EXECUTE FUNCTION {planted}()"
            ),
        ));
    }
    holes
}
