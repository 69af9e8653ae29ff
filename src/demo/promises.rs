//! The promises, one after the other, on the seeded rows.

use waygate::models::{Action, AuthType, Credential, Integration, IntegrationCredential, IntegrationStatus, Tenant};
use waygate::seed::{credential_id, integration_id, tenant_id};
use waygate_db::local::{Scratch, run_sql};
use waygate_db::{Db, Id, Model, Result, TenantScope};

use super::narrate::Narrator;

/// Shows them all.
pub(super) async fn show(db: &Db, scratch: &Scratch, narrator: &mut Narrator) -> Result<()> {
    let developer = db.tenant(tenant_id());
    list(&developer, narrator).await?;
    let other = another_tenant(db, narrator).await?;
    keep_apart(&developer, &other, narrator).await?;
    refuse_without_tenant(scratch, narrator).await?;
    seal(&developer, scratch, narrator).await?;
    update_page_delete(&developer, narrator).await
}

async fn list(developer: &TenantScope, narrator: &mut Narrator) -> Result<()> {
    narrator.heading("A tenant's rows");
    let integrations = narrator.step("list integrations", Integration::query().all(developer)).await?;
    for one in &integrations {
        narrator.note(&format!("{} ({}), tags {}", one.name, one.slug, one.tags.join(", ")));
    }
    let actions = Action::query().order_by(|action| action.slug.asc()).all(developer);
    let actions = narrator.step("list actions", actions).await?;
    for one in &actions {
        narrator.note(&format!("{:<13} {} {}", one.slug, one.http_method.label(), one.endpoint_template));
    }
    narrator
        .promise("the tenant sees its integration and its five actions", integrations.len() == 1 && actions.len() == 5);
    Ok(())
}

/// One more tenant, with an integration of the same slug.
async fn another_tenant(db: &Db, narrator: &mut Narrator) -> Result<(TenantScope, Integration)> {
    narrator.heading("One more tenant");
    let service = db.service("demo: create a tenant");
    let create = Tenant::create()
        .name("Other Company")
        .email("other@waygate.local")
        .waygate_api_key_hash("0".repeat(64))
        .insert(&service);
    let tenant = narrator.step("create a tenant, as the service", create).await?;
    let other = db.tenant(tenant.id);
    let create = Integration::create().name("Slack").slug("slack").auth_type(AuthType::ApiKey).insert(&other);
    let integration = narrator.step("create its integration, with a slug that is taken elsewhere", create).await?;
    narrator.promise("its row is stamped with its own tenant", integration.tenant_id == tenant.id);
    Ok((other, integration))
}

async fn keep_apart(
    developer: &TenantScope,
    (other, integration): &(TenantScope, Integration),
    narrator: &mut Narrator,
) -> Result<()> {
    narrator.heading("Isolated");
    let mine = Integration::query().all(developer).await?;
    let theirs = Integration::query().all(other).await?;
    let apart =
        mine.iter().all(|one| one.tenant_id == developer.id()) && theirs.iter().all(|one| one.tenant_id == other.id());
    narrator.promise("each lists its own row and no other", apart && mine.len() == 1 && theirs.len() == 1);

    let found = narrator.step("find the other's row by its key", Integration::find(integration.id, developer)).await?;
    narrator.promise("it is not there", found.is_none());
    let update = Integration::update(integration.id).name("taken over").exec(developer).await;
    narrator.promise("an update of it is refused as not found", update.is_err_and(|error| error.is_not_found()));
    let deleted = Integration::delete(integration.id).exec(developer).await?;
    narrator.promise("a delete of it deletes nothing", !deleted);

    let child = |parent: Id<Integration>| {
        Action::create()
            .integration_id(parent)
            .name("Steal")
            .slug("steal")
            .http_method(waygate::models::HttpMethod::Get)
            .endpoint_template("/")
            .insert(developer)
    };
    let foreign = child(integration.id).await.map_err(|error| error.to_string());
    let missing = child(Id::new()).await.map_err(|error| error.to_string());
    let alike = matches!((&foreign, &missing), (Err(foreign), Err(missing)) if foreign == missing);
    narrator.promise("a child of the other's row fails exactly like a child of no row", alike);
    Ok(())
}

async fn refuse_without_tenant(scratch: &Scratch, narrator: &mut Narrator) -> Result<()> {
    const COUNT: &str = "SELECT count(*) FROM integrations";
    narrator.note("raw SQL as waygate_app, with no tenant set:");
    narrator.sql(COUNT);
    let answer = run_sql(&scratch.urls().app, COUNT).await;
    if let Err(error) = &answer {
        narrator.note(error.message());
    }
    narrator.promise(
        "a query without a tenant is an error, not an empty answer",
        answer.is_err_and(|e| e.is_tenant_missing()),
    );

    let move_row = format!(
        "BEGIN; SET LOCAL waygate.tenant_id = '{}'; UPDATE integrations SET tenant_id = gen_random_uuid()",
        tenant_id()
    );
    narrator.sql(&move_row);
    let answer = run_sql(&scratch.urls().app, &move_row).await;
    narrator.promise("no login may name the tenant column in a write", answer.is_err_and(|e| e.is_permission_denied()));
    Ok(())
}

async fn seal(developer: &TenantScope, scratch: &Scratch, narrator: &mut Narrator) -> Result<()> {
    narrator.heading("Sealed");
    let read = format!(
        "BEGIN; SET LOCAL waygate.tenant_id = '{}'; \
         SELECT encode(encrypted_data, 'hex') FROM integration_credentials WHERE id = '{}'",
        tenant_id(),
        credential_id()
    );
    narrator.sql(&read);
    let stored = run_sql(&scratch.urls().app, &read).await?;
    let stored = stored.into_iter().flatten().flatten().next().unwrap_or_default();
    narrator.note(&format!("stored: {}… ({} bytes)", stored.get(..64).unwrap_or(&stored), stored.len() / 2));

    let find = IntegrationCredential::find(credential_id(), developer);
    let credential = narrator.step("open it", find).await?;
    let opened = credential.as_ref().map(|credential| &credential.encrypted_data.expose().0);
    let token = match opened {
        Some(Credential::Oauth2Tokens { access_token, .. }) => access_token.as_str(),
        _ => "",
    };
    narrator.note(&format!("opened: {token}"));
    narrator.promise("the stored bytes are a sealed cell", stored.starts_with("f901"));
    let hex = token.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    narrator
        .promise("the token is in none of them, and opens for its tenant", !token.is_empty() && !stored.contains(&hex));
    narrator.promise("printing the model shows no secret", !format!("{credential:?}").contains(token));

    let tamper =
        format!("UPDATE integration_credentials SET encrypted_data = 'secret'::bytea WHERE id = '{}'", credential_id());
    narrator.sql(&tamper);
    let answer = run_sql(&scratch.urls().service, &tamper).await;
    narrator.promise("the database refuses plaintext in the column", answer.is_err_and(|e| e.is_check_violation()));
    Ok(())
}

async fn update_page_delete(developer: &TenantScope, narrator: &mut Narrator) -> Result<()> {
    narrator.heading("Update, page, delete");
    let update = Integration::update(integration_id()).status(IntegrationStatus::Disabled).exec(developer);
    narrator.step("update the status", update).await?;
    let after = Integration::find(integration_id(), developer).await?;
    let moved =
        after.as_ref().is_some_and(|one| one.status == IntegrationStatus::Disabled && one.updated_at > one.created_at);
    narrator.promise("the status changed, and updated_at moved by itself", moved);

    let by_slug = || Action::query().order_by(|action| action.slug.asc());
    let first = narrator.step("the first page of two actions", by_slug().page(None, 2, developer)).await?;
    let second = narrator.step("the next, after its cursor", by_slug().page(first.next.clone(), 2, developer)).await?;
    let third = by_slug().page(second.next.clone(), 2, developer).await?;
    let pages = [first, second, third];
    let slugs: Vec<_> = pages.iter().flat_map(|page| page.items.iter().map(|action| action.slug.as_str())).collect();
    narrator.note(&slugs.join(", "));
    let sorted = slugs.is_sorted() && slugs.len() == 5;
    narrator.promise(
        "three pages hold the five actions in order",
        sorted && pages.last().is_some_and(|page| page.next.is_none()),
    );

    let upload = Action::query().filter(|action| action.slug.eq("uploadFile")).one(developer).await?;
    let deleted = narrator.step("delete an action", Action::delete(upload.id).exec(developer)).await?;
    let left = Action::query().count(developer).await?;
    narrator.promise("four are left", deleted && left == 4);
    Ok(())
}
