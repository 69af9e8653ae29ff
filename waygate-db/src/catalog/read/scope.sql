-- What is looked at: schemas of users, and in them whatever no extension brought.
WITH extended AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
),
space AS (
    SELECT oid, nspname::text AS name, nspowner, nspacl FROM pg_namespace n
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid)
),
relation AS (
    SELECT c.*, s.name AS space, c.relname::text AS name FROM pg_class c JOIN space s ON s.oid = c.relnamespace
    WHERE NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
),
kind_of_type AS (
    SELECT t.*, s.name AS space, t.typname::text AS name FROM pg_type t JOIN space s ON s.oid = t.typnamespace
    WHERE NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
),
routine AS (
    SELECT p.*, s.name AS space, p.proname::text AS name,
           -- What an argument is called tells no two functions apart. Those of an aggregate need more than a list.
           CASE WHEN p.prokind = 'a' THEN pg_get_function_identity_arguments(p.oid)
                ELSE (SELECT coalesce(string_agg(format_type(ty, NULL), ', ' ORDER BY place), '')
                      FROM unnest(p.proargtypes) WITH ORDINALITY u(ty, place)) END AS arguments
    FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
    -- The constructors of a range type come and go with it.
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                                                AND d.deptype IN ('e', 'i'))
),
-- An index that a constraint made belongs to it.
made_by_constraint AS (
    SELECT conindid AS index, oid AS constraint FROM pg_constraint WHERE contype IN ('p', 'u', 'x')
),
thing(kind, path, class, oid, sub, place, owner, acl, is_) AS (
