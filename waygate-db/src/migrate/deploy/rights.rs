//! The check, before the first statement, that `waygate_owner` may do what the files say.
//!
//! It knows the statements that need more than a grant: who alters must own, who creates needs CREATE. What is
//! not there yet is the files' own to make. The server has the last word.

use std::collections::BTreeSet;

use postgres_types::Type;

use crate::error::{Error, Kind, Result, ServerReport};
use crate::migrate::file::Migration;
use crate::migrate::probe::Words;
use crate::migrate::split::{Piece, split};
use crate::schema::roles::OWNER;
use crate::session::Maintenance;

/// What statements need of the database as it is.
#[derive(Debug, Default, PartialEq, Eq)]
struct Needs {
    /// Tables, views, indexes and sequences that must be the owner's.
    relations: BTreeSet<String>,
    /// Types and domains that must be.
    types: BTreeSet<String>,
    /// Names of what is to be created, for the schemas in which it will be.
    created: BTreeSet<String>,
    /// Whether a schema is created.
    schema: bool,
}

/// A fault, and what an administrator runs against it, one each row.
const FAULTS: &str = "
    SELECT 'may not create schemas in database ' || current_database(),
           format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user)
    WHERE ($1 OR to_regnamespace('waygate') IS NULL) AND NOT has_database_privilege(current_database(), 'CREATE')
    UNION
    SELECT format('may not create in schema %s', nspname), format('GRANT CREATE ON SCHEMA %I TO %I', nspname, current_user)
    FROM unnest($2::text[]) AS wanted (name)
    JOIN pg_namespace ON nspname = CASE WHEN cardinality(parse_ident(name, false)) > 1 THEN (parse_ident(name, false))[1]
                                        ELSE coalesce(current_schema(), 'public') END
    WHERE NOT has_schema_privilege(pg_namespace.oid, 'CREATE')
    UNION
    SELECT format('does not own %s %s', CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index'
                                                     WHEN 'S' THEN 'sequence' ELSE 'table' END, class.oid::regclass),
           format('ALTER %s %s OWNER TO %I', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                                                          ELSE 'TABLE' END,
                  CASE WHEN relkind = 'i' THEN (SELECT indrelid::regclass FROM pg_index WHERE indexrelid = class.oid)
                       ELSE class.oid::regclass END, current_user)
    FROM unnest($3::text[]) AS wanted (name) JOIN pg_class class ON class.oid = to_regclass(name)
    WHERE NOT pg_has_role(relowner, 'USAGE')
    UNION
    SELECT format('does not own type %s', type.oid::regtype), format('ALTER TYPE %s OWNER TO %I', type.oid::regtype, current_user)
    FROM unnest($4::text[]) AS wanted (name) JOIN pg_type type ON type.oid = to_regtype(name)
    WHERE NOT pg_has_role(typowner, 'USAGE')
    ORDER BY 1";

/// Refuses where a right is missing, with the statements that give it.
pub(super) async fn require(conn: &Maintenance, pending: &[&Migration]) -> Result<()> {
    if pending.is_empty() {
        return Ok(());
    }
    let needs = Needs::of(pending);
    let list = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>();
    let (created, relations, types) = (list(needs.created), list(needs.relations), list(needs.types));
    let parameters: [(&(dyn postgres_types::ToSql + Sync), Type); 4] = [
        (&needs.schema, Type::BOOL),
        (&created, Type::TEXT_ARRAY),
        (&relations, Type::TEXT_ARRAY),
        (&types, Type::TEXT_ARRAY),
    ];
    let rows = conn.rows(FAULTS, &parameters).await?;
    let mut faults = Vec::with_capacity(rows.len());
    let mut remedies = Vec::with_capacity(rows.len());
    for row in &rows {
        faults.push(row.read::<String>(0)?);
        remedies.push(row.read::<String>(1)?);
    }
    if faults.is_empty() {
        return Ok(());
    }
    let message = format!("{OWNER} {} (SQLSTATE 42501). Nothing was changed", faults.join(", "));
    let advice = format!(
        "run `waygate setup` as an administrator, which hands the database to {OWNER}; or run: {}",
        remedies.join("; ")
    );
    let report = ServerReport { code: "42501".to_owned(), ..ServerReport::default() };
    Err(Error::new(Kind::Server, message).help(advice).reported(report))
}

impl Needs {
    fn of(pending: &[&Migration]) -> Self {
        let mut needs = Self::default();
        // The runner makes its ledger there.
        needs.created.insert("waygate.migrations".to_owned());
        for migration in pending {
            for piece in split(&migration.up()) {
                if let Piece::Statement(statement) = piece {
                    needs.add(statement.text);
                }
            }
        }
        needs
    }

    fn add(&mut self, sql: &str) {
        let mut words = Words::of(sql);
        match words.next().as_str() {
            // Who owns a schema may drop what others have in it, so DROP is left to the server.
            "ALTER" => self.change(&mut words),
            "CREATE" => self.create(&mut words),
            _ => {}
        }
    }

    fn change(&mut self, words: &mut Words) {
        let is_type = words.skip(&["TYPE"]) || words.skip(&["DOMAIN"]);
        words.skip(&["MATERIALIZED"]);
        if !is_type && !["TABLE", "VIEW", "INDEX", "SEQUENCE"].iter().any(|kind| words.skip(&[kind])) {
            return;
        }
        words.skip(&["CONCURRENTLY"]);
        words.skip(&["IF", "EXISTS"]);
        words.skip(&["ONLY"]);
        let names = if is_type { &mut self.types } else { &mut self.relations };
        names.extend(words.plain_name());
    }

    fn create(&mut self, words: &mut Words) {
        words.skip(&["OR", "REPLACE"]);
        words.skip(&["UNIQUE"]);
        if words.skip(&["SCHEMA"]) {
            self.schema |= !words.skip(&["IF", "NOT", "EXISTS"]);
            return;
        }
        if words.skip(&["INDEX"]) {
            words.skip(&["CONCURRENTLY"]);
            words.skip(&["IF", "NOT", "EXISTS"]);
            if !words.skip(&["ON"]) {
                words.name();
                words.skip(&["ON"]);
            }
            words.skip(&["ONLY"]);
            let table = words.plain_name();
            self.created.extend(table.clone());
            self.relations.extend(table);
            return;
        }
        if words.skip(&["POLICY"]) {
            words.name();
            if words.skip(&["ON"]) {
                self.relations.extend(words.plain_name());
            }
            return;
        }
        words.skip(&["UNLOGGED"]);
        words.skip(&["MATERIALIZED"]);
        let kinds = ["TABLE", "TYPE", "DOMAIN", "SEQUENCE", "VIEW", "FUNCTION", "PROCEDURE", "AGGREGATE"];
        if kinds.iter().any(|kind| words.skip(&[kind])) {
            words.skip(&["IF", "NOT", "EXISTS"]);
            self.created.extend(words.plain_name());
        }
    }
}
