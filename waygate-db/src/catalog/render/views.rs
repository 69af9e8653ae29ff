//! Views and materialized views.

use super::{Key, Outcome, ident, literal, name, other, set_parameters, with};
use crate::catalog::{View, ViewColumn};

pub(super) fn create(key: &Key, it: &View) -> Vec<String> {
    [make(key, it, "CREATE")].into_iter().chain(it.columns.iter().filter_map(|column| comment(key, column))).collect()
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
    let commented = to.columns.iter().filter(|column| {
        from.columns.iter().find(|old| old.name == column.name).is_none_or(|old| old.comment != column.comment)
    });
    let comments = commented.map(|column| other(key, comment_on(key, column)));
    Outcome::of(replaced.into_iter().chain(options).chain(comments))
}

fn make(key: &Key, it: &View, verb: &str) -> String {
    let kind = if it.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let query = it.definition.trim_end_matches(';');
    format!("{verb} {kind} {}{} AS\n{query}", name(key), with(&it.options))
}

fn comment(key: &Key, column: &ViewColumn) -> Option<String> {
    column.comment.as_ref().map(|_| comment_on(key, column))
}

fn comment_on(key: &Key, column: &ViewColumn) -> String {
    let text = column.comment.as_deref().map_or("NULL".to_owned(), |text| literal(text).to_string());
    format!("COMMENT ON COLUMN {}.{} IS {text}", name(key), ident(&column.name))
}
