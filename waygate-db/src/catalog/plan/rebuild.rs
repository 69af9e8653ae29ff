//! What has to be dropped and made anew, because it or something that it needs cannot be changed in place.

use std::collections::{BTreeMap, BTreeSet};

use super::super::render::{self, Outcome};
use super::super::{Aspect, Catalog, Key, Kind, Object, Properties, Verb};
use super::dependents;
use super::names::Names;
use crate::error::Result;

/// What is dropped and made anew.
#[derive(Debug, Default)]
pub(super) struct Rebuild {
    /// These objects.
    pub(super) objects: BTreeSet<Key>,
    /// The defaults of these columns.
    pub(super) defaults: BTreeSet<Key>,
    /// These enums, which lost labels: the old type stays until all columns have the new one.
    pub(super) enums: BTreeSet<Key>,
}

impl Rebuild {
    pub(super) fn find(from: &Catalog, to: &Catalog) -> Result<Self> {
        let mut rebuild = Self::default();
        let names = Names::new_in(from, to);
        let mut waiting: Vec<(Key, Cause)> = Vec::new();
        for (key, old) in from.objects() {
            let Some(new) = to.object(key) else {
                waiting.push((key.clone(), if names.take(old) { Cause::Replaced } else { Cause::Dropped }));
                continue;
            };
            match render::alter(old, new)? {
                Outcome::Rebuild if key.kind == Kind::Enum => {
                    rebuild.enums.insert(key.clone());
                    waiting.push((key.clone(), Cause::NewLabels));
                }
                Outcome::Rebuild => {
                    rebuild.objects.insert(key.clone());
                    waiting.push((key.clone(), Cause::Dropped));
                }
                Outcome::Statements(actions) => {
                    let retyped = actions.iter().any(|action| action.verb == Verb::Alter(Aspect::Type));
                    if retyped {
                        waiting.push((key.clone(), Cause::Retyped));
                    }
                }
            }
        }
        rebuild.spread(from, to, waiting)?;
        Ok(rebuild)
    }

    /// The first of these objects, by its key before, that is made anew.
    pub(super) fn first_of(&self, renames: &BTreeMap<Key, Key>) -> Option<Key> {
        renames.iter().find(|(_, new)| self.objects.contains(*new)).map(|(old, _)| old.clone())
    }

    /// What needs an object that goes, if only for a while, goes before it.
    fn spread(&mut self, from: &Catalog, to: &Catalog, mut waiting: Vec<(Key, Cause)>) -> Result<()> {
        let dependents: BTreeMap<&Key, BTreeSet<&Key>> = dependents(from);
        while let Some((key, cause)) = waiting.pop() {
            for dependent in dependents.get(&key).into_iter().flatten() {
                let (Some(old), Some(_)) = (from.object(dependent), to.object(dependent)) else { continue };
                match cause.effect(&key, old, to) {
                    Effect::None => {}
                    Effect::Default => {
                        self.defaults.insert((*dependent).clone());
                    }
                    Effect::Retype => waiting.push(((*dependent).clone(), Cause::Retyped)),
                    Effect::Rebuild => {
                        if self.objects.insert((*dependent).clone()) {
                            waiting.push(((*dependent).clone(), Cause::Dropped));
                        }
                    }
                    Effect::Impossible => {
                        let reason = format!("{key}, which it is made of, would have to be made anew");
                        return Err(render::unplanned(dependent, &reason));
                    }
                }
            }
        }
        Ok(())
    }
}

/// What happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// It is dropped, for good or for a while.
    Dropped,
    /// It is dropped, and another object takes its name.
    Replaced,
    /// A column gets another type.
    Retyped,
    /// An enum is made anew beside the old one.
    NewLabels,
}

/// What follows for an object that needs it.
enum Effect {
    None,
    Default,
    Retype,
    Rebuild,
    Impossible,
}

impl Cause {
    fn effect(self, cause: &Key, dependent: &Object, to: &Catalog) -> Effect {
        if self.comes_late(cause, to) {
            return Effect::None;
        }
        match (&dependent.is, self) {
            (Properties::Column(it), _) if it.generated.is_some() => Effect::Rebuild,
            (Properties::Column(_), Self::NewLabels) => Effect::Retype,
            (Properties::Column(_), Self::Dropped | Self::Replaced) if is_type(cause) => Effect::Impossible,
            (Properties::Column(_), Self::Dropped | Self::Replaced) => Effect::Default,
            // Changing a column's type makes the indexes and constraints over it anew.
            (Properties::Index(_) | Properties::Constraint(_) | Properties::Statistics(_), Self::Retyped) => {
                Effect::None
            }
            // A body that the server parsed names columns; other functions need a composite type at most.
            (Properties::Function(_), Self::Retyped) if cause.kind != Kind::Column => Effect::None,
            (Properties::Domain(_) | Properties::Composite(_) | Properties::Range(_), Self::Retyped) => Effect::None,
            (Properties::Domain(_) | Properties::Composite(_) | Properties::Range(_), _) => Effect::Impossible,
            (
                Properties::View(_)
                | Properties::Policy(_)
                | Properties::Rule(_)
                | Properties::Trigger(_)
                | Properties::Index(_)
                | Properties::Constraint(_)
                | Properties::Statistics(_)
                | Properties::Publication(_)
                | Properties::Function(_),
                _,
            ) => Effect::Rebuild,
            _ => Effect::None,
        }
    }

    /// Whether it is dropped at the end, when what needed it has changed in place.
    fn comes_late(self, cause: &Key, to: &Catalog) -> bool {
        let is_late = matches!(
            cause.kind,
            Kind::Column | Kind::Table | Kind::Sequence | Kind::Function | Kind::Schema | Kind::Extension
        );
        self == Self::Dropped && !to.contains(cause) && (is_late || is_type(cause))
    }
}

fn is_type(key: &Key) -> bool {
    matches!(key.kind, Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range)
}
