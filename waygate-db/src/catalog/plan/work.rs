//! Making and changing objects, each after what it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::super::render::{self, Inline, Outcome};
use super::super::{Action, Aspect, Key, Kind, Object, Properties, Verb};
use super::{Plan, drops, heritage, order, rights};
use crate::error::Result;
use crate::sql::identifier::ident;

/// The longest name that the server keeps.
const LONGEST: usize = 63;

/// One piece of work, in the order in which people like to read it: types and functions, then table after table with all
/// that belongs to it, then views.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    section: u8,
    relation: Vec<String>,
    rank: u8,
    /// A column's place: columns are added in their order.
    place: u32,
    key: Key,
    part: Part,
}

/// What of an object a piece is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Itself,
    Finish,
    Rights,
    Comment,
    /// Last: what is another's can be granted and commented on by that one alone.
    Owner,
}

impl Piece {
    fn of(object: &Object, part: Part) -> Self {
        let key = object.key();
        let section = match key.kind {
            Kind::View => 2,
            Kind::Publication | Kind::DefaultPrivileges => 3,
            _ if key.table().is_some() || key.kind == Kind::Statistics => 1,
            _ => 0,
        };
        let rank = match (part, key.kind) {
            (Part::Itself, Kind::Policy) => 8,
            (Part::Itself, kind) => kind_rank(kind),
            (Part::Finish, _) => 7,
            (Part::Rights, _) => 9,
            (Part::Comment, _) => 10,
            (Part::Owner, _) => 11,
        };
        let relation = key.relation().map_or_else(|| key.path.clone(), <[String]>::to_vec);
        Self { section, relation, rank, place: object.place, key, part }
    }
}

fn kind_rank(kind: Kind) -> u8 {
    match kind {
        Kind::Column => 1,
        Kind::Constraint => 2,
        Kind::Index => 3,
        Kind::Statistics => 4,
        Kind::Trigger => 5,
        Kind::Rule => 6,
        _ => 0,
    }
}

/// Everything that is made, changed, granted or said.
pub(super) fn actions(plan: &Plan<'_>) -> Result<Vec<Action>> {
    let mut work: BTreeMap<Piece, Vec<Action>> = BTreeMap::new();
    let mut needs: BTreeMap<Piece, BTreeSet<Piece>> = BTreeMap::new();
    for (key, object) in plan.to.objects() {
        let itself = Piece::of(object, Part::Itself);
        let pieces = [
            (Part::Itself, itself_actions(plan, key, object)?),
            (Part::Finish, finish(plan, key, object)),
            (Part::Rights, rights_of(plan, key, object)),
            (Part::Comment, comment(plan, key, object)),
            (Part::Owner, owner(plan, key, object)),
        ];
        for (part, actions) in pieces {
            // What needs an object waits for its piece also where that has nothing to do: it may need others in turn.
            if actions.is_empty() && part != Part::Itself {
                continue;
            }
            let piece = Piece::of(object, part);
            let needed = match part {
                Part::Itself => needed(plan, key, object),
                _ => [home(plan, key).map_or_else(|| itself.clone(), |home| Piece::of(home, Part::Itself))].into(),
            };
            needs.insert(piece.clone(), needed);
            work.insert(piece, actions);
        }
    }
    let ordered = order::sorted(&needs).into_iter().filter_map(|piece| work.remove(&piece)).flatten();
    Ok(ordered.chain(rights::defaults(plan)).collect())
}

/// The pieces that have to be done before: those of what the object needs, and of what stands within its statement.
fn needed(plan: &Plan<'_>, key: &Key, object: &Object) -> BTreeSet<Piece> {
    let parts = if plan.is_made(key) && key.kind == Kind::Table { parts_within(plan, key) } else { Vec::new() };
    let within = parts.iter().flat_map(|part| &part.needs);
    let table = key.table().filter(|table| table != key);
    let parents = match &object.is {
        Properties::Table(it) => it.parents.iter().map(|path| Key::new(Kind::Table, path)).collect(),
        Properties::Column(it) if it.inherited => heritage::parents(plan.to, key),
        _ => Vec::new(),
    };
    object
        .needs
        .iter()
        .chain(within)
        .chain(&table)
        .chain(&parents)
        .filter_map(|need| home(plan, need))
        .filter(|home| home.path != object.path || home.kind() != object.kind())
        .map(|home| Piece::of(home, Part::Itself))
        .collect()
}

/// The object in whose statement this one is made: its table's, or its own.
fn home<'a>(plan: &'a Plan<'_>, key: &Key) -> Option<&'a Object> {
    let object = plan.to.object(key)?;
    if is_within(plan, key, object) { plan.to.object(&key.table()?) } else { Some(object) }
}

/// Whether a part stands within the statement that makes its table.
fn is_within(plan: &Plan<'_>, key: &Key, object: &Object) -> bool {
    plan.is_in_new_table(key)
        && match &object.is {
            Properties::Column(_) => true,
            Properties::Constraint(it) => {
                it.kind != "f" && it.valid && it.local && it.parent.is_none() && !it.clustered && !it.replica_identity
            }
            _ => false,
        }
}

fn parts_within<'a>(plan: &'a Plan<'_>, table: &'a Key) -> Vec<&'a Object> {
    let parts = [Kind::Column, Kind::Constraint].into_iter().flat_map(|kind| plan.to.parts(kind, &table.path));
    parts.filter(|part| is_within(plan, &part.key(), part)).collect()
}

fn itself_actions(plan: &Plan<'_>, key: &Key, object: &Object) -> Result<Vec<Action>> {
    if plan.rebuild.enums.contains(key) {
        return Ok(remake_enum(plan, key, object));
    }
    let given =
        heritage::given(plan, key, object).map(|column| Object { is: Properties::Column(column), ..object.clone() });
    if plan.is_made(key) && (given.is_none() || is_within(plan, key, object)) {
        return make(plan, key, object);
    }
    let Some(before) = given.as_ref().or(plan.from.object(key)) else { return Ok(Vec::new()) };
    let Outcome::Statements(mut actions) = render::alter(before, object)? else { return Ok(Vec::new()) };
    if let (Properties::Column(old), Properties::Column(new)) = (&before.is, &object.is) {
        let is_retyped = actions.iter().any(|action| action.verb == Verb::Alter(Aspect::Type));
        if has_remade_type(plan, object) && !old.inherited && !is_retyped {
            actions.retain(|action| !sets_default(action));
            actions.splice(..0, retype(key, old, new));
        } else if plan.rebuild.defaults.contains(key) && !actions.iter().any(sets_default) {
            actions.extend(new.default.as_deref().map(|default| render::set_default(key, Some(default))));
        }
        if old.identity.is_none() || drops::loses_identity(plan, key) {
            actions.extend(identity(plan, key, object));
        }
    }
    Ok(actions)
}

fn make(plan: &Plan<'_>, key: &Key, object: &Object) -> Result<Vec<Action>> {
    match &object.is {
        Properties::Table(it) => {
            let mut inline = Inline { columns: Vec::new(), constraints: Vec::new() };
            let mut parts = parts_within(plan, key);
            parts.sort_by_key(|part| part.place);
            for part in &parts {
                match &part.is {
                    Properties::Column(column) if column.local => inline.columns.push((part.key(), column)),
                    Properties::Constraint(constraint) => inline.constraints.push((part.key(), constraint)),
                    _ => {}
                }
            }
            inline.constraints.sort_by_key(|(_, constraint)| key_first(&constraint.kind));
            let table = render::create_table(key, it, &inline)?;
            let later = parts.iter().map(|part| after_table(plan, part)).collect::<Result<Vec<_>>>()?;
            let identities = parts.iter().filter_map(|part| identity(plan, &part.key(), part));
            Ok([table].into_iter().chain(later.into_iter().flatten()).chain(identities).collect())
        }
        Properties::Sequence(it) if it.owned_by.as_ref().is_some_and(|owner| owner.identity) => Ok(Vec::new()),
        _ if is_within(plan, key, object) => Ok(Vec::new()),
        _ => {
            let mut actions = render::create(object)?;
            actions.extend(identity(plan, key, object));
            Ok(actions)
        }
    }
}

/// What a part that stands within its table's statement is told after it: a parent's column, what it has of its own.
fn after_table(plan: &Plan<'_>, part: &Object) -> Result<Vec<Action>> {
    let Some(given) = heritage::given(plan, &part.key(), part) else { return Ok(render::after_table(part)) };
    match render::alter(&Object { is: Properties::Column(given), ..part.clone() }, part)? {
        Outcome::Statements(actions) => Ok(actions),
        Outcome::Rebuild => Ok(Vec::new()),
    }
}

/// Primary keys before other keys, and those before checks.
fn key_first(kind: &str) -> usize {
    ["p", "u", "x", "c"].iter().position(|known| *known == kind).unwrap_or(9)
}

/// The identity of a column, with its sequence's name and numbers.
fn identity(plan: &Plan<'_>, key: &Key, object: &Object) -> Option<Action> {
    let Properties::Column(column) = &object.is else { return None };
    let sequence = drops::identity_of(plan.to, key)?;
    match &sequence.is {
        Properties::Sequence(it) => render::add_identity(key, column, &sequence.key(), it),
        _ => None,
    }
}

fn sets_default(action: &Action) -> bool {
    action.verb == Verb::Alter(Aspect::Default) && action.sql.contains(" SET DEFAULT ")
}

/// Row security and what else a new table is told once its parts are there.
fn finish(plan: &Plan<'_>, key: &Key, object: &Object) -> Vec<Action> {
    match &object.is {
        Properties::Table(it) if plan.is_made(key) => render::finish_table(key, it),
        _ => Vec::new(),
    }
}

fn owner(plan: &Plan<'_>, key: &Key, object: &Object) -> Vec<Action> {
    let before = match plan.from.object(key).filter(|_| !plan.is_bare(key)) {
        Some(before) => before.owner.as_deref(),
        None => Some(plan.from.role.as_str()),
    };
    let is_owned = !matches!(key.kind, Kind::Extension | Kind::DefaultPrivileges) && !is_identity(object);
    match object.owner.as_deref().filter(|owner| is_owned && Some(*owner) != before) {
        Some(owner) => hand_over(plan, key, object, owner),
        None => Vec::new(),
    }
}

/// The statement that hands an object over, within a right to make objects of its schema where the new owner has none.
fn hand_over(plan: &Plan<'_>, key: &Key, object: &Object, owner: &str) -> Vec<Action> {
    let schema = key.schema().filter(|_| key.kind != Kind::Schema);
    let place = schema.and_then(|schema| plan.to.object(&Key::new(Kind::Schema, [schema])));
    let lacks = place.filter(|place| {
        let has = |grant: &super::super::Grant| grant.role == owner && grant.privilege == "CREATE";
        place.owner.as_deref() != Some(owner) && !place.grants.iter().any(has)
    });
    let right = |verb, words: &str, to: &str, place: &Object| Action {
        verb,
        key: place.key(),
        sql: format!("{words} CREATE ON {} {to} {}", render::target(place), ident(owner)),
    };
    let before = lacks.map(|place| right(Verb::Grant, "GRANT", "TO", place));
    let after = lacks.map(|place| right(Verb::Revoke, "REVOKE", "FROM", place));
    before.into_iter().chain(render::owner(object)).chain(after).collect()
}

fn is_identity(object: &Object) -> bool {
    matches!(&object.is, Properties::Sequence(it) if it.owned_by.as_ref().is_some_and(|owner| owner.identity))
}

fn rights_of(plan: &Plan<'_>, key: &Key, object: &Object) -> Vec<Action> {
    match key.kind {
        Kind::Column | Kind::DefaultPrivileges => Vec::new(),
        _ => rights::actions(plan, key, object),
    }
}

fn comment(plan: &Plan<'_>, key: &Key, object: &Object) -> Vec<Action> {
    let before = plan.from.object(key).filter(|_| !plan.is_bare(key)).and_then(|before| before.comment.as_deref());
    let differs = object.comment.as_deref() != before;
    differs.then(|| render::comment(object)).into_iter().collect()
}

/// An enum that lost labels is made anew beside the old one, which gets another name until its last column has the new
/// type.
fn remake_enum(plan: &Plan<'_>, key: &Key, object: &Object) -> Vec<Action> {
    let labels = |object: Option<&Object>| match object.map(|object| &object.is) {
        Some(Properties::Enum(it)) => it.labels.clone(),
        _ => Vec::new(),
    };
    let kept = labels(Some(object));
    let lost: Vec<String> = labels(plan.from.object(key)).into_iter().filter(|label| !kept.contains(label)).collect();
    let verb = Verb::Alter(Aspect::RemoveLabels(lost));
    let rename = format!("ALTER TYPE {} RENAME TO {}", render::name(key), ident(&old_name(key)));
    let make = render::create(object).unwrap_or_default().into_iter().map(|action| action.sql);
    [rename].into_iter().chain(make).map(|sql| Action { verb: verb.clone(), key: key.clone(), sql }).collect()
}

/// The statement that drops the old type of an enum that was made anew.
pub(super) fn drop_old_enum(key: &Key) -> Action {
    let path: Vec<String> = key.path.first().cloned().into_iter().chain([old_name(key)]).collect();
    let old = Key::new(Kind::Enum, path);
    Action { verb: Verb::Drop, sql: format!("DROP TYPE {}", render::name(&old)), key: old }
}

fn old_name(key: &Key) -> String {
    let end = "__old";
    let kept = key.name().char_indices().take_while(|(at, c)| at + c.len_utf8() + end.len() <= LONGEST);
    kept.map(|(_, c)| c).collect::<String>() + end
}

/// Whether a column's type is an enum that is made anew.
pub(super) fn has_remade_type(plan: &Plan<'_>, column: &Object) -> bool {
    column.needs.iter().any(|need| plan.rebuild.enums.contains(need))
}

/// The column gets the new type of the same name.
fn retype(key: &Key, old: &super::super::Column, new: &super::super::Column) -> Vec<Action> {
    let text = if new.ty.ends_with("[]") { "text[]" } else { "text" };
    let change = format!("TYPE {} USING {}::{text}::{}", new.ty, ident(key.name()), new.ty);
    let table = render::relation(key);
    let sql = format!("ALTER TABLE {table} ALTER COLUMN {} {change}", ident(key.name()));
    let drop = old.default.is_some().then(|| render::set_default(key, None));
    let set = new.default.as_deref().map(|default| render::set_default(key, Some(default)));
    drop.into_iter().chain([Action { verb: Verb::Alter(Aspect::Type), key: key.clone(), sql }]).chain(set).collect()
}
