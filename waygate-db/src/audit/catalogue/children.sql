-- The relations that inherit from a model's table ($2, in schema $1), or that one inherits from, at any distance.
WITH RECURSIVE model AS (
    SELECT object.oid, object.relname
    FROM pg_class object JOIN pg_namespace home ON home.oid = object.relnamespace
    WHERE home.nspname = $1 AND object.relname = ANY ($2)
), below AS (
    SELECT model.relname, link.inhrelid AS relative FROM model JOIN pg_inherits link ON link.inhparent = model.oid
    UNION
    SELECT below.relname, link.inhrelid FROM below JOIN pg_inherits link ON link.inhparent = below.relative
), above AS (
    SELECT model.relname, link.inhparent AS relative FROM model JOIN pg_inherits link ON link.inhrelid = model.oid
    UNION
    SELECT above.relname, link.inhparent FROM above JOIN pg_inherits link ON link.inhrelid = above.relative
), family AS (
    SELECT relname, relative, true AS is_child FROM below UNION ALL SELECT relname, relative, false FROM above
)
SELECT family.relname::text,
       format('%I.%I', home.nspname, object.relname),
       family.is_child,
       object.relrowsecurity AND object.relforcerowsecurity,
       has_table_privilege($3, object.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
           OR has_any_column_privilege($3, object.oid, 'SELECT, INSERT, UPDATE')
FROM family
JOIN pg_class object ON object.oid = family.relative
JOIN pg_namespace home ON home.oid = object.relnamespace
WHERE object.relkind IN ('r', 'p', 'f') AND object.oid NOT IN (SELECT oid FROM model)
ORDER BY 1, 2
