//! Names that generated code must not take for its own, and names of its own that must not hide the user's.
#![deny(warnings)]
#![allow(dead_code)]

mod models {
    use waygate_db::{Id, Model, PgEnum, TenantId};

    // Types with the names that the field's type parameters would have.
    #[derive(PgEnum, Debug, Clone, Copy)]
    pub enum AuthType {
        Basic,
    }

    #[derive(PgEnum, Debug, Clone, Copy)]
    pub enum Set {
        One,
    }

    // What the prelude usually means here.
    type Result = ();
    struct Ok;
    struct Some;
    struct Insert;
    struct Row;

    #[derive(Model, Debug)]
    #[model(table = "order")]
    pub struct Order {
        #[model(key)]
        pub id: Id<Order>,
        #[model(tenant)]
        pub tenant_id: TenantId,
        pub auth_type: AuthType,
        pub set: Set,
        pub order: String,
        pub r#type: String,
        pub s: String,
        pub string: String,
        pub _1: String,
        pub a_b: String,
        pub a__b: String,
        pub value: String,
        pub key: String,
        pub session: String,
        pub update: String,
        pub row: String,
    }
}

mod private {
    use waygate_db::{Id, Model, PgEnum, TenantId};

    #[derive(PgEnum)]
    enum Hidden {
        A,
    }

    #[derive(Model)]
    #[model(table = "mixed")]
    pub struct Mixed {
        #[model(key)]
        id: Id<Mixed>,
        #[model(tenant)]
        pub tenant_id: TenantId,
        hidden: Hidden,
    }
}

fn inside_a_function() {
    use waygate_db::{Id, Model};

    #[derive(Model)]
    #[model(table = "local", shared)]
    struct Local {
        #[model(key)]
        id: Id<Local>,
        name: String,
    }
    let _ = Local::create().name("a");
}

async fn run(acme: &waygate_db::TenantScope) -> waygate_db::Result<models::Order> {
    models::Order::create()
        .auth_type(models::AuthType::Basic)
        .set(models::Set::One)
        .order("a")
        .r#type("b")
        .s("c")
        .string("d")
        ._1("e")
        .a_b("f")
        .a__b("g")
        .value("h")
        .key("i")
        .session("j")
        .update("k")
        .row("l")
        .insert(acme)
        .await
}

fn main() {
    use waygate_db::Model;
    assert_eq!(models::Order::TABLE.columns[5].name, "type");
    inside_a_function();
}
