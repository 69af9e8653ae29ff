//! The tenant column: never NULL, and stamped by its default; and sealed columns, which take nothing but ciphertext.

use super::{failure, rows_of};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::schema::{Scope, SqlType, Table};
use crate::session::{Maintenance, Tuple};

/// One column.
pub(super) struct Fact {
    table: String,
    name: String,
    ty: String,
    is_required: bool,
    default: Option<String>,
}

/// A NOT NULL that was never validated, which PostgreSQL 18 knows, is none.
const COLUMNS: &str = "
    SELECT object.relname::text, col.attname::text, format_type(col.atttypid, col.atttypmod),
           col.attnotnull AND NOT EXISTS (
               SELECT FROM pg_constraint held
               WHERE held.conrelid = object.oid AND held.contype = 'n' AND held.conkey = ARRAY[col.attnum]
                     AND NOT held.convalidated),
           pg_get_expr(filler.adbin, filler.adrelid)
    FROM pg_class object JOIN pg_namespace home ON home.oid = object.relnamespace
    JOIN pg_attribute col ON col.attrelid = object.oid AND col.attnum > 0 AND NOT col.attisdropped
    LEFT JOIN pg_attrdef filler ON filler.adrelid = object.oid AND filler.adnum = col.attnum
    WHERE home.nspname = $1 AND object.relkind IN ('r', 'p', 'f')";

pub(super) async fn read(session: &Maintenance, namespace: &str) -> Result<Vec<Fact>> {
    let rows = rows_of(session, COLUMNS, namespace).await?;
    let fact = |row: &Tuple| {
        Ok(Fact {
            table: row.read(0)?,
            name: row.read(1)?,
            ty: row.read(2)?,
            is_required: row.read(3)?,
            default: row.read(4)?,
        })
    };
    rows.iter().map(fact).collect()
}

pub(super) fn compare(
    expected: &[Fact],
    found: &[Fact],
    subject: Subject<'_>,
    is_judged: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    let tenant_column = |table: &'static Table| match table.scope {
        Scope::Column(tenant) if is_judged(table.name) => Some((table.name, table.column_at(tenant).name)),
        _ => None,
    };
    let pairs = subject.models.tables().filter_map(tenant_column);
    let mut findings: Vec<Finding> =
        pairs.flat_map(|(table, column)| compare_one(expected, found, subject.namespace, table, column)).collect();
    for table in subject.models.tables().filter(|table| is_judged(table.name)) {
        let sealed = table.columns.iter().filter(|column| matches!(column.ty, SqlType::Encrypted));
        findings.extend(
            sealed.filter_map(|column| sealed_one(expected, found, subject.namespace, table.name, column.name)),
        );
    }
    findings
}

/// A column that lost its domain takes plain text, which nothing would notice before it is read.
fn sealed_one(expected: &[Fact], found: &[Fact], namespace: &str, table: &str, column: &str) -> Option<Finding> {
    let of = |facts: &'_ [Fact]| facts.iter().position(|fact| fact.table == table && fact.name == column);
    let wanted = of(expected).and_then(|at| expected.get(at))?;
    let column_found = of(found).and_then(|at| found.get(at))?;
    (column_found.ty != wanted.ty).then(|| {
        let what = format!(
            "the sealed column is {}, not {}: plain text may stand where a sealed value belongs",
            column_found.ty, wanted.ty
        );
        let help = format!("ALTER TABLE {namespace}.{table} ALTER COLUMN {column} TYPE {}", wanted.ty);
        failure("sealed-type", format!("column {column} of {namespace}.{table}"), what, help)
    })
}

fn compare_one(expected: &[Fact], found: &[Fact], namespace: &str, table: &str, column: &str) -> Vec<Finding> {
    let of = |facts: &'_ [Fact]| facts.iter().position(|fact| fact.table == table && fact.name == column);
    let object = format!("column {column} of {namespace}.{table}");
    let Some(wanted) = of(expected).and_then(|at| expected.get(at)) else { return Vec::new() };
    let Some(column_found) = of(found).and_then(|at| found.get(at)) else {
        let what = "the tenant column is not there".to_owned();
        return vec![failure("tenant-missing", object, what, "run `migrate deploy`")];
    };
    let alter = |change: String| format!("ALTER TABLE {namespace}.{table} ALTER COLUMN {column} {change}");
    let mut findings = Vec::new();
    if column_found.ty != wanted.ty {
        let what = format!("the tenant column is {}, not {}", column_found.ty, wanted.ty);
        findings.push(failure("tenant-type", object.clone(), what, alter(format!("TYPE {}", wanted.ty))));
    }
    if !column_found.is_required {
        let what = "the tenant column may be NULL: a row would be nobody's, and composite keys skip it".to_owned();
        findings.push(failure("tenant-nullable", object.clone(), what, alter("SET NOT NULL".to_owned())));
    }
    if column_found.default != wanted.default {
        let default = column_found.default.as_deref().unwrap_or("missing");
        let wanted = wanted.default.as_deref().unwrap_or("NULL");
        let what = format!("the default that stamps the tenant is {default}, not {wanted}");
        findings.push(failure("tenant-default", object, what, alter(format!("SET DEFAULT {wanted}"))));
    }
    findings
}
