//! The size that the budget is measured at: 1,000 integrations with 10 actions each.

use waygate::measure::{Measured, measure};
use waygate::models::{Action, AuthType, HttpMethod, Integration, IntegrationCredential, IntegrationStatus};
use waygate::seed::{credential_id, tenant_id};
use waygate_db::cli::Progress;
use waygate_db::{Db, Error, Id, Model, Result, TenantScope, Transaction};

use super::narrate::Narrator;

const INTEGRATIONS: usize = 1_000;
const ACTIONS_EACH: usize = 10;
/// Integrations of one transaction.
const BATCH: usize = 50;
/// Runs of each measured query.
const RUNS: usize = 1_000;

/// Loads the rows for the development tenant, then measures the basic queries on them.
pub(super) async fn fill_and_measure(db: &Db, narrator: &mut Narrator) -> Result<Vec<Measured>> {
    narrator.heading("Fast");
    let tenant = db.tenant(tenant_id());
    let before = Action::query().count(&tenant).await?;
    let ids = narrator
        .stage(&format!("load {INTEGRATIONS} integrations with {ACTIONS_EACH} actions each"), fill(&tenant))
        .await?;
    let after = Action::query().count(&tenant).await?;
    let expected = (INTEGRATIONS * ACTIONS_EACH) as u64;
    narrator.promise("every row was loaded", ids.len() == INTEGRATIONS && after - before == expected);
    let progress = Progress::spinner("measuring");
    let measured = queries(&tenant, &ids).await;
    progress.finish();
    measured
}

async fn fill(tenant: &TenantScope) -> Result<Vec<Id<Integration>>> {
    let progress = Progress::bar((INTEGRATIONS * (ACTIONS_EACH + 1)) as u64, "loading");
    let mut ids = Vec::with_capacity(INTEGRATIONS);
    for first in (0..INTEGRATIONS).step_by(BATCH) {
        let batch = tenant
            .transaction(async |tx| {
                let mut batch = Vec::with_capacity(BATCH);
                for number in first..(first + BATCH).min(INTEGRATIONS) {
                    batch.push(fill_one(tx, number).await?);
                    progress.advance(ACTIONS_EACH as u64 + 1);
                }
                Ok::<_, Error>(batch)
            })
            .await?;
        ids.extend(batch);
    }
    progress.finish();
    Ok(ids)
}

async fn fill_one(tx: &Transaction<TenantScope>, number: usize) -> Result<Id<Integration>> {
    let status = if number.is_multiple_of(3) { IntegrationStatus::Draft } else { IntegrationStatus::Active };
    let integration = Integration::create()
        .name(format!("Integration {number}"))
        .slug(format!("integration-{number}"))
        .auth_type(AuthType::ApiKey)
        .status(status)
        .tags(vec![format!("group-{}", number % 20)])
        .insert(tx)
        .await?;
    for action in 0..ACTIONS_EACH {
        Action::create()
            .integration_id(integration.id)
            .name(format!("Action {action}"))
            .slug(format!("action-{action}"))
            .http_method(HttpMethod::Get)
            .endpoint_template(format!("/things/{action}"))
            .insert(tx)
            .await?;
    }
    Ok(integration.id)
}

async fn queries(tenant: &TenantScope, ids: &[Id<Integration>]) -> Result<Vec<Measured>> {
    let id = |run: usize| ids.get(run % ids.len()).copied().unwrap_or_else(Id::new);
    Ok(vec![
        measure("find an integration", RUNS, async |run| Integration::find(id(run), tenant).await).await?,
        measure("list 50 integrations", RUNS, async |_| Integration::query().limit(50).all(tenant).await).await?,
        measure("page of 50, newest first", RUNS, async |_| {
            Integration::query().order_by(|one| one.created_at.desc()).page(None, 50, tenant).await
        })
        .await?,
        measure("by slug", RUNS, async |run| {
            let slug = format!("integration-{}", run % INTEGRATIONS);
            Integration::query().filter(|one| one.slug.eq(slug)).optional(tenant).await
        })
        .await?,
        measure("actions of an integration", RUNS, async |run| {
            Action::query().filter(|action| action.integration_id.eq(id(run))).all(tenant).await
        })
        .await?,
        measure("count active", RUNS, async |_| {
            Integration::query().filter(|one| one.status.eq(IntegrationStatus::Active)).count(tenant).await
        })
        .await?,
        measure("by tag", RUNS, async |run| {
            let tag = format!("group-{}", run % 20);
            Integration::query().filter(|one| one.tags.contains([tag.as_str()])).limit(50).all(tenant).await
        })
        .await?,
        measure("open a credential", RUNS, async |_| IntegrationCredential::find(credential_id(), tenant).await)
            .await?,
    ])
}
