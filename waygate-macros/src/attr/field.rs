//! The words on a field.

use proc_macro2::Ident;
use syn::{Path, Type};

use super::arg::Form;
use super::written::keep;
use super::{Arg, Default, Encrypted, Index, Searchable, Written, default, index};
use crate::diagnostics::Diagnostics;
use crate::suggest;
use crate::symbol;

/// A field and its words.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attrs: FieldAttrs,
    pub(crate) comment: Option<String>,
}

/// The words on a field, as written.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) key: Option<Written<()>>,
    pub(crate) tenant: Option<Written<()>>,
    pub(crate) belongs_to: Option<BelongsTo>,
    pub(crate) unique: Option<Index>,
    pub(crate) index: Option<Index>,
    pub(crate) max_len: Option<Written<u64>>,
    pub(crate) sql: Option<Written<String>>,
    pub(crate) column: Option<Written<String>>,
    pub(crate) default: Option<Default>,
    pub(crate) created_at: Option<Written<()>>,
    pub(crate) updated_at: Option<Written<()>>,
    pub(crate) encrypted: Option<Written<Encrypted>>,
    pub(crate) searchable: Option<Written<Searchable>>,
    pub(crate) login: Option<Written<Option<PreviousKey>>>,
    pub(crate) renamed_from: Option<Written<String>>,
    pub(crate) backfill: Option<Written<String>>,
    pub(crate) using: Option<Written<String>>,
}

/// `belongs_to(Parent, on_delete = cascade)`
pub(crate) struct BelongsTo {
    pub(crate) parent: Path,
    pub(crate) on_delete: Option<Written<OnDelete>>,
}

/// What happens to a row when its parent is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnDelete {
    Restrict,
    Cascade,
    SetNull,
}

/// `login(previous = previous_api_key_hash, until = previous_api_key_expires_at)`: fields, by their Rust names.
pub(crate) struct PreviousKey {
    pub(crate) hash: Ident,
    pub(crate) expires_at: Ident,
}

impl FieldAttrs {
    pub(super) fn read(args: &[Arg], diagnostics: &Diagnostics) -> Self {
        let mut attrs = Self::default();
        for arg in args {
            attrs.word(arg, diagnostics);
        }
        attrs
    }

    fn word(&mut self, arg: &Arg, diagnostics: &Diagnostics) {
        /// Keeps the value that a reader gives under this word.
        macro_rules! read {
            ($slot:ident, $value:expr) => {{
                let value = $value;
                keep(&mut self.$slot, stringify!($slot), arg, value, diagnostics)
            }};
        }
        let name = &arg.name;
        if *name == symbol::KEY {
            read!(key, Some(arg.flag(symbol::KEY, diagnostics)));
        } else if *name == symbol::TENANT {
            read!(tenant, Some(tenant(arg, diagnostics)));
        } else if *name == symbol::BELONGS_TO {
            read!(belongs_to, belongs_to(arg, diagnostics));
        } else if *name == symbol::UNIQUE {
            read!(unique, index::on_field(arg, diagnostics));
        } else if *name == symbol::INDEX {
            read!(index, index::on_field(arg, diagnostics));
        } else if *name == symbol::MAX_LEN {
            read!(max_len, arg.number(symbol::MAX_LEN, diagnostics));
        } else if *name == symbol::SQL {
            read!(sql, arg.text(symbol::SQL, diagnostics));
        } else if *name == symbol::COLUMN {
            read!(column, arg.text(symbol::COLUMN, diagnostics));
        } else if *name == symbol::DEFAULT {
            read!(default, default::read(arg, diagnostics));
        } else if *name == symbol::CREATED_AT {
            read!(created_at, Some(arg.flag(symbol::CREATED_AT, diagnostics)));
        } else if *name == symbol::UPDATED_AT {
            read!(updated_at, Some(arg.flag(symbol::UPDATED_AT, diagnostics)));
        } else if *name == symbol::ENCRYPTED {
            read!(encrypted, Some(Encrypted::read(arg, diagnostics)));
        } else if *name == symbol::SEARCHABLE {
            read!(searchable, Some(Searchable::read(arg, diagnostics)));
        } else if *name == symbol::LOGIN {
            read!(login, login(arg, diagnostics));
        } else if *name == symbol::RENAMED_FROM {
            read!(renamed_from, arg.text(symbol::RENAMED_FROM, diagnostics));
        } else if *name == symbol::BACKFILL {
            read!(backfill, arg.text(symbol::BACKFILL, diagnostics));
        } else if *name == symbol::CONVERSION {
            read!(using, arg.text(symbol::CONVERSION, diagnostics));
        } else {
            arg.unknown("on a field", symbol::ON_FIELD, &[("above the struct", symbol::ON_STRUCT)], diagnostics);
        }
    }
}

fn tenant(arg: &Arg, diagnostics: &Diagnostics) -> Written<()> {
    if !matches!(arg.form, Form::Bare) {
        diagnostics.error(
            arg,
            "`tenant` on a field stands alone",
            "write `#[model(tenant)]`; a scope through a parent, `#[model(tenant(through = …))]`, stands above the struct",
        );
    }
    Written::new((), &arg.name)
}

fn belongs_to(arg: &Arg, diagnostics: &Diagnostics) -> Option<BelongsTo> {
    let Form::List(tokens) = &arg.form else {
        return arg.refuse(symbol::BELONGS_TO, "names the parent in parentheses", diagnostics);
    };
    // The parent may be a path with generics or a module, so it is not one of the words.
    let read = |input: syn::parse::ParseStream<'_>| {
        let parent: Path = input.parse()?;
        input.parse::<Option<syn::Token![,]>>()?;
        Ok((parent, input.parse()?))
    };
    let Ok((parent, options)) = syn::parse::Parser::parse2(read, tokens.clone()) else {
        return arg.refuse(symbol::BELONGS_TO, "names the parent in parentheses", diagnostics);
    };
    let mut on_delete = None;
    for option in Arg::list(options, diagnostics) {
        if option.name == symbol::ON_DELETE {
            keep(&mut on_delete, "on_delete", &option, action(&option, diagnostics), diagnostics);
        } else {
            option.unknown("inside `belongs_to(…)`", symbol::IN_BELONGS_TO, &[], diagnostics);
        }
    }
    Some(BelongsTo { parent, on_delete })
}

fn action(option: &Arg, diagnostics: &Diagnostics) -> Option<Written<OnDelete>> {
    let action = option.ident(symbol::ON_DELETE, diagnostics)?;
    match action.to_string().as_str() {
        "cascade" => Some(Written::new(OnDelete::Cascade, action)),
        "restrict" => Some(Written::new(OnDelete::Restrict, action)),
        "set_null" => Some(Written::new(OnDelete::SetNull, action)),
        other => {
            let actions = suggest::list(symbol::ON_DELETE_ACTIONS.iter().copied());
            diagnostics.error(
                &action,
                format_args!("`{other}` is not an action"),
                format_args!("use one of {actions}"),
            );
            None
        }
    }
}

fn login(arg: &Arg, diagnostics: &Diagnostics) -> Option<Written<Option<PreviousKey>>> {
    let tokens = match &arg.form {
        Form::Bare => return Some(Written::new(None, &arg.name)),
        Form::List(tokens) => tokens.clone(),
        _ => return arg.refuse(symbol::LOGIN, "takes no value", diagnostics),
    };
    let (mut previous, mut until, mut all_read) = (None, None, true);
    for option in &Arg::list(tokens, diagnostics) {
        let word = [symbol::PREVIOUS, symbol::UNTIL].into_iter().find(|word| option.name == *word);
        let Some(word) = word else {
            option.unknown("inside `login(…)`", symbol::IN_LOGIN, &[], diagnostics);
            all_read = false;
            continue;
        };
        let field = option.ident(word, diagnostics);
        all_read &= field.is_some();
        let slot = if option.name == symbol::PREVIOUS { &mut previous } else { &mut until };
        keep(slot, word.name, option, field, diagnostics);
    }
    let previous = previous.zip(until).map(|(hash, expires_at)| PreviousKey { hash, expires_at });
    // An earlier key without an end would be a second key for ever.
    if previous.is_none() && all_read {
        let help = format_args!("write `{}`, or `login` alone", symbol::PREVIOUS.form);
        diagnostics.error(arg, "`login(…)` names the earlier key's hash and until when it is live", help);
    }
    Some(Written::new(previous, &arg.name))
}
