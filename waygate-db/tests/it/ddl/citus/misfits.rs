//! Models that fit on a cluster and models that do not, each with its reason.
#![expect(dead_code, reason = "only the tables of these models are looked at")]

use waygate_db::schema::{Index, IndexColumn, IndexMethod, Table};
use waygate_db::{Dialect, Id, Model, Schema, TenantId, schema_check, schema_sql};

use super::{cluster, deployed};
use crate::ddl::seed::A;
use crate::support::waygate_schema::SCHEMA;

#[derive(Model)]
#[model(table = "Countries", shared)]
struct Country {
    #[model(key)]
    id: Id<Country>,
    #[model(unique)]
    name: String,
}

#[derive(Model)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
    #[model(belongs_to(Country, on_delete = set_null))]
    country_id: Option<Id<Country>>,
}

/// Its leader is a member, and members are in groups: a circle.
#[derive(Model)]
#[model(table = "groups")]
struct Group {
    #[model(key)]
    id: Id<Group>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    tenant_id: TenantId,
    #[model(belongs_to(Member, on_delete = cascade))]
    leader_id: Option<Id<Member>>,
    #[model(belongs_to(Group, on_delete = cascade))]
    above_id: Option<Id<Group>>,
    #[model(belongs_to(Country, on_delete = set_null))]
    country_id: Option<Id<Country>>,
}

#[derive(Model)]
#[model(table = "members")]
struct Member {
    #[model(key)]
    id: Id<Member>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    tenant_id: TenantId,
    #[model(belongs_to(Group, on_delete = restrict))]
    group_id: Id<Group>,
}

#[tokio::test]
async fn shared_data_and_circles_fit() {
    static FITTING: Schema = waygate_db::schema![Country, Tenant, Group, Member];
    assert_eq!(schema_check(&FITTING, &Dialect::Citus), []);
    let (database, administrator) = deployed(&FITTING).await;
    let kinds = "SELECT concat_ws(' ', relation, spread_by, beside) FROM shim.tables ORDER BY relation::oid";
    let expected = ["\"Countries\"", "tenants", "groups tenant_id groups", "members tenant_id groups"];
    assert_eq!(administrator.column(kinds).await, expected);
    let service = database.login("waygate_service").await;
    service
        .run(&format!(
            "SET waygate.tenant_id = '{A}'; INSERT INTO tenants (id) VALUES ('{A}');
             INSERT INTO groups (id) VALUES ('{A}'); INSERT INTO members (id, group_id) VALUES ('{A}', '{A}');
             UPDATE groups SET leader_id = '{A}', above_id = '{A}'"
        ))
        .await;
}

#[derive(Model)]
#[model(table = "badges", tenant(through = member_id))]
struct Badge {
    #[model(key)]
    id: Id<Badge>,
    #[model(belongs_to(Member, on_delete = cascade))]
    member_id: Id<Member>,
}

/// Owned through a parent that does not fit either.
#[derive(Model)]
#[model(table = "scans", tenant(through = badge_id))]
struct Scan {
    #[model(key)]
    id: Id<Scan>,
    #[model(belongs_to(Badge, on_delete = cascade))]
    badge_id: Id<Badge>,
}

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    tenant_id: TenantId,
    #[model(belongs_to(Member, on_delete = set_null))]
    author_id: Option<Id<Member>>,
    #[model(max_len = 100)]
    slug: String,
}

/// Refers to a table that does not fit for a reason of its own.
#[derive(Model)]
#[model(table = "replies")]
struct Reply {
    #[model(key)]
    id: Id<Reply>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    tenant_id: TenantId,
    #[model(belongs_to(Note, on_delete = cascade))]
    note_id: Id<Note>,
}

/// The derive refuses such an index; metadata written by hand may have it.
fn labels() -> &'static Table {
    static LABELS: Table = Table {
        name: "labels",
        indexes: &[Index {
            name: "labels_slug_idx",
            columns: &[IndexColumn { column: 3, descending: false }],
            method: IndexMethod::Btree,
            unique: true,
            predicate: None,
        }],
        foreign_keys: &[],
        ..*Note::TABLE
    };
    &LABELS
}

/// The derive refuses a reference from shared data to a tenant's.
fn holidays() -> &'static Table {
    static HOLIDAYS: Table = Table { name: "holidays", foreign_keys: Group::TABLE.foreign_keys, ..*Group::TABLE };
    static SHARED: Table = Table { scope: waygate_db::schema::Scope::Shared, ..HOLIDAYS };
    &SHARED
}

static MIXED: Schema = Schema::new(&[
    || Country::TABLE,
    || Tenant::TABLE,
    || Group::TABLE,
    || Member::TABLE,
    || Badge::TABLE,
    || Scan::TABLE,
    || Note::TABLE,
    || Reply::TABLE,
    labels,
    holidays,
]);

#[test]
fn each_misfit_is_named_with_its_reason() {
    let found: Vec<_> = schema_check(&MIXED, &Dialect::Citus)
        .into_iter()
        .map(|misfit| format!("{}: {}", misfit.table, misfit.reasons.join("; ")))
        .collect();
    let expected = [
        "badges: its rows belong to their parent's tenant, through member_id, and name none: mark a column of it \
         #[model(tenant)]",
        "scans: its rows belong to their parent's tenant, through badge_id, and name none: mark a column of it \
         #[model(tenant)]",
        "notes: its reference tenant_id, author_id to members is set to NULL on delete, which Citus refuses where a key \
         holds the tenant: use cascade or restrict",
        "replies: it refers to notes, which does not fit",
        "labels: its unique index labels_slug_idx does not hold tenant_id: rows on different nodes cannot be compared",
        "holidays: it is copied to every node and refers to members, whose rows are spread by their tenant; it is copied \
         to every node and refers to groups, whose rows are spread by their tenant",
    ];
    assert_eq!(found, expected);
    for dialect in [Dialect::Postgres, Dialect::Sealed, Dialect::Supabase(waygate_db::TenantClaim::default())] {
        assert_eq!(schema_check(&MIXED, &dialect), []);
    }
}

#[test]
fn a_misfit_says_where_it_is_declared() {
    let misfits = schema_check(&SCHEMA, &Dialect::Citus);
    let [mappings] = misfits.as_slice() else { panic!("{misfits:?}") };
    assert_eq!((mappings.table, mappings.model), ("field_mappings", "FieldMapping"));
    assert_eq!(mappings.declared_at, "src/models.rs:1");
    let json = serde_json::to_value(mappings).unwrap();
    assert_eq!(json["reasons"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_does_not_fit_is_left_out_and_the_rest_deploys() {
    let sql = schema_sql(&MIXED, &Dialect::Citus);
    for misfit in schema_check(&MIXED, &Dialect::Citus) {
        let comment = format!("-- {} ({}) does not fit on a cluster and is left out:\n", misfit.table, misfit.model);
        assert!(sql.contains(&comment), "{comment}");
        assert!(!sql.contains(&format!("TABLE public.{}", misfit.table)), "{}", misfit.table);
    }
    let (database, administrator) = cluster().await;
    database.deploy(&sql).await;
    assert_eq!(administrator.value("SELECT count(*) FROM shim.tables").await, "4");
}
