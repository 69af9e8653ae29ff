use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "todos", append_only)]
struct Todo {
    #[model(key)]
    id: Id<Todo>,
    #[model(tenant)]
    tenant_id: TenantId,
    title: String,
    position: i32,
    note: Option<String>,
    #[model(default = false)]
    done: bool,
}

async fn run(acme: &waygate_db::TenantScope, id: Id<Todo>) -> waygate_db::Result<()> {
    Todo::update(id).title("Bread").exec(acme).await?;
    Todo::delete(id).exec(acme).await?;
    Ok(())
}

fn main() {}
