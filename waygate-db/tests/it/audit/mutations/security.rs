//! Row security and its policies.

use super::Mutation;

pub(super) fn of_table(table: &str, statement: &str) -> Vec<Mutation> {
    assert!(statement.ends_with("ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"), "{statement}");
    ["DISABLE", "NO FORCE"]
        .map(|word| Mutation::opening(table, format!("ALTER TABLE {table} {word} ROW LEVEL SECURITY")))
        .into()
}

pub(super) fn of_policy(name: &str, table: &str, statement: &str) -> Vec<Mutation> {
    let names = format!("policy {name} on {table}");
    let drop = format!("DROP POLICY {name} ON {table}");
    let again = |statement: String| Mutation::opening(&names, format!("{drop}; {statement}"));
    let alter = |change: &str| Mutation::opening(&names, format!("ALTER POLICY {name} ON {table} {change}"));
    let mut mutations = vec![
        Mutation::opening(&names, &drop),
        again(statement.replacen(table, &format!("{table} AS RESTRICTIVE"), 1)),
        alter("TO PUBLIC"),
        alter("TO waygate_migrator"),
    ];
    // A clause that lets every row through is narrowed instead: other text is other text.
    for clause in ["USING", "WITH CHECK"] {
        if let Some((_, rest)) = statement.split_once(&format!("{clause} (")) {
            let other = if rest.starts_with("true)") { "false" } else { "true" };
            mutations.push(alter(&format!("{clause} ({other})")));
        }
    }
    let reads = format!("{table} FOR SELECT");
    mutations.push(if statement.contains(&reads) {
        again(statement.replace(&reads, table))
    } else if statement.contains(" FOR INSERT") {
        again(statement.replace(" FOR INSERT", ""))
    } else {
        let (head, _) = statement.split_once("WITH CHECK").unwrap();
        again(head.replacen(table, &reads, 1))
    });
    mutations.push(Mutation::opening(format!("policy more on {table}"), statement.replacen(name, "more", 1)));
    mutations
}
