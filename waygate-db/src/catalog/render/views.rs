//! Views and materialized views.

use super::{Key, Outcome, ident, literal, name, other, set_parameters, with};
use crate::catalog::{View, ViewColumn};

pub(super) fn create(key: &Key, it: &View) -> Vec<String> {
    let said = it.columns.iter().flat_map(|column| [default(key, None, column), comment(key, None, column)]);
    [make(key, it, "CREATE")].into_iter().chain(said.flatten()).collect()
}

/// A view may be replaced where its columns stay and new ones come at the end.
pub(super) fn alter(key: &Key, from: &View, to: &View) -> Outcome {
    let same = |(old, new): (&ViewColumn, &ViewColumn)| (&old.name, &old.ty) == (&new.name, &new.ty);
    let keeps_columns = from.columns.len() <= to.columns.len() && from.columns.iter().zip(&to.columns).all(same);
    let redefined = from.definition != to.definition;
    if from.materialized != to.materialized || redefined && (to.materialized || !keeps_columns) {
        return Outcome::Rebuild;
    }
    let replaced = redefined.then(|| other(key, make(key, to, "CREATE OR REPLACE")));
    let kind = if to.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let options = set_parameters(&from.options, &to.options).into_iter().filter(|_| !redefined);
    let options = options.map(|change| other(key, format!("ALTER {kind} {} {change}", name(key))));
    let said = to.columns.iter().flat_map(|column| {
        let old = from.columns.iter().find(|old| old.name == column.name);
        [default(key, old, column), comment(key, old, column)]
    });
    let said = said.flatten().map(|sql| other(key, sql));
    Outcome::of(replaced.into_iter().chain(options).chain(said))
}

fn make(key: &Key, it: &View, verb: &str) -> String {
    let kind = if it.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let query = it.definition.trim_end_matches(';');
    format!("{verb} {kind} {}{} AS\n{query}", name(key), with(&it.options))
}

fn default(key: &Key, old: Option<&ViewColumn>, new: &ViewColumn) -> Option<String> {
    let change = match &new.default {
        default if *default == old.and_then(|old| old.default.clone()) => return None,
        Some(default) => format!("SET DEFAULT {default}"),
        None => "DROP DEFAULT".to_owned(),
    };
    Some(format!("ALTER VIEW {} ALTER COLUMN {} {change}", name(key), ident(&new.name)))
}

fn comment(key: &Key, old: Option<&ViewColumn>, new: &ViewColumn) -> Option<String> {
    if new.comment == old.and_then(|old| old.comment.clone()) {
        return None;
    }
    let text = new.comment.as_deref().map_or("NULL".to_owned(), |text| literal(text).to_string());
    Some(format!("COMMENT ON COLUMN {}.{} IS {text}", name(key), ident(&new.name)))
}
