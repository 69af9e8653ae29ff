use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "todos")]
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
    Todo::update(id).title("Bread").exec(&1).await?;
    Todo::create().title("Milk").position(1).insert(&1).await?;
    Ok(())
}

fn main() {}
