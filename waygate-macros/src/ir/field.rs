//! One column.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{ExprPath, Path, Type};

use super::Search;
use crate::attr::{self, Binding, DefaultKind, OnDelete, Padding};
use crate::field_type::{self, Shape};

/// A field, resolved.
pub(crate) struct Field<'a> {
    /// The field.
    pub(crate) ident: &'a Ident,
    /// The field's name without `r#`.
    pub(crate) name: String,
    /// The column's name in the database.
    pub(crate) column: String,
    /// The field's type.
    pub(crate) ty: &'a Type,
    /// What the library does with the column.
    pub(crate) role: Role,
    /// How its values are stored.
    pub(crate) storage: Storage<'a>,
    /// Whether the field is an `Option`.
    pub(crate) optional: bool,
    /// What the database fills in when an insert leaves the column out.
    pub(crate) default: DefaultValue<'a>,
    /// The parent that the column refers to.
    pub(crate) foreign_key: Option<ForeignKey<'a>>,
    /// The column's earlier name.
    pub(crate) renamed_from: Option<&'a str>,
    /// What rows that are there get when the column is added, as SQL.
    pub(crate) backfill: Option<&'a str>,
    /// What a value becomes when the column's type changes, as SQL.
    pub(crate) using: Option<&'a str>,
    /// What the field's doc comment says.
    pub(crate) comment: Option<&'a str>,
}

/// What the library does with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Data,
    Key,
    Tenant,
    CreatedAt,
    UpdatedAt,
}

/// How a column's values are stored.
pub(crate) enum Storage<'a> {
    /// As they are.
    Plain {
        /// The longest text, in characters.
        max_len: Option<u64>,
        /// The SQL type that the user named.
        sql: Option<String>,
    },
    /// Sealed, bound to this stable context.
    Sealed {
        /// `table.column` as first declared.
        context: String,
        /// What it is bound to beside its column.
        binding: Binding,
        /// How its length is hidden; `None` for the usual way.
        padding: Option<Padding>,
        /// The value's type, when the field is opened on demand: a setter takes the value, not the sealed form.
        on_demand: Option<&'a Type>,
        /// The plain column that its values are being moved out of.
        moved_from: Option<&'a str>,
        /// How its values are found, if they are.
        search: Option<Search>,
    },
}

/// What the database fills in.
pub(crate) enum DefaultValue<'a> {
    None,
    Empty,
    Bool(bool),
    Integer(i64),
    Text(&'a str),
    Variant(&'a ExprPath),
    Sql(&'a str),
    Now,
    RandomUuid,
    Tenant,
}

/// A reference to a parent's key.
pub(crate) struct ForeignKey<'a> {
    /// The parent's model.
    pub(crate) parent: &'a Path,
    /// What happens to the row when its parent is deleted.
    pub(crate) on_delete: OnDelete,
}

impl<'a> Field<'a> {
    pub(super) fn resolve(written: &'a attr::Field<'a>, table: &str) -> Self {
        let attrs = &written.attrs;
        let shape = Shape::of(written.ty);
        let name = written.ident.unraw().to_string();
        let column = attrs.column.as_ref().map_or_else(|| name.clone(), |column| column.value.clone());
        let role = Role::of(attrs);
        // The type decides, as the rules ask type and attribute to agree: after an error the stand-ins still fit.
        let storage = if shape.family.is_secret() {
            let words = attrs.encrypted.as_ref().map(|encrypted| &encrypted.value);
            let context = words.and_then(|words| words.context.as_ref());
            Storage::Sealed {
                context: context.map_or_else(|| format!("{table}.{column}"), |context| context.value.clone()),
                binding: words.and_then(|words| words.bind.as_ref()).map_or(Binding::Row, |bind| bind.value),
                padding: words.and_then(|words| words.pad.as_ref()).map(|pad| pad.value),
                on_demand: field_type::sealed_inner(shape.base),
                moved_from: words.and_then(|words| words.migrate_from.as_ref()).map(|column| column.value.as_str()),
                search: attrs.searchable.as_ref().map(|searchable| Search::resolve(&searchable.value)),
            }
        } else {
            let max_len = attrs.max_len.as_ref().map(|max_len| max_len.value);
            Storage::Plain { max_len, sql: attrs.sql.as_ref().map(|sql| sql.value.clone()) }
        };
        // A row whose parent goes must be thought about: without a word the parent stays.
        let foreign_key = attrs.belongs_to.as_ref().map(|belongs_to| ForeignKey {
            parent: &belongs_to.parent,
            on_delete: belongs_to.on_delete.as_ref().map_or(OnDelete::Restrict, |action| action.value),
        });
        let text = |word: &'a Option<attr::Written<String>>| word.as_ref().map(|text| text.value.as_str());
        Self {
            ident: written.ident,
            name,
            column,
            ty: written.ty,
            role,
            storage,
            optional: shape.optional,
            default: DefaultValue::of(attrs, role),
            foreign_key,
            renamed_from: text(&attrs.renamed_from),
            backfill: text(&attrs.backfill),
            using: text(&attrs.using),
            comment: written.comment.as_deref(),
        }
    }

    /// Whether `create()` must be given this field.
    pub(crate) fn is_required(&self) -> bool {
        self.role == Role::Data && !self.optional && matches!(self.default, DefaultValue::None)
    }

    /// Whether `create()` has a setter for this field. The key has its own, the tenant comes from the session.
    pub(crate) fn is_given_on_create(&self) -> bool {
        !matches!(self.role, Role::Key | Role::Tenant)
    }

    /// Whether `update` and `patch` have a setter for this field.
    pub(crate) fn is_updatable(&self) -> bool {
        self.role == Role::Data
    }

    /// The value's type, when the field holds it sealed until it is opened on demand.
    pub(crate) fn on_demand(&self) -> Option<&'a Type> {
        match &self.storage {
            Storage::Sealed { on_demand, .. } => *on_demand,
            Storage::Plain { .. } => None,
        }
    }

    /// The plain column that the field's values are being moved out of.
    pub(crate) fn moved_from(&self) -> Option<&'a str> {
        match &self.storage {
            Storage::Sealed { moved_from, .. } => *moved_from,
            Storage::Plain { .. } => None,
        }
    }

    /// How the column's values are found, if they are sealed and still found.
    pub(crate) fn search(&self) -> Option<Search> {
        match &self.storage {
            Storage::Sealed { search, .. } => *search,
            Storage::Plain { .. } => None,
        }
    }

    /// Whether the column holds sealed values.
    pub(crate) fn is_sealed(&self) -> bool {
        matches!(self.storage, Storage::Sealed { .. })
    }
}

impl Role {
    fn of(attrs: &attr::FieldAttrs) -> Self {
        if attrs.key.is_some() {
            Self::Key
        } else if attrs.tenant.is_some() {
            Self::Tenant
        } else if attrs.created_at.is_some() {
            Self::CreatedAt
        } else if attrs.updated_at.is_some() {
            Self::UpdatedAt
        } else {
            Self::Data
        }
    }
}

impl<'a> DefaultValue<'a> {
    fn of(attrs: &'a attr::FieldAttrs, role: Role) -> Self {
        match role {
            Role::Key => return Self::RandomUuid,
            Role::Tenant => return Self::Tenant,
            Role::CreatedAt | Role::UpdatedAt => return Self::Now,
            Role::Data => {}
        }
        match attrs.default.as_ref().map(|default| &default.value) {
            None => Self::None,
            Some(DefaultKind::Empty) => Self::Empty,
            Some(DefaultKind::Bool(value)) => Self::Bool(*value),
            Some(DefaultKind::Integer(value)) => Self::Integer(*value),
            Some(DefaultKind::Text(value)) => Self::Text(value),
            Some(DefaultKind::Variant(path)) => Self::Variant(path),
            Some(DefaultKind::Sql(sql)) => Self::Sql(sql),
        }
    }
}
