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
    Todo::create().done(true).insert_if_absent(acme).await?;
    Ok(())
}

fn main() {}
