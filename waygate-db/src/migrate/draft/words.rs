//! A plan in words.

use super::world::World;
use super::{Outline, order};
use crate::catalog::{Action, Aspect, Key, Kind, Verb};
use crate::sql::identifier::ident;

/// What the plan does, a line each; the parts of a new table are its own affair.
pub(super) fn of(world: &World<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let Outline { renames, actions, returns, .. } = world.outline;
    for action in renames.iter().chain(actions).chain(returns) {
        let is_part = action.key.kind != Kind::Table || action.verb != Verb::Create;
        let is_passing = action.verb == Verb::Drop && !world.outline.from.contains(&action.key);
        // What a new object is told besides goes without saying.
        let is_detail = action.verb != Verb::Create && world.creates(&action.key) && !world.drops(&action.key);
        if is_passing || is_detail || order::is_prelude(action) {
            continue;
        }
        if is_part && world.is_on_new_table(&action.key) && !matches!(action.verb, Verb::Rename(_)) {
            continue;
        }
        let line = line(action);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn line(action: &Action) -> String {
    let (key, kind) = (&action.key, action.key.kind);
    let is_label = kind == Kind::Enum && key.path.len() > 2;
    let what = format!("{} {}", if is_label { "label" } else { kind.as_str() }, place(key));
    match &action.verb {
        Verb::Create => format!("Creates {what}."),
        Verb::Drop => format!("Drops {what}."),
        Verb::Rename(name) => format!("Renames {what} to {}.", ident(name)),
        Verb::Alter(Aspect::Type) => format!("Changes the type of {what}."),
        Verb::Alter(Aspect::Default) => format!("Changes the default of {what}."),
        Verb::Alter(Aspect::NotNull) => format!("Requires {what}."),
        Verb::Alter(Aspect::Nullable) => format!("Makes {what} optional."),
        Verb::Alter(Aspect::AddLabel(label)) => format!("Adds label {} to {what}.", ident(label)),
        Verb::Alter(Aspect::RemoveLabels(labels)) => {
            let labels: Vec<String> = labels.iter().map(|label| ident(label).to_string()).collect();
            format!("Removes {} from {what}.", labels.join(", "))
        }
        Verb::Alter(Aspect::Validate) => format!("Checks {what} on all rows."),
        Verb::Alter(Aspect::RowSecurity) => format!("Changes the row security of {what}."),
        Verb::Alter(Aspect::Owner) => format!("Changes the owner of {what}."),
        Verb::Alter(Aspect::Other) => format!("Changes {what}."),
        Verb::Grant | Verb::Revoke => format!("Changes the rights on {what}."),
        Verb::Comment => format!("Changes the comment of {what}."),
    }
}

/// An object's names as people write them, and as flags take them: without schema `public`.
pub(crate) fn place(key: &Key) -> String {
    let path = match key.path.as_slice() {
        [schema, rest @ ..] if schema == "public" && !rest.is_empty() => rest,
        path => path,
    };
    if key.kind == Kind::Function
        && let [names @ .., arguments] = path
    {
        return format!("{}({arguments})", named(names));
    }
    named(path)
}

/// Names from the outside in, as SQL.
pub(super) fn named(path: &[String]) -> String {
    path.iter().filter(|name| !name.is_empty()).map(|name| ident(name).to_string()).collect::<Vec<_>>().join(".")
}

/// What statements about this object stand together with: its table, or itself.
pub(super) fn about(key: &Key) -> String {
    let on = key.table().unwrap_or_else(|| key.clone());
    format!("{} {}", on.kind, place(&on))
}
