//! The order of the text is the order of the rows.

use waygate::models::{FieldMapping, Integration, IntegrationStatus};
use waygate_db::Model;

use crate::support::{Login, TestDb, action, integration};

#[tokio::test]
async fn rows_come_in_the_order_of_the_text() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let statuses = [IntegrationStatus::Disabled, IntegrationStatus::Draft, IntegrationStatus::Active];
    for (slug, status) in ["a", "b", "c"].into_iter().zip(statuses) {
        integration(slug, &other).await.unwrap();
        let row = integration(slug, &acme).await.unwrap();
        Integration::update(row.id).status(status).exec(&acme).await.unwrap();
    }
    let slugs = |rows: Vec<Integration>| rows.into_iter().map(|row| row.slug).collect::<String>();
    for (text, expected) in [
        ("SELECT {columns} FROM integrations ORDER BY slug DESC", "cba"),
        ("SELECT {columns} FROM integrations ORDER BY slug OFFSET 1", "bc"),
        ("SELECT {columns} FROM integrations ORDER BY status", "bca"),
        ("SELECT *, CASE slug WHEN 'b' THEN 1 ELSE 2 END AS rank FROM integrations ORDER BY rank, slug DESC", "bca"),
    ] {
        assert_eq!(slugs(Integration::sql(text).all(&acme).await.unwrap()), expected, "{text}");
        assert_eq!(slugs(Integration::sql(text).all(&test.service().for_tenant(acme.id())).await.unwrap()), expected);
    }
}

/// A model that is owned through its parent is compared with the parents: as a join, that could change the order.
#[tokio::test]
async fn the_order_holds_for_many_rows_that_are_owned_through_their_parents() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    action(parent.id, "seed", &acme).await.unwrap();
    let fill = "
        INSERT INTO actions (id, tenant_id, integration_id, name, slug, http_method, endpoint_template)
        SELECT gen_random_uuid(), tenant_id, integration_id, name, 'n' || n, http_method, endpoint_template
        FROM actions, generate_series(1, 2000) n;
        INSERT INTO field_mappings (id, action_id, source_path, target_path, direction)
        SELECT gen_random_uuid(), id, md5(id::text), 'x', 'input' FROM actions, generate_series(1, 5);
        ANALYZE actions; ANALYZE field_mappings";
    test.rows_of(Login::Admin, fill).await;
    for text in [
        "SELECT {columns} FROM field_mappings ORDER BY source_path DESC",
        "SELECT {columns} FROM public.field_mappings ORDER BY source_path DESC",
    ] {
        for handle in [&acme, &test.service().for_tenant(acme.id())] {
            let rows = FieldMapping::sql(text).all(handle).await.unwrap();
            assert_eq!(rows.len(), 10_005);
            assert!(rows.is_sorted_by(|one, next| one.source_path >= next.source_path), "{text}");
        }
    }
}
