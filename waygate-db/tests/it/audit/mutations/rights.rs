//! Grants, and what a revocation keeps away.

use super::Mutation;
use super::statement::list_after;
use crate::support::waygate_schema::SCHEMA;

/// What a server's default privileges would have given, were nothing revoked.
pub(super) fn of_revoke(table: &str, roles: &[&str]) -> Vec<Mutation> {
    let roles = roles.iter().map(|role| role.trim_end_matches(','));
    roles.map(|role| opening(table, role, &format!("GRANT ALL ON {table} TO {role}"))).collect()
}

pub(super) fn of_schema(schema: &str, role: &str) -> Vec<Mutation> {
    vec![Mutation::opening(format!("schema {schema}"), format!("GRANT CREATE ON SCHEMA {schema} TO {role}"))]
}

/// Each right that a role was not given, and each that it was.
pub(super) fn of_grant(statement: &str) -> Vec<Mutation> {
    let (rights, rest) = statement.strip_prefix("GRANT ").unwrap().rsplit_once("ON ").unwrap();
    let (table, role) = rest.split_once(" TO ").unwrap();
    let grant = |right: &str| opening(table, role, &format!("GRANT {right} ON {table} TO {role}"));
    let mut mutations = vec![grant("ALL"), grant("TRUNCATE"), grant("REFERENCES"), grant("TRIGGER")];
    mutations.push(opening(table, role, &format!("GRANT SELECT ON {table} TO {role} WITH GRANT OPTION")));
    mutations.push(Mutation::closing(object(table, role), format!("REVOKE ALL ON {table} FROM {role}")));
    for right in ["SELECT", "INSERT", "UPDATE", "DELETE"] {
        let words: Vec<&str> = rights.split([',', ' ', '\n']).collect();
        let is_whole = words.contains(&right) && list_after(rights, &format!("{right} ")).is_none();
        if !is_whole {
            mutations.push(grant(right));
        }
        if right != "SELECT" && right != "DELETE" && !is_whole {
            let given = list_after(rights, &format!("{right} ")).unwrap_or_default();
            let others = columns(table).filter(|column| !given.iter().any(|one| one == column));
            mutations.extend(others.map(|column| grant(&format!("{right} ({column})"))));
        }
    }
    mutations
}

fn opening(table: &str, role: &str, script: &str) -> Mutation {
    Mutation::opening(object(table, role), script)
}

fn object(table: &str, role: &str) -> String {
    format!("grants of {role} on {table}")
}

fn columns(table: &str) -> impl Iterator<Item = &'static str> {
    let model = table.strip_prefix("public.").and_then(|table| SCHEMA.table(table));
    model.into_iter().flat_map(|model| model.columns).map(|column| column.name)
}
