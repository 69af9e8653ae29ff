//! Builders: in any order, required fields once or twice, optional ones at will; their futures can be spawned.
#![deny(warnings)]

use waygate_db::{Encrypted, Id, Json, Model, TenantId, TenantScope};

#[derive(Model, Debug, Clone)]
#[model(table = "todos")]
struct Todo {
    #[model(key)]
    id: Id<Todo>,
    #[model(tenant)]
    tenant_id: TenantId,
    title: String,
    position: i32,
    note: Option<String>,
    #[model(default)]
    tags: Vec<String>,
    #[model(default)]
    data: Json,
    #[model(encrypted)]
    token: Encrypted<String>,
    #[model(encrypted)]
    other: Option<Encrypted<String>>,
}

fn is_send<T: Send + 'static>(_: T) {}

async fn run(acme: &TenantScope, id: Id<Todo>) -> waygate_db::Result<()> {
    let owned = String::from("Milk");
    let todo = Todo::create()
        .token("secret")
        .id(id)
        .position(1)
        .title(&owned)
        .title("Bread")
        .note(None)
        .tags(["a", "b"])
        .data(serde_json::json!({}))
        .other("second")
        .insert(acme)
        .await?;
    let known: Option<Todo> = Todo::create().title("Milk").position(2).token("x").insert_if_absent(acme).await?;
    assert!(known.is_none());
    Todo::update(todo.id).title("Eggs").note("six").token("new").exec(acme).await?;
    let todo: Todo = todo.patch().note(None).other(None).save(acme).await?;
    assert_eq!((todo.key(), todo.tenant_id), (id, acme.id()));
    Ok(())
}

fn main() {
    let _ = |acme: TenantScope, id| is_send(async move { run(&acme, id).await });
}
