//! Renames: declared by the models or by flags, and run before anything is compared.
//!
//! The server itself then writes the new name into every expression that held the old one, so that what is left to
//! compare is what really changed.

use crate::catalog::{Action, Catalog, Key, Kind, Properties, Verb};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::schema::Schema;
use crate::sql::identifier::{ident, literal};

use super::words::{named, place};

/// What the declarations come to.
#[derive(Debug, Default)]
pub(crate) struct Renames {
    /// The statements, tables and types before what stands in them.
    pub(crate) actions: Vec<Action>,
    /// Declarations that have nothing left to do, in words.
    pub(crate) hints: Vec<String>,
}

/// A declared rename: names from the outside in, without schema.
#[derive(Debug, Clone)]
struct Declared {
    old: Vec<String>,
    new: Vec<String>,
    /// Whether it stands in a model, where it stays after it was done.
    by_model: bool,
}

/// The renames that models and flags declare, of what is in this catalog.
///
/// # Errors
///
/// [`is_config`](Error::is_config) when a flag is malformed, names nothing that is there, or a name that is taken.
pub(crate) fn renames(schema: &Schema, flags: &[(String, String)], catalog: &Catalog) -> Result<Renames> {
    let mut declared = by_models(schema);
    for (old, new) in flags {
        declared.push(by_flag(old, new)?);
    }
    // Outer names first: a column's rename names its table as it is then called.
    declared.sort_by_key(|rename| rename.new.len());
    let mut found = Renames::default();
    let mut outer: Vec<(String, String)> = Vec::new();
    for rename in declared {
        match &rename.new[..] {
            [new] => outermost(&rename, new, catalog, &mut outer, &mut found)?,
            [owner, new] => inner(&rename, owner, new, catalog, &outer, &mut found)?,
            _ => {}
        }
    }
    Ok(found)
}

/// What the models say.
fn by_models(schema: &Schema) -> Vec<Declared> {
    let declared = |old: Vec<&str>, new: Vec<&str>| Declared {
        old: old.into_iter().map(str::to_owned).collect(),
        new: new.into_iter().map(str::to_owned).collect(),
        by_model: true,
    };
    let mut renames = Vec::new();
    for ty in schema.enums() {
        renames.extend(ty.renamed_from.map(|old| declared(vec![old], vec![ty.name])));
        renames.extend(ty.renamed.iter().map(|(old, new)| declared(vec![ty.name, old], vec![ty.name, new])));
    }
    for table in schema.tables() {
        renames.extend(table.renamed_from.map(|old| declared(vec![old], vec![table.name])));
        for column in table.columns {
            renames
                .extend(column.renamed_from.map(|old| declared(vec![table.name, old], vec![table.name, column.name])));
        }
    }
    renames
}

/// What a flag `old=new` says.
fn by_flag(old: &str, new: &str) -> Result<Declared> {
    let names = |text: &str| -> Vec<String> {
        text.strip_prefix("public.").unwrap_or(text).split('.').map(str::to_owned).collect()
    };
    let (old, new) = (names(old), names(new));
    let fits = old.len() == new.len() && (1..=2).contains(&old.len()) && new.iter().all(|name| !name.is_empty());
    if !fits {
        return Err(malformed(&old, &new));
    }
    Ok(Declared { old, new, by_model: false })
}

/// A table or a type.
fn outermost(
    rename: &Declared,
    new: &str,
    catalog: &Catalog,
    outer: &mut Vec<(String, String)>,
    found: &mut Renames,
) -> Result<()> {
    let Some(old) = rename.old.first() else { return Ok(()) };
    let kinds = [(Kind::Table, "TABLE"), (Kind::Enum, "TYPE"), (Kind::View, "VIEW"), (Kind::Domain, "DOMAIN")];
    let at = |kind: Kind, name: &str| Key::new(kind, ["public", name]);
    let there = kinds.into_iter().find(|(kind, _)| catalog.contains(&at(*kind, old)));
    let is_taken = kinds.iter().any(|(kind, _)| catalog.contains(&at(*kind, new)));
    match there {
        Some((kind, word)) if !is_taken => {
            let key = at(kind, old);
            let sql = format!("ALTER {word} {} RENAME TO {}", named(&key.path), ident(new));
            found.actions.push(Action { verb: Verb::Rename(new.to_owned()), key, sql });
            outer.push((old.clone(), new.to_owned()));
            Ok(())
        }
        _ => undone(rename, there.is_some(), is_taken, found),
    }
}

/// A column of a table, or a label of an enum.
fn inner(
    rename: &Declared,
    owner: &str,
    new: &str,
    catalog: &Catalog,
    outer: &[(String, String)],
    found: &mut Renames,
) -> Result<()> {
    let [old_owner, old] = &rename.old[..] else { return Ok(()) };
    // The catalog was read before the table was renamed; the statement is run after.
    let before = outer.iter().find(|(_, now)| now == owner).map_or(owner, |(before, _)| before.as_str());
    if ![before, owner].contains(&old_owner.as_str()) {
        return Err(malformed(&rename.old, &rename.new));
    }
    let column = |name: &str| Key::new(Kind::Column, ["public", before, name]);
    let ty = Key::new(Kind::Enum, ["public", before]);
    let labels = match catalog.object(&ty).map(|object| &object.is) {
        Some(Properties::Enum(found)) => found.labels.as_slice(),
        _ => &[],
    };
    let is_label = |name: &str| labels.iter().any(|label| label == name);
    let here = named(&["public".to_owned(), owner.to_owned()]);
    let (is_there, is_taken) = if catalog.contains(&ty) {
        (is_label(old), is_label(new))
    } else {
        (catalog.contains(&column(old)), catalog.contains(&column(new)))
    };
    if !is_there || is_taken {
        return undone(rename, is_there, is_taken, found);
    }
    let (key, sql) = if catalog.contains(&ty) {
        let sql = format!("ALTER TYPE {here} RENAME VALUE {} TO {}", literal(old), literal(new));
        (Key::new(Kind::Enum, ["public", owner, old]), sql)
    } else {
        let sql = format!("ALTER TABLE {here} RENAME COLUMN {} TO {}", ident(old), ident(new));
        (Key::new(Kind::Column, ["public", owner, old]), sql)
    };
    found.actions.push(Action { verb: Verb::Rename(new.to_owned()), key, sql });
    Ok(())
}

/// A declaration that does nothing: one in a model was done before, or is about what never was; a flag is a mistake.
fn undone(rename: &Declared, is_there: bool, is_taken: bool, found: &mut Renames) -> Result<()> {
    let (old, new) = (rename.old.join("."), rename.new.join("."));
    if rename.by_model && !(is_there && is_taken) {
        if is_taken {
            let old = rename.old.last().map_or("", String::as_str);
            found.hints.push(format!(
                "{new} has its new name in the history: renamed_from = {old:?} can go once this is deployed everywhere"
            ));
        }
        return Ok(());
    }
    let message = match (is_there, is_taken) {
        (true, _) => format!("{old} cannot be renamed to {new}: both are there"),
        (false, _) => format!("{old} cannot be renamed to {new}: there is no {old}"),
    };
    Err(Error::new(ErrorKind::Config, message)
        .help("write --rename old=new with names of the history's tables, table.columns, types or type.labels"))
}

fn malformed(old: &[String], new: &[String]) -> Error {
    let message = format!("{}={} is no rename within one table or type", old.join("."), new.join("."));
    Error::new(ErrorKind::Config, message)
        .help("write --rename table=table, --rename table.column=table.column or --rename type.label=type.label")
}

/// The statements that undo renames, last first.
pub(crate) fn reversed(renames: &[Action]) -> Vec<Action> {
    renames.iter().rev().filter_map(reverse).collect()
}

fn reverse(action: &Action) -> Option<Action> {
    let Verb::Rename(new) = &action.verb else { return None };
    let old = action.key.path.last()?;
    let mut key = action.key.clone();
    key.path.last_mut()?.clone_from(new);
    let owner = named(key.path.get(..2)?);
    let sql = match (key.kind, key.path.len()) {
        (Kind::Column, _) => format!("ALTER TABLE {owner} RENAME COLUMN {} TO {}", ident(new), ident(old)),
        (Kind::Enum, 3) => format!("ALTER TYPE {owner} RENAME VALUE {} TO {}", literal(new), literal(old)),
        (Kind::Enum, _) => format!("ALTER TYPE {owner} RENAME TO {}", ident(old)),
        (Kind::Domain, _) => format!("ALTER DOMAIN {owner} RENAME TO {}", ident(old)),
        (Kind::View, _) => format!("ALTER VIEW {owner} RENAME TO {}", ident(old)),
        _ => format!("ALTER TABLE {owner} RENAME TO {}", ident(old)),
    };
    Some(Action { verb: Verb::Rename(old.clone()), key, sql })
}

/// The name of this object before the declared renames, for a database that does not have them yet.
pub(crate) fn before(key: &Key, renames: &[Action]) -> Key {
    let mut key = key.clone();
    for action in renames.iter().rev() {
        let Verb::Rename(new) = &action.verb else { continue };
        let depth = action.key.path.len();
        let is_it = key.path.get(..depth).is_some_and(|path| {
            path.last() == Some(new)
                && path.split_last().map(|(_, rest)| rest) == action.key.path.split_last().map(|(_, rest)| rest)
        });
        if is_it && let (Some(place), Some(old)) = (key.path.get_mut(depth - 1), action.key.path.last()) {
            place.clone_from(old);
        }
    }
    key
}

/// An object that may be an old one under a new name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// `table`, `column`, `type` or `label`.
    pub kind: &'static str,
    /// What is not in the models any more.
    pub from: String,
    /// What is not in the history yet.
    pub to: String,
    /// The flag that says it was renamed.
    pub rename: String,
    /// The flag that says it was not.
    pub drop: String,
}

impl Candidate {
    fn new(kind: &'static str, from: String, to: String) -> Self {
        let (rename, drop) = (format!("--rename {from}={to}"), format!("--drop {from}"));
        Self { kind, from, to, rename, drop }
    }
}

/// How much alike the columns of two tables are, in tenths, before one may be the other.
const ALIKE: usize = 7;

/// What may have been renamed between two catalogs: columns of one table and one type, labels of one enum, tables with
/// mostly the same columns, enums with the same labels.
pub(crate) fn candidates(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let gone: Vec<_> = from.objects().filter(|(key, _)| !to.contains(key)).collect();
    let new: Vec<_> = to.objects().filter(|(key, _)| !from.contains(key)).collect();
    let mut found = Vec::new();
    for (old_key, old) in &gone {
        for (new_key, new) in new.iter().filter(|(key, _)| key.kind == old_key.kind) {
            let kind = match (&old.is, &new.is) {
                (Properties::Table(_), Properties::Table(_)) if are_alike(old_key, new_key, from, to) => "table",
                (Properties::Enum(one), Properties::Enum(other)) if one.labels == other.labels => "type",
                (Properties::Column(one), Properties::Column(other))
                    if old_key.relation() == new_key.relation() && one.ty == other.ty =>
                {
                    "column"
                }
                _ => continue,
            };
            found.push(Candidate::new(kind, place(old_key), place(new_key)));
        }
    }
    found.extend(labels(from, to));
    found
}

/// The labels of enums that may have been renamed.
fn labels(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (key, object) in from.objects() {
        let (Properties::Enum(old), Some(Properties::Enum(new))) = (&object.is, to.object(key).map(|now| &now.is))
        else {
            continue;
        };
        let gone = old.labels.iter().filter(|label| !new.labels.contains(label));
        for one in gone {
            for other in new.labels.iter().filter(|label| !old.labels.contains(label)) {
                let name = |label: &str| format!("{}.{label}", place(key));
                found.push(Candidate::new("label", name(one), name(other)));
            }
        }
    }
    found
}

/// Whether two tables have mostly the same columns.
fn are_alike(old: &Key, new: &Key, from: &Catalog, to: &Catalog) -> bool {
    let names = |catalog: &Catalog, key: &Key| -> Vec<String> {
        catalog.parts(Kind::Column, &key.path).map(|object| object.key().name().to_owned()).collect()
    };
    let (old, new) = (names(from, old), names(to, new));
    let common = old.iter().filter(|name| new.contains(name)).count();
    let all = old.len() + new.len() - common;
    all > 0 && common * 10 >= ALIKE * all
}
