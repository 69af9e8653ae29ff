//! A row stays with its tenant.

use waygate_db::{Id, Model, TenantId, TenantScope};

#[derive(Model)]
#[model(table = "todos")]
struct Todo {
    #[model(key)]
    id: Id<Todo>,
    #[model(tenant)]
    tenant_id: TenantId,
    title: String,
}

async fn give_away(todo: Todo, other: TenantId, acme: &TenantScope) -> waygate_db::Result<()> {
    Todo::update(todo.id).tenant_id(other).exec(acme).await?;
    todo.patch().tenant_id(other).save(acme).await?;
    Ok(())
}

fn main() {}
