//! Grants that go too far.

use super::{Hole, shown, silent};
use crate::schema::roles::LOGIN;
use crate::schema::{Scope, Table};
use crate::sql::ddl::Target;
use crate::sql::identifier::ident;

/// What can be granted too much on a table.
pub(super) fn holes(table: &Table, target: Target<'_>) -> Vec<Hole> {
    let (on, app, service) = (target.name(table.name), ident(target.app()), ident(target.service()));
    let key = ident(table.key_column().name);
    let mut holes = vec![
        shown("GRANT ALL to the app", format!("GRANT ALL ON {on} TO {app}")),
        shown("TRUNCATE to the app", format!("GRANT TRUNCATE ON {on} TO {app}")),
        silent("REFERENCES to the app", format!("GRANT REFERENCES ON {on} TO {app}")),
        silent("TRIGGER to the app", format!("GRANT TRIGGER ON {on} TO {app}")),
        silent("SELECT to PUBLIC", format!("GRANT SELECT ON {on} TO PUBLIC")),
        silent("SELECT of one column to PUBLIC", format!("GRANT SELECT ({key}) ON {on} TO PUBLIC")),
        silent("a grant option for the app", format!("GRANT SELECT ON {on} TO {app} WITH GRANT OPTION")),
        silent("TRUNCATE to the service", format!("GRANT TRUNCATE ON {on} TO {service}")),
        silent("all rights to the login's role", format!("GRANT ALL ON {on} TO {LOGIN}")),
    ];
    if let Scope::Column(tenant) = table.scope {
        let tenant = ident(table.column_at(tenant).name);
        holes.extend([
            silent("INSERT of the tenant to the app", format!("GRANT INSERT ({tenant}) ON {on} TO {app}")),
            silent("INSERT of the tenant to the service", format!("GRANT INSERT ({tenant}) ON {on} TO {service}")),
            silent("UPDATE of the tenant to the app", format!("GRANT UPDATE ({tenant}) ON {on} TO {app}")),
            silent("UPDATE of the tenant to the service", format!("GRANT UPDATE ({tenant}) ON {on} TO {service}")),
        ]);
    }
    if table.append_only {
        holes.extend([
            shown("UPDATE of a log to the app", format!("GRANT UPDATE ON {on} TO {app}")),
            shown("DELETE of a log to the app", format!("GRANT DELETE ON {on} TO {app}")),
            silent("UPDATE of a log to the service", format!("GRANT UPDATE ON {on} TO {service}")),
        ]);
    }
    if table.scope == Scope::Key {
        holes.extend([
            silent("INSERT of tenants to the app", format!("GRANT INSERT ON {on} TO {app}")),
            shown("DELETE of tenants to the app", format!("GRANT DELETE ON {on} TO {app}")),
        ]);
    }
    if table.scope == Scope::Shared {
        holes.push(silent(
            "writes of reference data to the app",
            format!("GRANT INSERT, UPDATE, DELETE ON {on} TO {app}"),
        ));
    }
    holes
}
