//! `has_many`.

use syn::ext::IdentExt;

use crate::attr::Model;
use crate::diagnostics::Diagnostics;

// Columns and relations are fields of one columns struct.
pub(super) fn check_relations(model: &Model<'_>, diagnostics: &Diagnostics) {
    for (place, relation) in model.attrs.has_many.iter().enumerate() {
        let name = &relation.name;
        if model.fields.iter().any(|field| field.ident.unraw() == *name) {
            let help = format!("name the relation otherwise: `has_many({name}_rows: …)`");
            diagnostics.error(name, format_args!("`{name}` is a field already"), help);
        }
        if model.attrs.has_many.iter().take(place).any(|earlier| earlier.name == *name) {
            let what = format!("two relations are named `{name}`");
            diagnostics.error(name, what, "give each relation a name of its own");
        }
    }
}
