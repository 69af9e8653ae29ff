//! No handle takes a text: raw SQL goes through a model, whose scope confines it.

use waygate_db::{Db, TenantScope, Transaction};

async fn list(db: &Db, acme: &TenantScope, tx: &Transaction<TenantScope>) {
    db.query("SELECT * FROM integrations").await;
    acme.query("SELECT * FROM integrations").await;
    tx.execute("DELETE FROM integrations").await;
}

fn main() {}
