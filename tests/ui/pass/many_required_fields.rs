//! A struct may require more fields than a tuple has traits for.
#![deny(warnings)]

use waygate_db::{Id, Model, TenantId};

macro_rules! wide {
    ($($field:ident),*) => {
        #[derive(Model, Debug)]
        #[model(table = "wide")]
        struct Wide {
            #[model(key)]
            id: Id<Wide>,
            #[model(tenant)]
            tenant_id: TenantId,
            $($field: i32),*
        }

        async fn run(acme: &waygate_db::TenantScope) -> waygate_db::Result<Wide> {
            Wide::create()$(.$field(1))*.insert(acme).await
        }
    };
}

wide!(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, a1, b1, c1, d1);

fn main() {
    let _ = run;
    assert_eq!(Wide::TABLE.columns.len(), 32);
}
