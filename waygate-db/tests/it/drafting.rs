//! The text of drafts, from catalogs of real databases and plans written by hand.

use std::collections::{BTreeMap, BTreeSet};

use waygate_db::catalog::{Action, Aspect, Catalog, Key, Kind, Verb};
use waygate_db::migrate::draft::{Draft, Outline};

use crate::support::database::Database;

const BEFORE: &str = "
    CREATE TYPE public.state AS ENUM ('draft', 'done');
    CREATE TABLE public.parents (id uuid PRIMARY KEY, tenant uuid NOT NULL, code text);
    CREATE TABLE public.rows (id uuid PRIMARY KEY, parent uuid, name text, state public.state, old text);
    CREATE INDEX rows_name_idx ON public.rows (name);";

/// A database where this ran.
async fn catalog(sql: &str) -> Catalog {
    let database = Database::empty().await;
    database.deploy(sql).await;
    let session = database.maintenance().await;
    Catalog::read(&session).await.unwrap()
}

fn action(verb: Verb, kind: Kind, path: &[&str], sql: &str) -> Action {
    Action { verb, key: Key::new(kind, path.iter().copied()), sql: sql.to_owned() }
}

/// The draft from `BEFORE` to a database where this ran too, by this plan.
async fn drafted(after: &str, actions: &[Action], options: Options<'_>) -> String {
    let (from, to) = (catalog(BEFORE).await, catalog(&format!("{BEFORE}{after}")).await);
    let fillings = options.fillings.iter().map(|(path, sql)| (Key::new(Kind::Column, *path), (*sql).to_owned()));
    Draft::of(Outline {
        title: "A change",
        from: &from,
        to: &to,
        renames: &[],
        returns: &[],
        actions,
        rewriting: &options.rewriting,
        fillings: &fillings.collect(),
        headings: &BTreeMap::new(),
        plain: options.plain,
    })
    .to_string()
}

#[derive(Default)]
struct Options<'a> {
    rewriting: BTreeSet<usize>,
    fillings: BTreeMap<[&'a str; 3], &'a str>,
    plain: bool,
}

#[tokio::test]
async fn an_index_of_a_table_in_use_is_built_outside_a_transaction() {
    let sql = "CREATE INDEX rows_state_idx ON public.rows USING btree (state)";
    let actions = [action(Verb::Create, Kind::Index, &["public", "rows", "rows_state_idx"], sql)];
    let text = drafted(&format!("{sql};"), &actions, Options::default()).await;
    assert_eq!(
        text,
        "-- A change\n--\n-- Creates index rows.rows_state_idx.\n\n-- waygate:step autocommit\n\
         CREATE INDEX CONCURRENTLY rows_state_idx ON public.rows USING btree (state);\n"
    );
    let plain = drafted(&format!("{sql};"), &actions, Options { plain: true, ..Options::default() }).await;
    assert_eq!(plain, format!("-- A change\n--\n-- Creates index rows.rows_state_idx.\n\n{sql};\n"));
}

#[tokio::test]
async fn an_index_that_changes_serves_until_its_successor_does() {
    let path = ["public", "rows", "rows_name_idx"];
    let sql = "CREATE INDEX rows_name_idx ON public.rows USING btree (name, state)";
    let actions = [
        action(Verb::Drop, Kind::Index, &path, "DROP INDEX public.rows_name_idx"),
        action(Verb::Create, Kind::Index, &path, sql),
    ];
    let text = drafted(&format!("DROP INDEX public.rows_name_idx; {sql};"), &actions, Options::default()).await;
    let steps: Vec<&str> = text.split("\n\n").skip(1).collect();
    assert_eq!(
        steps,
        [
            "-- waygate:step tx\nALTER INDEX public.rows_name_idx RENAME TO rows_name_idx_old;",
            "-- waygate:step autocommit\nCREATE INDEX CONCURRENTLY rows_name_idx ON public.rows USING btree (name, state);",
            "-- waygate:step autocommit\nDROP INDEX CONCURRENTLY public.rows_name_idx_old;\n",
        ]
    );
}

#[tokio::test]
async fn a_unique_constraint_comes_from_an_index_that_looks_for_twins_first() {
    let sql = "ALTER TABLE public.rows ADD CONSTRAINT rows_name_key UNIQUE (name)";
    let actions = [action(Verb::Create, Kind::Constraint, &["public", "rows", "rows_name_key"], sql)];
    let text = drafted(&format!("{sql};"), &actions, Options::default()).await;
    let steps: Vec<&str> = text.split("\n\n").skip(1).collect();
    assert_eq!(
        steps,
        [
            "-- waygate:step autocommit\n\
             -- waygate:assert no two rows of public.rows have the same name\n\
             SELECT NOT EXISTS (SELECT FROM public.rows WHERE name IS NOT NULL GROUP BY name HAVING count(*) > 1);\n\
             CREATE UNIQUE INDEX CONCURRENTLY rows_name_key ON public.rows USING btree (name);",
            "-- waygate:step tx\nALTER TABLE public.rows ADD CONSTRAINT rows_name_key UNIQUE USING INDEX rows_name_key;\n",
        ]
    );
}

#[tokio::test]
async fn a_reference_holds_new_rows_first_and_looks_at_the_others_later() {
    let sql =
        "ALTER TABLE public.rows ADD CONSTRAINT rows_parent_fkey FOREIGN KEY (parent) REFERENCES public.parents(id)";
    let actions = [action(Verb::Create, Kind::Constraint, &["public", "rows", "rows_parent_fkey"], sql)];
    let text = drafted(&format!("{sql};"), &actions, Options::default()).await;
    let steps: Vec<&str> = text.split("\n\n").skip(1).collect();
    assert_eq!(
        steps,
        [
            format!("-- waygate:step tx\n{sql} NOT VALID;").as_str(),
            "-- waygate:step tx\n\
             -- waygate:assert every parent in public.rows is in public.parents\n\
             SELECT NOT EXISTS (SELECT FROM public.rows child WHERE child.parent IS NOT NULL AND NOT EXISTS \
             (SELECT FROM public.parents parent WHERE parent.id = child.parent));\n\
             ALTER TABLE public.rows VALIDATE CONSTRAINT rows_parent_fkey;\n",
        ]
    );
}

#[tokio::test]
async fn a_required_column_is_filled_in_batches_and_refuses_null_by_a_check() {
    let path = ["public", "rows", "token"];
    let sql = "ALTER TABLE public.rows ADD COLUMN token uuid DEFAULT gen_random_uuid() NOT NULL";
    let actions = [action(Verb::Create, Kind::Column, &path, sql)];
    let options = Options { rewriting: BTreeSet::from([0]), ..Options::default() };
    let text = drafted(&format!("{sql};"), &actions, options).await;
    let steps: Vec<&str> = text.split("\n\n").skip(1).collect();
    assert_eq!(
        steps,
        [
            "-- waygate:step tx\nALTER TABLE public.rows ADD COLUMN token uuid;\n\
             ALTER TABLE public.rows ALTER COLUMN token SET DEFAULT gen_random_uuid();",
            "-- waygate:step backfill table=public.rows key=id batch=1000\n\
             UPDATE public.rows SET token = gen_random_uuid() WHERE token IS NULL AND {batch};",
            "-- waygate:step tx\n-- waygate:assert no row has NULL in rows.token\n\
             SELECT NOT EXISTS (SELECT FROM public.rows WHERE token IS NULL);\n\
             ALTER TABLE public.rows ADD CONSTRAINT rows_token_not_null CHECK (token IS NOT NULL) NOT VALID;",
            "-- waygate:step tx\nALTER TABLE public.rows VALIDATE CONSTRAINT rows_token_not_null;",
            "-- waygate:step tx\nALTER TABLE public.rows ALTER COLUMN token SET NOT NULL;\n\
             ALTER TABLE public.rows DROP CONSTRAINT rows_token_not_null;\n",
        ]
    );
}

#[tokio::test]
async fn labels_come_first_and_removals_last() {
    let actions = [
        action(
            Verb::Create,
            Kind::Column,
            &["public", "rows", "more"],
            "ALTER TABLE public.rows ADD COLUMN more public.state",
        ),
        action(Verb::Drop, Kind::Column, &["public", "rows", "old"], "ALTER TABLE public.rows DROP COLUMN old"),
        action(
            Verb::Alter(Aspect::AddLabel("held".to_owned())),
            Kind::Enum,
            &["public", "state"],
            "ALTER TYPE public.state ADD VALUE 'held' AFTER 'draft'",
        ),
        action(Verb::Comment, Kind::Table, &["public", "rows"], "COMMENT ON TABLE public.rows IS 'Rows'"),
    ];
    let after = "ALTER TABLE public.rows ADD COLUMN more public.state; ALTER TABLE public.rows DROP COLUMN old;";
    let text = drafted(after, &actions, Options::default()).await;
    assert_eq!(
        text,
        "-- A change\n--\n-- Creates column rows.more.\n-- Drops column rows.old.\n-- Adds label held to enum state.\n\
         -- Changes the comment of table rows.\n-- WARNING: drops column rows.old with its values.\n\n\
         -- waygate:step autocommit\nALTER TYPE public.state ADD VALUE 'held' AFTER 'draft';\n\n\
         -- waygate:step tx\nALTER TABLE public.rows ADD COLUMN more public.state;\n\
         COMMENT ON TABLE public.rows IS 'Rows';\n\n\
         -- waygate:step tx\nALTER TABLE public.rows DROP COLUMN old;\n"
    );
}
