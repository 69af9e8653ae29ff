//! The library's own objects, in schema `waygate`, which no model declares: plain SQL, with a few words that the
//! dialect decides.

use super::Target;
use super::layout::joined;
use crate::schema::Dialect;

const LIBRARY: &str = include_str!("library.sql");
/// What policies that ask for a seal on the tenant need, before the first of them.
const SEALS: &str = include_str!("sealed.sql");

/// The library's own objects. The words in angle brackets, which no claim's name can hold, become the dialect's.
pub(super) fn objects(target: Target<'_>) -> String {
    let (app, service) = (target.app(), target.service());
    let seals = if *target.dialect == Dialect::Sealed { SEALS } else { "" };
    LIBRARY
        .trim_end()
        .replace("<users of public>", &joined(target.anon().into_iter().chain([app, service])))
        .replace("<seals>\n", seals)
        .replace("<app>", app)
        .replace("<service>", service)
        .replace("<tenant>", &target.tenant_call())
        .replace("<tenant or null>", &target.tenant_or_null())
}
