//! Random work of three tenants on the six models, against what each of them should see.
//!
//! Keys are taken from all tenants' rows, those deleted included: most calls reach for somebody else's. After each piece
//! of work the tenant reads one model in every way; in the end every tenant reads all, and raw SQL under the policies
//! alone reads the same.

mod verbs;

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::sync::Notify;
use uuid::Uuid;
use waygate_db::{Error, TenantScope};

use self::verbs::{Handle, Kind, count, delete, find, insert, lists, update};
use super::report;
use crate::support::TestDb;

const TENANTS: usize = 3;

/// One change, whose rows are chosen by number.
#[derive(Debug, Clone)]
enum Change {
    Insert(Kind, u8),
    Update(Kind, u8),
    Delete(Kind, u8),
}

/// What a tenant does.
#[derive(Debug, Clone)]
enum Work {
    Alone(Change),
    Together(Vec<Change>, End),
    Find(Kind, u8),
}

/// How a transaction ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Commit,
    Rollback,
    Drop,
}

/// Any kind, the parents twice as often.
fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        1 => Just(Kind::Tenant), 4 => Just(Kind::Integration), 4 => Just(Kind::Action),
        2 => Just(Kind::Credential), 2 => Just(Kind::Mapping), 2 => Just(Kind::Log),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let made = kind().prop_filter("made by tenants", |kind| kind.is_made_by_tenants());
    let changed = kind().prop_filter("changed", |kind| kind.is_changed());
    let deleted = kind().prop_filter("deleted", |kind| kind.is_deleted());
    prop_oneof![
        5 => (made, any::<u8>()).prop_map(|(kind, number)| Change::Insert(kind, number)),
        3 => (changed, any::<u8>()).prop_map(|(kind, number)| Change::Update(kind, number)),
        1 => (deleted, any::<u8>()).prop_map(|(kind, number)| Change::Delete(kind, number)),
    ]
}

fn work() -> impl Strategy<Value = (usize, Work)> {
    let end = prop_oneof![2 => Just(End::Commit), 1 => Just(End::Rollback), 1 => Just(End::Drop)];
    let work = prop_oneof![
        6 => change().prop_map(Work::Alone),
        3 => (vec(change(), 1..5), end).prop_map(|(changes, end)| Work::Together(changes, end)),
        2 => (kind(), any::<u8>()).prop_map(|(kind, number)| Work::Find(kind, number)),
    ];
    (0..TENANTS, work)
}

/// A row as it should be.
#[derive(Debug, Clone)]
struct Row {
    owner: usize,
    parents: [Uuid; 2],
    text: String,
}

/// Everything that there should be.
#[derive(Debug, Clone, Default)]
struct World {
    rows: BTreeMap<(Kind, Uuid), Row>,
    /// All keys that ever were, of all tenants.
    keys: BTreeMap<Kind, Vec<Uuid>>,
    /// How many texts were written.
    texts: u32,
}

impl World {
    /// The key of this number; of a row that never was when there is none.
    fn key(&self, kind: Kind, number: u8) -> Uuid {
        let keys = self.keys.get(&kind).map_or(&[][..], Vec::as_slice);
        keys.get(usize::from(number) % keys.len().max(1)).copied().unwrap_or_else(Uuid::new_v4)
    }

    fn text(&mut self) -> String {
        self.texts += 1;
        format!("text {}", self.texts)
    }

    fn is_own(&self, kind: Kind, id: Uuid, tenant: usize) -> bool {
        self.rows.get(&(kind, id)).is_some_and(|row| row.owner == tenant)
    }

    fn put(&mut self, kind: Kind, id: Uuid, row: Row) {
        self.keys.entry(kind).or_default().push(id);
        self.rows.insert((kind, id), row);
    }

    /// Deletes a row and all that belongs to it.
    fn delete(&mut self, kind: Kind, id: Uuid) {
        self.rows.remove(&(kind, id));
        let children: Vec<_> =
            self.rows.iter().filter(|(_, row)| row.parents.contains(&id)).map(|(key, _)| *key).collect();
        for (kind, id) in children {
            self.delete(kind, id);
        }
    }

    /// What a tenant should see of a model, by keys.
    fn of(&self, kind: Kind, tenant: usize) -> Vec<(Uuid, String)> {
        let rows = self.rows.iter().filter(|((of, _), row)| *of == kind && row.owner == tenant);
        rows.map(|((_, id), row)| (*id, row.text.clone())).collect()
    }
}

/// Makes one change, here and there. The server has to take it exactly when all it touches is the tenant's.
async fn make(change: &Change, tenant: usize, world: &mut World, handle: &impl Handle) -> Result<(), Error> {
    match *change {
        Change::Insert(kind, number) => {
            let parent = kind.parent().map(|parent| world.key(parent, number));
            let above = match (kind, parent) {
                (Kind::Log, Some(action)) => world.rows.get(&(Kind::Action, action)).map(|row| row.parents[0]),
                _ => None,
            };
            let parents = [parent.unwrap_or_default(), above.unwrap_or_default()];
            let (id, text) = (Uuid::now_v7(), world.text());
            let result = insert(kind, id, parents, &text, handle).await;
            let is_own = kind.parent().is_none_or(|parent| world.is_own(parent, parents[0], tenant));
            assert_eq!(result.is_ok(), is_own, "{kind:?} below {parent:?}: {result:?}");
            result?;
            world.put(kind, id, Row { owner: tenant, parents, text });
        }
        Change::Update(kind, number) => {
            let (id, text) = (world.key(kind, number), world.text());
            let result = update(kind, id, &text, handle).await;
            assert_eq!(result.is_ok(), world.is_own(kind, id, tenant), "{kind:?} {id}: {result:?}");
            match result {
                Ok(()) => world.rows.get_mut(&(kind, id)).unwrap().text = text,
                Err(error) => assert!(error.is_not_found(), "{error:?}"),
            }
        }
        Change::Delete(kind, number) => {
            let id = world.key(kind, number);
            let was_there = delete(kind, id, handle).await?;
            assert_eq!(was_there, world.is_own(kind, id, tenant), "{kind:?} {id}");
            if was_there {
                world.delete(kind, id);
            }
        }
    }
    Ok(())
}

/// The end of a transaction that is not committed.
struct Stopped;

impl From<Error> for Stopped {
    fn from(_: Error) -> Self {
        Self
    }
}

/// Makes changes in one transaction; the world changes when it is committed.
async fn make_together(changes: &[Change], end: End, tenant: usize, world: &mut World, scope: &TenantScope) {
    let (made, all) = (Notify::new(), &mut world.clone());
    let transaction = scope.transaction(async |tx| {
        for change in changes {
            make(change, tenant, all, tx).await?;
        }
        match end {
            End::Commit => {}
            End::Rollback => return Err(Stopped),
            End::Drop => {
                made.notify_one();
                std::future::pending::<()>().await;
            }
        }
        Ok(())
    });
    let committed = tokio::select! {
        result = transaction => result.is_ok(),
        () = made.notified() => false,
    };
    if committed {
        *world = all.clone();
    }
}

/// Three new tenants do this work.
async fn run(test: &TestDb, works: Vec<(usize, Work)>) -> u64 {
    let mut world = World::default();
    let mut scopes = Vec::new();
    for owner in 0..TENANTS {
        let tenant = test.tenant_row("random").await;
        world.put(Kind::Tenant, tenant.id.as_uuid(), Row { owner, parents: [Uuid::nil(); 2], text: tenant.name });
        scopes.push(test.db.tenant(tenant.id));
    }
    let mut looks = 0;
    for (step, (tenant, work)) in works.into_iter().enumerate() {
        let scope = &scopes[tenant];
        match work {
            // The refusal was compared with the world already.
            Work::Alone(change) => drop(make(&change, tenant, &mut world, scope).await),
            Work::Together(changes, end) => make_together(&changes, end, tenant, &mut world, scope).await,
            Work::Find(kind, number) => {
                let id = world.key(kind, number);
                let own = world.is_own(kind, id, tenant).then(|| (id, world.rows[&(kind, id)].text.clone()));
                assert_eq!(find(kind, id, scope).await.unwrap(), own);
                let expected = (world.of(kind, tenant).len() as u64, own.is_some());
                assert_eq!(count(kind, id, scope).await.unwrap(), expected);
            }
        }
        look(&world, Kind::ALL[step % Kind::ALL.len()], (tenant + step) % TENANTS, &scopes).await;
        looks += 1;
    }
    for (tenant, scope) in scopes.iter().enumerate() {
        for kind in Kind::ALL {
            look(&world, kind, tenant, &scopes).await;
            let raw =
                test.as_tenant(scope.id(), &format!("SELECT id FROM {} ORDER BY id", kind.table())).await.unwrap();
            let ids: Vec<_> = world.of(kind, tenant).into_iter().map(|(id, _)| [Some(id.to_string())]).collect();
            assert_eq!(raw, ids, "{kind:?} by the policies alone");
            looks += 2;
        }
    }
    looks
}

/// A tenant reads all of a model, and sees what it should.
async fn look(world: &World, kind: Kind, tenant: usize, scopes: &[TenantScope]) {
    let expected = world.of(kind, tenant);
    let [whole, paged] = lists(kind, 2, &scopes[tenant]).await.unwrap();
    assert_eq!(whole, expected, "{kind:?}");
    assert_eq!(paged, expected, "{kind:?} by pages");
}

#[test]
fn random_work_of_three_tenants_agrees_with_an_oracle_of_each() {
    const CASES: u32 = 16;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let test = runtime.block_on(TestDb::configured(|config| config.pool_size(1)));
    let (works, looks) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let result = runner.run(&vec(work(), 10..60), |case| {
        works.set(works.get() + case.len());
        looks.set(looks.get() + runtime.block_on(run(&test, case)));
        Ok(())
    });
    let leaks = u8::from(result.is_err());
    let (works, looks) = (works.get(), looks.get());
    report(format_args!(
        "random works of three tenants: {works}, compared with the oracle: {looks}, leaks found: {leaks}"
    ));
    result.unwrap_or_else(|error| panic!("{error}"));
    // A pool's connections close on their runtime.
    runtime.block_on(async { drop(test) });
}
