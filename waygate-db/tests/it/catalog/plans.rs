//! Plans, applied: what they make is what they were to make.

use waygate_db::catalog::{Catalog, differences, plan};

use super::torture::{self, MUTATIONS, REFUSED};

#[tokio::test]
async fn a_plan_makes_everything_from_nothing() {
    let (wanted, database) = (torture::tortured().await, torture::empty().await);
    let (from, to) = (torture::read(&database).await, torture::read(&wanted).await);
    torture::run(&database, &plan(&from, &to).unwrap()).await.unwrap();
    torture::assert_same(&torture::read(&database).await, &to, "from nothing");
}

#[tokio::test]
async fn a_plan_leaves_nothing_of_everything() {
    let (database, empty) = (torture::tortured().await, torture::empty().await);
    let (from, to) = (torture::read(&database).await, torture::read(&empty).await);
    torture::run(&database, &plan(&from, &to).unwrap()).await.unwrap();
    torture::assert_same(&torture::read(&database).await, &to, "to nothing");
}

#[tokio::test]
async fn there_is_nothing_to_plan_between_equals() {
    let database = torture::tortured().await;
    let catalog = torture::read(&database).await;
    assert_eq!(plan(&catalog, &catalog).unwrap(), []);
}

/// A table that leaves its parent takes the columns as its own, and keeps them as such when it comes back.
const ONE_WAY: &str = "ALTER TABLE app.child NO INHERIT app.base";

/// Each of the changes is seen, and a plan makes it in a database that lacks it.
#[tokio::test]
async fn a_plan_makes_each_of_the_changes() {
    let (mut mutant, mut database) = (torture::tortured().await, torture::tortured().await);
    let base = torture::read(&database).await;
    let mut failures = Vec::new();
    let mut seen = 0;
    for mutation in MUTATIONS.lines().filter(|line| !line.is_empty() && *line != REFUSED) {
        let administrator = mutant.administrator().await;
        administrator.run(&format!("{}{mutation}", torture::role_for(mutation))).await;
        let changed = torture::read(&mutant).await;
        seen += usize::from(!differences(&base, &changed).is_empty());
        if let Err(failure) = turn(&database, &base, &changed).await {
            failures.push(format!("to {mutation}: {failure}"));
            database = torture::tortured().await;
        } else if let Err(failure) = turn(&database, &changed, &base).await {
            if mutation != ONE_WAY {
                failures.push(format!("back from {mutation}: {failure}"));
            }
            database = torture::tortured().await;
        }
        if turn(&mutant, &changed, &base).await.is_err() {
            mutant = torture::tortured().await;
        }
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n\n"));
    assert_eq!(seen, 71);
}

/// Turns one into the other; tells what is left.
async fn turn(database: &crate::support::database::Database, from: &Catalog, to: &Catalog) -> Result<(), String> {
    let plan = plan(from, to).map_err(|error| error.to_string())?;
    torture::run(database, &plan).await?;
    let left = differences(&torture::read(database).await, to);
    let sql: Vec<String> = plan.iter().map(ToString::to_string).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("left over:\n{}by\n{}", torture::told(&left), sql.join("\n"))) }
}

#[tokio::test]
async fn the_change_that_the_server_refuses_is_refused() {
    let database = torture::tortured().await;
    let administrator = database.administrator().await;
    assert_eq!(administrator.refusal(REFUSED).await, "0A000");
}
