//! Indexes, as words on a field or on the struct.

use super::About;
use super::fields::Names;
use super::scope::Scope;
use super::shape::{Part, Shape};
use super::types::{Family, Type};
use super::world::World;
use super::write::Word;
use crate::catalog::{Index, IndexKey, Key, Kind};
use crate::sql::ddl::names::derived;

/// An index that a model says.
#[derive(Debug)]
struct Said<'a> {
    key: Key,
    name: &'a str,
    columns: Vec<(&'a str, bool)>,
    unique: bool,
    gin: bool,
    predicate: Option<&'a str>,
}

/// The words of a table's indexes: on the struct, and on fields by column.
#[derive(Debug, Default)]
pub(super) struct Indexes<'a> {
    pub(super) on_struct: Vec<Word>,
    pub(super) on_field: Vec<(&'a str, Word)>,
}

impl<'a> Indexes<'a> {
    /// The indexes that the model can say; what it cannot, or says otherwise, is noted. `takes` tells whether a column's
    /// field may have an index's word.
    pub(super) fn of(
        world: &mut World<'a>,
        shape: &Shape<'a>,
        names: &Names<'a>,
        own: &[&str],
        takes: impl Fn(&str, &str) -> bool,
    ) -> Self {
        let mut found = Self::default();
        let mut all = constraints(world, shape);
        for index in shape.indexes.iter().filter(|index| !own.contains(&index.name)) {
            match said(index) {
                Ok(said) => all.push(said),
                Err(why) => world.note(About::Unsaid, index.key(), why),
            }
        }
        for said in all {
            match refusal(world, shape, names, &said) {
                Some(why) => world.note(About::Unsaid, said.key, why),
                None => found.add(&said, shape, names, world.scope(shape.name), &takes),
            }
        }
        found
    }

    fn add(
        &mut self,
        said: &Said<'a>,
        shape: &Shape<'a>,
        names: &Names<'a>,
        scope: &Scope,
        takes: impl Fn(&str, &str) -> bool,
    ) {
        let word = if said.unique { "unique" } else { "index" };
        let is_alone = |column: &str| {
            let has = self.on_field.iter().any(|(other, there)| *other == column && there.is(word));
            // A unique word on a field has the owner's column before its own.
            let is_whole = !said.unique || scope.owning_column().is_none_or(|owner| owner == column);
            !has && is_whole && takes(column, word)
        };
        if let [(column, descending)] = said.columns.as_slice()
            && is_alone(column)
        {
            let descending = descending.then(|| Word::plain("desc"));
            self.on_field.push((column, Word::list(word, descending.into_iter().chain(options(said, shape)))));
            return;
        }
        let columns = said.columns.iter().map(|(column, descending)| {
            let order = if *descending { " desc" } else { "" };
            Word::plain(format!("{}{order}", names.field(column)))
        });
        self.on_struct.push(Word::list(word, columns.chain(options(said, shape))));
    }
}

/// What stands behind an index's columns.
fn options(said: &Said<'_>, shape: &Shape<'_>) -> Vec<Word> {
    let suffix = if said.unique { "key" } else { "idx" };
    let columns = said.columns.iter().map(|(column, _)| *column);
    let usual: Vec<&str> = [shape.name].into_iter().chain(columns).chain([suffix]).collect();
    let name = (usual.join("_") != said.name).then(|| format!("name = {:?}", said.name));
    let method = said.gin.then(|| "using = gin".to_owned());
    let predicate = said.predicate.map(|sql| format!("where = {sql:?}"));
    [name, method, predicate].into_iter().flatten().map(Word::plain).collect()
}

/// The unique constraints, which the models have as unique indexes; the derive's own is none of them.
fn constraints<'a>(world: &mut World<'a>, shape: &Shape<'a>) -> Vec<Said<'a>> {
    let mut found = Vec::new();
    let tenant_key = world.scope(shape.name).tenant_column().map(|tenant| {
        let columns = vec![tenant.to_owned(), shape.key.to_owned()];
        (derived(shape.name, [tenant, shape.key], "key"), columns)
    });
    for constraint in shape.constraints("u") {
        let is_derived = tenant_key
            .as_ref()
            .is_some_and(|(name, columns)| name == constraint.name && *columns == constraint.is.columns);
        let is_plain = constraint.is.definition.starts_with("UNIQUE (")
            && constraint.is.definition.ends_with(')')
            && !constraint.is.definition.contains(") ");
        if is_derived && is_plain {
            continue;
        }
        if is_derived || !is_plain {
            world.note(About::Unsaid, constraint.key(), format!("no model says {}", constraint.is.definition));
            continue;
        }
        let text = "a constraint, and a unique index in the models".to_owned();
        world.note(About::Change, constraint.key(), text);
        found.push(Said {
            key: constraint.key(),
            name: constraint.name,
            columns: constraint.is.columns.iter().map(|column| (column.as_str(), false)).collect(),
            unique: true,
            gin: false,
            predicate: None,
        });
    }
    found
}

/// The index as a model says it, or why none does.
fn said<'a>(index: &Part<'a, Index>) -> Result<Said<'a>, String> {
    let is = index.is;
    let gin = match is.method.as_str() {
        "btree" => false,
        "gin" => true,
        other => return Err(format!("its method is {other}, and a model's index is a btree or gin")),
    };
    if !is.valid {
        return Err("its build failed, so no query uses it".to_owned());
    }
    let extras = [
        (!is.include.is_empty(), "it includes columns that are no keys"),
        (!is.options.is_empty(), "it has storage parameters"),
        (is.tablespace.is_some(), "it stands in a tablespace"),
        (is.nulls_not_distinct, "in it two NULLs are the same value"),
        (is.clustered, "the table is clustered by it"),
        (is.replica_identity, "it identifies rows in replication"),
        (is.definition.contains(" COLLATE "), "a key has a collation of its own"),
    ];
    if let Some((_, why)) = extras.iter().find(|(has, _)| *has) {
        return Err((*why).to_owned());
    }
    if let Some(needed) = index.object.needs.iter().find(|key| key.kind == Kind::Function) {
        return Err(format!("it needs the {needed}, which no model makes"));
    }
    let column = |key: &'a IndexKey| match &key.column {
        None => Err(format!("it is over the expression {}", key.expression)),
        Some(_) if key.operator_class.is_some() => Err("a key has an operator class of its own".to_owned()),
        Some(_) if key.nulls_first != key.descending => Err("a key has an order of NULLs of its own".to_owned()),
        Some(column) => Ok((column.as_str(), key.descending)),
    };
    let columns = is.keys.iter().map(column).collect::<Result<Vec<_>, String>>()?;
    let predicate = is.predicate.as_deref().map(without_parentheses);
    Ok(Said { key: index.key(), name: index.name, columns, unique: is.unique, gin, predicate })
}

/// Why the derive would refuse the index.
fn refusal(world: &World<'_>, shape: &Shape<'_>, names: &Names<'_>, said: &Said<'_>) -> Option<String> {
    for (place, (column, _)) in said.columns.iter().enumerate() {
        if !names.has(column) {
            return Some(format!("its column {column} has no field"));
        }
        if said.columns.iter().take(place).any(|(earlier, _)| earlier == column) {
            return Some(format!("{column} stands in it twice"));
        }
        let ty = shape.column(column).map(|column| Type::of(&column.is.ty, &world.enums));
        match ty.map(|ty| ty.family) {
            Some(Family::Encrypted) => return Some(format!("{column} is sealed, so an index of it finds nothing")),
            Some(Family::Array | Family::Json | Family::Enum(_)) => {}
            _ if said.gin => return Some(format!("{column} is neither an array nor JSON")),
            _ => {}
        }
    }
    if said.name.trim().is_empty() {
        return Some("its name is blank".to_owned());
    }
    let owner = world.scope(shape.name).owning_column();
    let first = said.columns.first().map(|(column, _)| *column);
    if said.unique && owner.is_some() && first != owner {
        return Some("unique across tenants, its refusals would tell one what the others have".to_owned());
    }
    None
}

/// A condition without the parentheses around all of it.
fn without_parentheses(condition: &str) -> &str {
    let Some(inner) = condition.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return condition };
    let mut depth = 0_i32;
    let mut quote = None;
    for char in inner.chars() {
        match (quote, char) {
            (None, '\'' | '"') => quote = Some(char),
            (Some(open), _) if open == char => quote = None,
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return condition;
        }
    }
    if depth == 0 && quote.is_none() { inner } else { condition }
}
