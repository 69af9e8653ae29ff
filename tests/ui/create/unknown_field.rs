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
    Todo::create().titel("Milk");
    Todo::update(id).id(id);
    let _ = Todo::query().filter(|t| t.titel.eq("Milk"));
    Ok(())
}

fn main() {}
