//! Queries: every condition, how conditions combine, and every verb.

mod conditions;
mod plans;
mod verbs;

use serde_json::json;
use waygate::models::{AuthType, Integration, IntegrationStatus};
use waygate_db::{Model, Predicate, TenantScope};

use crate::support::TestDb;

/// Five integrations of one tenant, and one of another that no query of the first may find.
async fn library(test: &TestDb) -> TenantScope {
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let create = |name: &str, slug: &str| Integration::create().name(name).slug(slug).auth_type(AuthType::ApiKey);
    create("Slack", "slack").description("chat").tags(["team", "chat"]).insert(&acme).await.unwrap();
    create("Slack 2", "slack-2")
        .status(IntegrationStatus::Active)
        .tags(["team"])
        .metadata(json!({"plan": "pro", "limits": {"rate": 10}}))
        .insert(&acme)
        .await
        .unwrap();
    create("GitHub", "github")
        .status(IntegrationStatus::Active)
        .description("code")
        .metadata(json!({"plan": "free"}))
        .insert(&acme)
        .await
        .unwrap();
    create("100% free_text\\", "odd").status(IntegrationStatus::Error).tags(["a", "b"]).insert(&acme).await.unwrap();
    create("größe", "size").status(IntegrationStatus::Disabled).description("").insert(&acme).await.unwrap();
    create("Slack", "slack").description("chat").tags(["team"]).insert(&other).await.unwrap();
    acme
}

type Columns = <Integration as Model>::Columns;

/// The slugs that match, in their order.
async fn slugs(acme: &TenantScope, condition: impl FnOnce(Columns) -> Predicate<Integration>) -> Vec<String> {
    let found = Integration::query().filter(condition).order_by(|one| one.slug.asc()).all(acme).await.unwrap();
    found.into_iter().map(|one| one.slug).collect()
}
