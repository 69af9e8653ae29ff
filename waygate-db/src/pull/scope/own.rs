//! The scope that the library's own policy says.

use std::collections::BTreeMap;

use super::super::Request;
use super::super::shape::Shape;
use super::Scope;
use crate::sql::ddl::names::derived;
use crate::sql::identifier::ident;

/// What a table's policies say.
pub(super) enum Said {
    /// Nothing: they are not the library's.
    Nothing,
    /// This.
    Scope(Scope),
    /// Its rows belong to those of a table without a model.
    ParentWithoutModel,
}

/// The scope of a table with the library's policies.
pub(super) fn scope<'a>(shape: &Shape<'a>, shapes: &BTreeMap<&'a str, Shape<'a>>, request: &Request) -> Said {
    let Some(policy) = shape.policy(&derived(shape.name, [], "app")) else { return Said::Nothing };
    if policy.is.roles != [request.dialect.app_role()] {
        return Said::Nothing;
    }
    let condition = policy.is.using.as_deref().unwrap_or_default();
    if condition == "true" {
        return Said::Scope(Scope::Shared);
    }
    if condition.contains("EXISTS ( SELECT") {
        return through(shape, shapes, condition);
    }
    let is_compared = |column: &str| condition.starts_with(&format!("({} = ", ident(column)));
    match shape.columns.iter().find(|column| is_compared(column.name)) {
        Some(column) if column.name == shape.key => Said::Scope(Scope::Key),
        Some(column) => Said::Scope(Scope::Column(column.name.to_owned())),
        None => Said::Nothing,
    }
}

/// The reference that the policy follows, and the second one, which holds an owner to the parent's.
fn through<'a>(shape: &Shape<'a>, shapes: &BTreeMap<&'a str, Shape<'a>>, condition: &str) -> Said {
    for (reference, to, parent) in shape.references() {
        let ([column], [key]) = (reference.is.columns.as_slice(), to.columns.as_slice()) else { continue };
        let followed = format!("({}.{} = {}.{})", ident(parent), ident(key), ident(shape.name), ident(column));
        if !condition.contains(&followed) {
            continue;
        }
        if !shapes.contains_key(parent) {
            return Said::ParentWithoutModel;
        }
        let owners = shape.references().filter_map(|(other, _, second)| match other.is.columns.as_slice() {
            [owner, same] if second == parent && same == column => Some(owner.clone()),
            _ => None,
        });
        let owner = owners.last();
        return Said::Scope(Scope::Through { column: column.clone(), owner });
    }
    Said::Nothing
}
