//! Changes that pull others along, planned from one schema to another and back.

use waygate_db::catalog::{Action, Aspect, Catalog, Verb, differences, plan};

use super::torture::{empty, read, told};
use crate::support::database::Database;

/// The schemas: under a headline, what both have and what one of them has.
const CHANGES: &str = include_str!("changes.sql");

/// Two schemas and what their difference is about.
struct Change {
    headline: &'static str,
    from: String,
    to: String,
}

fn changes() -> Vec<Change> {
    let blocks = CHANGES.split("-- == ").skip(1).map(|block| {
        let (headline, sql) = block.split_once('\n').unwrap();
        let mut change = Change { headline, from: String::new(), to: String::new() };
        let mut sides = (true, true);
        for line in sql.lines() {
            match line {
                "-- from" => sides = (true, false),
                "-- to" => sides = (false, true),
                "-- both" => sides = (true, true),
                line => {
                    let lines = |wanted| if wanted { [line, "\n"] } else { ["", "\n"] };
                    change.from.extend(lines(sides.0));
                    change.to.extend(lines(sides.1));
                }
            }
        }
        change
    });
    let wanted = std::env::var("CHANGE").unwrap_or_default();
    blocks.filter(|change| change.headline.contains(&wanted)).collect()
}

#[tokio::test]
async fn a_plan_pulls_along_what_a_change_stands_under() {
    let (mut one, mut other) = (empty().await, empty().await);
    let nothing = read(&one).await;
    let mut failures = Vec::new();
    for change in changes() {
        one.deploy(&change.from).await;
        other.deploy(&change.to).await;
        let (from, to) = (read(&one).await, read(&other).await);
        for (way, database, from, to) in [("there", &mut one, &from, &to), ("back", &mut other, &to, &from)] {
            let turned = match turn(database, from, to).await {
                Ok(()) => turn(database, to, &nothing).await.map_err(|failure| format!("and to nothing: {failure}")),
                failed => failed,
            };
            if let Err(failure) = turned {
                failures.push(format!("== {}, {way}: {failure}", change.headline));
                *database = empty().await;
            }
        }
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n\n"));
}

/// Turns one into the other, and tells what is left.
pub(crate) async fn turn(database: &Database, from: &Catalog, to: &Catalog) -> Result<(), String> {
    let plan = plan(from, to).map_err(|error| error.to_string())?;
    let script = script(&plan);
    let session = database.login("waygate_migrator").await;
    session.try_run(&script).await.map_err(|complaint| format!("{complaint}\nin\n{script}"))?;
    let left = differences(&read(database).await, to);
    if left.is_empty() { Ok(()) } else { Err(format!("left over:\n{}by\n{script}", told(&left))) }
}

/// The statements as the owner's: in transactions, of which a new label ends one, since nothing can use it before.
fn script(plan: &[Action]) -> String {
    let statements = plan.iter().map(|action| match &action.verb {
        Verb::Alter(Aspect::AddLabel(_)) => format!("{action}\nCOMMIT; BEGIN;\n"),
        _ => format!("{action}\n"),
    });
    format!("SET ROLE waygate_owner; BEGIN;\n{}COMMIT;", statements.collect::<String>())
}
