-- What the lint compares before and after a statement, as one document. What belongs to the server or to an extension
-- is left out.
WITH home AS MATERIALIZED (
    SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), relation AS MATERIALIZED (
    SELECT c.oid, c.relname, c.relkind, c.relispartition, c.relrowsecurity, c.relforcerowsecurity,
           CASE nspname WHEN 'public' THEN relname ELSE nspname || '.' || relname END AS name,
           pg_catalog.format('%I.%I', nspname, relname) AS sql
    FROM pg_catalog.pg_class c JOIN home ON home.oid = c.relnamespace
    WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
)
SELECT pg_catalog.jsonb_build_object(
    'tables', (
        SELECT coalesce(pg_catalog.jsonb_object_agg(oid, pg_catalog.jsonb_build_object(
            'name', name,
            'sql', sql,
            'kind', relkind,
            'file', pg_catalog.pg_relation_filenode(oid)::bigint,
            'is_partition', relispartition,
            'is_secured', relrowsecurity,
            'is_forced', relforcerowsecurity,
            'policies', (
                SELECT coalesce(pg_catalog.jsonb_object_agg(polname, CASE polroles WHEN '{0}' THEN '["PUBLIC"]' ELSE (
                    SELECT coalesce(pg_catalog.jsonb_agg(rolname), '[]') FROM pg_catalog.pg_roles r
                    WHERE r.oid = ANY (polroles)) END), '{}')
                FROM pg_catalog.pg_policy WHERE polrelid = relation.oid),
            'columns', (
                SELECT coalesce(pg_catalog.jsonb_object_agg(attnum, pg_catalog.jsonb_build_object(
                    'name', attname,
                    'sql', pg_catalog.quote_ident(attname),
                    'type', pg_catalog.format_type(atttypid, atttypmod),
                    'is_required', attnotnull,
                    'is_filled', atthasdef OR atthasmissing OR attidentity <> '' OR attgenerated <> '')), '{}')
                FROM pg_catalog.pg_attribute WHERE attrelid = relation.oid AND attnum > 0 AND NOT attisdropped)
        )), '{}')
        FROM relation WHERE relkind IN ('r', 'p', 'm')),
    'indexes', (
        SELECT coalesce(pg_catalog.jsonb_object_agg(oid, pg_catalog.jsonb_build_object(
            'name', relname,
            'sql', sql,
            'table', indrelid::bigint,
            'file', pg_catalog.pg_relation_filenode(oid)::bigint,
            'columns', indkey::smallint[],
            'is_partial', indpred IS NOT NULL,
            'is_valid', indisvalid,
            'definition', pg_catalog.pg_get_indexdef(oid)
        )), '{}')
        FROM relation JOIN pg_catalog.pg_index ON indexrelid = oid),
    'constraints', (
        SELECT coalesce(pg_catalog.jsonb_object_agg(k.oid, pg_catalog.jsonb_build_object(
            'name', conname,
            'sql', pg_catalog.quote_ident(conname),
            'kind', contype,
            'table', conrelid::bigint,
            'parent', confrelid::bigint,
            'columns', coalesce(conkey, '{}'),
            'is_validated', convalidated,
            'definition', pg_catalog.pg_get_constraintdef(k.oid)
        )), '{}')
        FROM relation JOIN pg_catalog.pg_constraint k ON conrelid = relation.oid AND contype IN ('c', 'f', 'p', 'u', 'x')),
    'definers', (
        SELECT coalesce(pg_catalog.jsonb_object_agg(p.oid, p.oid::pg_catalog.regprocedure), '{}')
        FROM pg_catalog.pg_proc p JOIN home ON home.oid = p.pronamespace
        WHERE prosecdef AND pg_catalog.pg_get_userbyid(proowner) = 'waygate_owner')
)::text
