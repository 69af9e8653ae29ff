//! The second printing of expressions.
//!
//! What the server prints of an expression need not be what it prints of that text: `CHECK (code IN ('a', 'b'))` over a
//! `varchar` gets its casts at other places the second time, and keeps them there. Two databases that hold the same
//! expression, one as it was written and the other as it was printed, are told apart by their first printings alone.

use std::collections::{BTreeMap, BTreeSet};

use super::render;
use super::{
    Catalog, Change, Column, Constraint, Difference, Domain, Function, Index, Key, Kind, Object, Policy, Properties,
    Rule, Trigger, View,
};
use crate::error::Result;
use crate::session::Maintenance;
use crate::sql::identifier::ident;

/// How the schemas begin that the copies stand in while they are read.
const SCRATCH: &str = "waygate_settling_";

/// Every name stands in the text that the server printed, and no body is compiled.
const BEGIN: &str = "BEGIN; SET LOCAL search_path = ''; SET LOCAL check_function_bodies = off";

/// The catalog with the second printing of the expressions in objects that differ from another catalog's. Compare again
/// once both sides are settled: what still differs is a difference.
///
/// Each expression is set once more on an empty copy of its table, in a transaction that is rolled back, so tables are
/// read-locked at most. The session is connected to the catalog's own database and in no transaction; when this future
/// is dropped, it may be in one. An expression that cannot be copied keeps its first form.
///
/// # Errors
///
/// [`is_connection_lost`](crate::Error::is_connection_lost); [`is_permission_denied`](crate::Error::is_permission_denied)
/// where the owner may make no schema.
pub async fn settle(session: &Maintenance, catalog: &Catalog, differing: &[Difference]) -> Result<Catalog> {
    let altered = differing.iter().filter(|difference| matches!(difference.change, Change::Altered { .. }));
    let objects: Vec<&Object> =
        altered.filter_map(|difference| catalog.object(&difference.key)).filter(|object| is_printed(object)).collect();
    if objects.is_empty() {
        return Ok(catalog.clone());
    }
    let copies = Copies::of(&objects);
    session.run(BEGIN).await?;
    let second = copies.read(session, catalog, &objects).await;
    session.run("ROLLBACK").await?;
    let second = second?;
    let settled = catalog.objects().map(|(key, object)| {
        let copy = second.object(&copies.key(key));
        copy.map_or_else(
            || object.clone(),
            |copy| Object { is: copies.merged(key, &object.is, &copy.is), ..object.clone() },
        )
    });
    Ok(Catalog::new(catalog.server, catalog.role.clone(), settled))
}

/// Whether the server prints an expression or a query of the object.
fn is_printed(object: &Object) -> bool {
    match &object.is {
        Properties::Column(it) => it.default.is_some() || it.generated.is_some(),
        Properties::Constraint(it) => matches!(it.kind.as_str(), "c" | "x"),
        Properties::Function(it) => it.definition.is_some(),
        Properties::Domain(_)
        | Properties::Index(_)
        | Properties::View(_)
        | Properties::Trigger(_)
        | Properties::Rule(_)
        | Properties::Policy(_) => true,
        _ => false,
    }
}

/// Copies of objects, each in the stead of its schema in a schema of its own: names within expressions stay what they are.
struct Copies {
    schemas: BTreeMap<String, String>,
}

impl Copies {
    fn of(objects: &[&Object]) -> Self {
        let names: BTreeSet<&String> = objects.iter().filter_map(|object| object.path.first()).collect();
        let copies = names.into_iter().enumerate().map(|(place, name)| (name.clone(), format!("{SCRATCH}{place}")));
        Self { schemas: copies.collect() }
    }

    /// The key of an object's copy.
    fn key(&self, key: &Key) -> Key {
        let mut copy = key.clone();
        if let Some(schema) = copy.path.first_mut()
            && let Some(scratch) = self.schemas.get(schema)
        {
            schema.clone_from(scratch);
        }
        copy
    }

    /// Makes the copies in the transaction that is open, and reads what the server prints of them.
    async fn read(&self, session: &Maintenance, catalog: &Catalog, objects: &[&Object]) -> Result<Catalog> {
        for scratch in self.schemas.values() {
            session.run(&format!("CREATE SCHEMA {scratch}")).await?;
        }
        let mut relations: BTreeMap<Key, &Object> = BTreeMap::new();
        for object in objects {
            let own = Some(object.key()).filter(|key| key.kind == Kind::View);
            let home = object.key().relation().and_then(|path| {
                [Kind::Table, Kind::View].map(|kind| Key::new(kind, path)).into_iter().find(|key| catalog.contains(key))
            });
            let relation = own.or(home).and_then(|key| Some((catalog.object(&key)?, key)));
            relations.extend(relation.map(|(object, key)| (key, object)));
        }
        for object in relations.values().chain(objects.iter().filter(|object| object.kind() != Kind::View)) {
            // One that fails leaves the others; without a connection the reading fails.
            let script =
                format!("SAVEPOINT settling; {}; RELEASE SAVEPOINT settling", self.statements(object).join("; "));
            if let Err(refusal) = session.run(&script).await {
                tracing::debug!(object = %object.key(), error = %refusal.error, "an expression is printed once only");
                session.run("ROLLBACK TO SAVEPOINT settling").await?;
            }
        }
        Catalog::read_within(session).await
    }

    /// The statements that make an object's copy.
    fn statements(&self, object: &Object) -> Vec<String> {
        let key = object.key();
        let copy = Object { path: self.key(&key).path, ..object.clone() };
        match &object.is {
            Properties::Table(_) => {
                vec![format!("CREATE TABLE {} (LIKE {})", render::name(&copy.key()), render::name(&key))]
            }
            Properties::Column(it) => column(copy, it),
            Properties::Index(Index { definition, .. })
            | Properties::Trigger(Trigger { definition, .. })
            | Properties::Rule(Rule { definition, .. })
            | Properties::Function(Function { definition: Some(definition), .. }) => {
                vec![self.there(&key, definition.trim_end_matches(';'))]
            }
            Properties::Constraint(it) => {
                let alone =
                    Constraint { parent: None, local: true, clustered: false, replica_identity: false, ..it.clone() };
                made(&Object { is: Properties::Constraint(alone), ..copy }).collect()
            }
            // Nobody reads its rows.
            Properties::View(it) if it.materialized => made(&copy).take(1).map(|sql| sql + " WITH NO DATA").collect(),
            _ => made(&copy).collect(),
        }
    }

    /// A statement, with the copy's name in the place of the object's.
    fn there(&self, key: &Key, definition: &str) -> String {
        definition.replacen(&named(key), &named(&self.key(key)), 1)
    }

    /// The other way round.
    fn back(&self, key: &Key, definition: &str) -> String {
        definition.replacen(&named(&self.key(key)), &named(key), 1)
    }

    /// What the object is, with what was printed of its copy.
    fn merged(&self, key: &Key, own: &Properties, copy: &Properties) -> Properties {
        match (own.clone(), copy.clone()) {
            (Properties::Column(own), Properties::Column(Column { default, generated, .. })) => {
                let default = own.default.is_some().then_some(default).flatten();
                let generated = own.generated.is_some().then_some(generated).flatten();
                Properties::Column(Column {
                    default: default.or(own.default),
                    generated: generated.or(own.generated),
                    ..own
                })
            }
            (Properties::Constraint(own), Properties::Constraint(Constraint { definition, index, .. })) => {
                let index = index.map(|index| self.back(key, &index));
                Properties::Constraint(Constraint { definition, index, ..own })
            }
            (Properties::Index(own), Properties::Index(Index { definition, keys, predicate, .. })) => {
                let definition = self.back(key, &definition);
                // The copy of a partitioned table has no parts.
                let is_whole = own.definition.contains(" ON ONLY ");
                let definition = if is_whole { definition.replacen(" ON ", " ON ONLY ", 1) } else { definition };
                Properties::Index(Index { definition, keys, predicate, ..own })
            }
            (Properties::Policy(own), Properties::Policy(Policy { using, check, .. })) => {
                Properties::Policy(Policy { using, check, ..own })
            }
            (Properties::View(own), Properties::View(View { definition, .. })) => {
                Properties::View(View { definition, ..own })
            }
            (Properties::Trigger(own), Properties::Trigger(Trigger { definition, .. })) => {
                Properties::Trigger(Trigger { definition: self.back(key, &definition), ..own })
            }
            (Properties::Rule(own), Properties::Rule(Rule { definition, .. })) => {
                Properties::Rule(Rule { definition: self.back(key, &definition), ..own })
            }
            (Properties::Domain(own), Properties::Domain(Domain { default, checks, .. })) => {
                Properties::Domain(Domain { default, checks, ..own })
            }
            (Properties::Function(own), Properties::Function(Function { definition, arguments, .. })) => {
                let definition = definition.map(|definition| self.back(key, &definition));
                Properties::Function(Function { definition, arguments, ..own })
            }
            (own, _) => own,
        }
    }
}

/// How a definition names what its copy has another name for: ` schema.table`, of a function ` schema.name(`.
fn named(key: &Key) -> String {
    match (key.kind, key.path.as_slice()) {
        (Kind::Function, [schema, name, _]) => format!(" {}.{}(", ident(schema), ident(name)),
        _ => format!(" {}", render::relation(key)),
    }
}

/// A copied table's columns have neither default nor expression.
fn column(copy: Object, it: &Column) -> Vec<String> {
    let key = copy.key();
    if it.generated.is_none() {
        return vec![render::set_default(&key, it.default.as_deref()).sql];
    }
    let drop = format!("ALTER TABLE {} DROP COLUMN {}", render::relation(&key), ident(key.name()));
    let own = Column { local: true, inherited: false, ..it.clone() };
    [drop].into_iter().chain(made(&Object { is: Properties::Column(own), ..copy })).collect()
}

/// The statements that make an object.
fn made(object: &Object) -> impl Iterator<Item = String> + use<> {
    render::create(object).unwrap_or_default().into_iter().map(|action| action.sql)
}
