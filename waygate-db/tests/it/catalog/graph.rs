//! Models at random: enums and tables that refer to each other, as a schema.

use std::cell::RefCell;

use proptest::prelude::*;
use waygate_db::schema::{
    Column, ColumnRole, DefaultValue, EnumType, ForeignKey, Index, IndexColumn, IndexMethod, OnDelete, Scope, SqlType,
    Table, TableRef,
};
use waygate_db::{Dialect, Schema, schema_sql};

/// The names of everything, by place: two graphs have much in common.
const TABLES: [&str; 5] = ["tenants", "users", "notes", "order", "Tag"];
const COLUMNS: [&str; 5] = ["name", "kind", "count", "when", "extra"];
const INDEXES: [&str; 3] = ["one", "two", "three"];
const LABELS: [&str; 6] = ["a", "b", "it's", "d", "e", "f"];

/// A graph, as choices that each can be changed without the others.
#[derive(Debug, Clone)]
pub(crate) struct Graph {
    enums: [Labels; 2],
    tables: [Node; 5],
}

#[derive(Debug, Clone)]
struct Labels {
    kept: [bool; 6],
    turned: bool,
}

#[derive(Debug, Clone)]
struct Node {
    present: bool,
    /// Shared, of a tenant column, or through the parent.
    scope: u8,
    append_only: bool,
    parent: Option<(usize, bool, u8)>,
    columns: [Option<Field>; 5],
    indexes: [Option<Over>; 3],
}

#[derive(Debug, Clone)]
struct Field {
    ty: u8,
    nullable: bool,
    defaulted: bool,
}

#[derive(Debug, Clone)]
struct Over {
    columns: Vec<(usize, bool)>,
    unique: bool,
    partial: bool,
}

pub(crate) fn any_graph() -> impl Strategy<Value = Graph> {
    (prop::array::uniform2(labels()), prop::array::uniform5(node()))
        .prop_map(|(enums, tables)| Graph { enums, tables })
        .boxed()
}

/// A graph and another, in which some of the first one's choices are others.
pub(crate) fn changed_graph() -> impl Strategy<Value = (Graph, Graph)> {
    let picks = prop::collection::vec((0..8_usize, 0..5_usize, 0..5_usize), 1..5);
    (any_graph(), any_graph(), picks).prop_map(|(from, other, picks)| {
        let mut to = from.clone();
        for (what, table, part) in picks {
            let (node, new) = (&mut to.tables[table], &other.tables[table]);
            match what {
                0 => to.enums[part % 2] = other.enums[part % 2].clone(),
                1 => node.present = new.present,
                2 => (node.scope, node.append_only) = (new.scope, new.append_only),
                3 => node.parent = new.parent,
                4 => node.indexes[part % 3].clone_from(&new.indexes[part % 3]),
                // An index of another name.
                5 => node.indexes.rotate_left(1),
                6 => *node = new.clone(),
                _ => node.columns[part].clone_from(&new.columns[part]),
            }
        }
        (from, to)
    })
}

fn labels() -> impl Strategy<Value = Labels> {
    (any::<[bool; 6]>(), prop::bool::weighted(0.2)).prop_map(|(kept, turned)| Labels { kept, turned })
}

fn node() -> impl Strategy<Value = Node> {
    let field = (0..TYPES, any::<bool>(), any::<bool>()).prop_map(|(ty, nullable, defaulted)| Field {
        ty,
        nullable,
        defaulted,
    });
    let over = (prop::collection::vec((0..8_usize, any::<bool>()), 1..4), any::<bool>(), any::<bool>())
        .prop_map(|(columns, unique, partial)| Over { columns, unique, partial });
    (
        prop::bool::weighted(0.8),
        0..4_u8,
        any::<bool>(),
        prop::option::of((0..4_usize, any::<bool>(), 0..3_u8)),
        prop::array::uniform5(prop::option::weighted(0.6, field)),
        prop::array::uniform3(prop::option::weighted(0.5, over)),
    )
        .prop_map(|(present, scope, append_only, parent, columns, indexes)| Node {
            present,
            scope,
            append_only,
            parent,
            columns,
            indexes,
        })
        .boxed()
}

impl Graph {
    /// The whole schema's DDL.
    pub(crate) fn sql(&self) -> String {
        let enums: Vec<&'static EnumType> =
            self.enums.iter().enumerate().map(|(place, labels)| labels.build(place)).collect();
        MADE.with_borrow_mut(Vec::clear);
        for (place, node) in self.tables.iter().enumerate().filter(|(place, node)| *place == 0 || node.present) {
            let made = MADE.with_borrow(Clone::clone);
            let table = leak(node.build(place, &made, &enums));
            MADE.with_borrow_mut(|made| made.push(table));
        }
        let count = MADE.with_borrow(Vec::len);
        schema_sql(&Schema::new(&REFS[..count]), &Dialect::Postgres)
    }
}

thread_local! {
    /// The tables of the graph that is being rendered: metadata refers to tables through plain functions.
    static MADE: RefCell<Vec<&'static Table>> = const { RefCell::new(Vec::new()) };
}
static REFS: [TableRef; 5] = [made::<0>, made::<1>, made::<2>, made::<3>, made::<4>];

fn made<const PLACE: usize>() -> &'static Table {
    MADE.with_borrow(|made| made[PLACE])
}

impl Labels {
    fn build(&self, place: usize) -> &'static EnumType {
        let kept = LABELS.iter().zip(self.kept).filter(|(_, kept)| *kept).map(|(label, _)| *label);
        let mut labels: Vec<&'static str> = kept.collect();
        if labels.is_empty() {
            labels.push("only");
        }
        if self.turned {
            labels.reverse();
        }
        leak(EnumType {
            name: ["mood", "Kind"][place],
            labels: labels.leak(),
            rust: "Kind",
            comment: None,
            renamed: &[],
            renamed_from: None,
        })
    }
}

impl Node {
    fn build(&self, place: usize, made: &[&'static Table], enums: &[&'static EnumType]) -> Table {
        let mut columns = vec![column("id", SqlType::Uuid, ColumnRole::Key, false, DefaultValue::RandomUuid)];
        let mut foreign_keys = Vec::new();
        let owned: Vec<usize> = (0..made.len()).filter(|at| matches!(made[*at].scope, Scope::Column(_))).collect();
        let through = place > 0 && self.scope == 3 && self.parent.is_some() && !owned.is_empty();
        let tenant = (place > 0 && self.scope > 0 && !through).then_some(1);
        if tenant.is_some() {
            columns.push(column("tenant_id", SqlType::Uuid, ColumnRole::Tenant, false, DefaultValue::Tenant));
            foreign_keys.push(ForeignKey { column: 1, parent: REFS[0], on_delete: OnDelete::Cascade });
        }
        let fits = |at: &usize| made[*at].scope == Scope::Shared || (tenant.is_some() && made[*at].scope != Scope::Key);
        let candidates: Vec<usize> = if through { owned } else { (0..made.len()).filter(fits).collect() };
        if let Some((pick, nullable, on_delete)) = self.parent.filter(|_| place > 0 && !candidates.is_empty()) {
            let parent = REFS[candidates[pick % candidates.len()]];
            let nullable = nullable && !through;
            let on_delete = match on_delete {
                0 => OnDelete::Cascade,
                1 if nullable => OnDelete::SetNull,
                _ => OnDelete::Restrict,
            };
            foreign_keys.push(ForeignKey { column: columns.len(), parent, on_delete });
            columns.push(column("parent_id", SqlType::Uuid, ColumnRole::Data, nullable, DefaultValue::None));
        }
        for (field, name) in self.columns.iter().zip(COLUMNS) {
            columns.extend(field.as_ref().map(|field| field.build(name, enums)));
        }
        columns.push(column("created_at", SqlType::Timestamptz, ColumnRole::CreatedAt, false, DefaultValue::Now));
        let append_only = self.append_only && tenant.is_some();
        if !append_only {
            columns.push(column("updated_at", SqlType::Timestamptz, ColumnRole::UpdatedAt, false, DefaultValue::Now));
        }
        let indexes = self.indexes.iter().zip(INDEXES).filter_map(|(over, name)| {
            Some(over.as_ref()?.build(format!("{}_{name}_idx", TABLES[place]).leak(), columns.len()))
        });
        let indexes: Vec<Index> = indexes.collect();
        Table {
            name: TABLES[place],
            model: "Model",
            scope: match tenant {
                _ if place == 0 => Scope::Key,
                _ if through => Scope::Through { column: 1, owner: None },
                Some(tenant) => Scope::Column(tenant),
                None => Scope::Shared,
            },
            columns: columns.leak(),
            key: 0,
            indexes: indexes.leak(),
            foreign_keys: foreign_keys.leak(),
            has_many: &[],
            append_only,
            login: None,
            renamed_from: None,
            comment: None,
            declared_at: ("src/models.rs", 1),
        }
    }
}

/// How many types [`Field::build`] knows.
const TYPES: u8 = 12;

impl Field {
    fn build(&self, name: &'static str, enums: &[&'static EnumType]) -> Column {
        let (ty, default) = match self.ty {
            0 => (SqlType::Text, DefaultValue::Text("it's")),
            1 => (SqlType::Varchar(20), DefaultValue::Empty),
            2 => (SqlType::Int4, DefaultValue::Integer(-7)),
            3 => (SqlType::Int8, DefaultValue::Integer(1 << 40)),
            4 => (SqlType::Bool, DefaultValue::Bool(true)),
            5 => (SqlType::Timestamptz, DefaultValue::Now),
            6 => (SqlType::Jsonb, DefaultValue::Empty),
            7 => (SqlType::Array(&SqlType::Text), DefaultValue::Empty),
            8 => (SqlType::Enum(enums[0]), DefaultValue::Label(enums[0].labels[0])),
            9 => (SqlType::Enum(enums[1]), DefaultValue::Label(enums[1].labels[enums[1].labels.len() - 1])),
            10 => (SqlType::Array(leak(SqlType::Enum(enums[0]))), DefaultValue::Empty),
            _ => (SqlType::Named("numeric(12,2)"), DefaultValue::Sql("1.0 / 3")),
        };
        let default = if self.defaulted { default } else { DefaultValue::None };
        column(name, ty, ColumnRole::Data, self.nullable, default)
    }
}

impl Over {
    fn build(&self, name: &'static str, columns: usize) -> Index {
        let mut over: Vec<IndexColumn> = Vec::new();
        for (column, descending) in &self.columns {
            let column = column % columns;
            if !over.iter().any(|known| known.column == column) {
                over.push(IndexColumn { column, descending: *descending });
            }
        }
        let predicate = self.partial.then_some("created_at > '2020-01-01'");
        Index { name, columns: over.leak(), method: IndexMethod::Btree, unique: self.unique, predicate }
    }
}

fn column(name: &'static str, ty: SqlType, role: ColumnRole, nullable: bool, default: DefaultValue) -> Column {
    Column {
        name,
        field: name,
        ty,
        nullable,
        default,
        role,
        encryption: None,
        renamed_from: None,
        backfill: None,
        comment: None,
        using: None,
    }
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
