//! The library's functions.

use super::Mutation;

/// Another body, other rights, other settings.
pub(super) fn of_function(statement: &str) -> Vec<Mutation> {
    let signature = statement.strip_prefix("CREATE FUNCTION ").unwrap().split(" RETURNS").next().unwrap();
    // Of `name(argument type)` the type names it.
    let (name, arguments) = signature.trim_end_matches(')').split_once('(').unwrap();
    let function = format!("{name}({})", arguments.split_whitespace().last().unwrap_or_default());
    let rights = if statement.contains("SECURITY DEFINER") { "SECURITY INVOKER" } else { "SECURITY DEFINER" };
    let body = statement.replacen("CREATE", "CREATE OR REPLACE", 1).replacen("$$\n", "$$\n    -- altered\n", 1);
    let names = format!("function {name}(");
    // Whoever replaces a function becomes nobody else: it stays its owner's, who may create nowhere by itself.
    let lend = "GRANT CREATE ON SCHEMA waygate TO waygate_login";
    let mut mutations = vec![
        Mutation::opening(&names, format!("{lend}; {body}")),
        Mutation::opening(&names, format!("ALTER FUNCTION {function} {rights}")),
        Mutation::opening(&names, format!("ALTER FUNCTION {function} RESET ALL")),
        Mutation::opening(&names, format!("RESET ROLE; ALTER FUNCTION {function} LEAKPROOF")),
    ];
    // A trigger's function belongs to the tables: without it the models do not fit, which is an error of its own.
    if !statement.contains("RETURNS trigger") {
        mutations.push(Mutation::closing(&names, format!("DROP FUNCTION {function}")));
    }
    mutations
}

pub(super) fn of_revoke(function: &str) -> Vec<Mutation> {
    vec![opening(function, format!("GRANT EXECUTE ON FUNCTION {function} TO PUBLIC"))]
}

pub(super) fn of_grant(function: &str, role: &str) -> Vec<Mutation> {
    vec![
        opening(function, format!("GRANT EXECUTE ON FUNCTION {function} TO waygate_service")),
        Mutation::closing(names(function), format!("REVOKE EXECUTE ON FUNCTION {function} FROM {role}")),
    ]
}

pub(super) fn of_owner(function: &str, role: &str) -> Vec<Mutation> {
    assert_ne!(role, "waygate_owner");
    vec![opening(function, format!("ALTER FUNCTION {function} OWNER TO waygate_owner"))]
}

fn opening(function: &str, script: String) -> Mutation {
    Mutation::opening(names(function), script)
}

/// The arguments are printed with their names, so the name has to do.
fn names(function: &str) -> String {
    format!("function {}(", function.split('(').next().unwrap())
}
