//! What is asked before anything is written.

use waygate_db::Schema;
use waygate_db::migrate::proposal::{Decisions, Outcome, Questions};

use super::models;
use super::written::{named, wished, with_rows};

async fn questions(schema: &'static Schema, decisions: Decisions) -> Questions {
    let (database, session) = with_rows().await;
    match wished(schema, &decisions, Some(&session), &database).await {
        Outcome::Undecided(questions) => questions,
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_column_that_may_have_been_renamed_is_asked_about_with_the_flags_that_answer() {
    let questions = questions(&models::AN_UNDECLARED_RENAME, named("undeclared")).await;
    assert_eq!(
        serde_json::to_value(&questions).unwrap(),
        serde_json::json!({
            "renames": [{
                "kind": "column",
                "from": "request_logs.latency_ms",
                "to": "request_logs.took_ms",
                "rename": "--rename request_logs.latency_ms=request_logs.took_ms",
                "drop": "--drop request_logs.latency_ms",
            }],
            "losses": [],
            "backfills": [],
        })
    );
}

#[tokio::test]
async fn what_is_dropped_and_not_renamed_is_a_loss_and_its_successor_needs_values() {
    let decisions = Decisions { drops: vec!["request_logs.latency_ms".to_owned()], ..named("dropped") };
    let questions = questions(&models::AN_UNDECLARED_RENAME, decisions).await;
    assert_eq!(
        serde_json::to_value(&questions).unwrap(),
        serde_json::json!({
            "renames": [],
            "losses": [{
                "name": "request_logs.latency_ms",
                "what": "drops column request_logs.latency_ms with its values",
                "rows": 6,
                "accept": "--accept-data-loss=request_logs.latency_ms",
            }],
            "backfills": [{
                "column": "request_logs.took_ms",
                "type": "integer",
                "rows": 6,
                "backfill": "--backfill request_logs.took_ms=<expression>",
            }],
        })
    );
}

#[tokio::test]
async fn a_smaller_type_is_a_loss() {
    let questions = questions(&models::A_SMALLER_TYPE, named("smaller")).await;
    let names: Vec<_> = questions.losses.iter().map(|loss| (loss.name.as_str(), loss.rows)).collect();
    assert_eq!(names, [("request_logs.status_code", Some(0))]);
}
