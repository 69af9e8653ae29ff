-- Tables and granted sequences of a schema ($1) that are no model's ($2), no extension's and no model's partition.
SELECT object.relname::text,
       CASE object.relkind WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'table' END,
       object.relrowsecurity AND object.relforcerowsecurity,
       rights.held
FROM pg_class object
JOIN pg_namespace home ON home.oid = object.relnamespace
CROSS JOIN LATERAL (
    SELECT ARRAY(
        SELECT coalesce(holder.rolname::text, 'PUBLIC') || ' may ' || string_agg(DISTINCT given.privilege_type, ', ')
        FROM (
            SELECT whole.grantee, whole.privilege_type
            FROM aclexplode(coalesce(object.relacl, acldefault(
                (CASE object.relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", object.relowner))) whole
            UNION ALL
            SELECT part.grantee, part.privilege_type
            FROM pg_attribute col CROSS JOIN aclexplode(col.attacl) part
            WHERE col.attrelid = object.oid AND NOT col.attisdropped
        ) given
        LEFT JOIN pg_roles holder ON holder.oid = given.grantee
        WHERE given.grantee = 0 OR holder.rolname IN ($3, $4, $5, 'waygate_app', 'waygate_service', 'waygate_login')
        GROUP BY holder.rolname ORDER BY holder.rolname) AS held
) rights
WHERE home.nspname = $1
      AND (object.relkind IN ('r', 'p', 'f') OR object.relkind = 'S' AND rights.held <> '{}')
      AND object.relname <> ALL ($2)
      AND NOT EXISTS (
          SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = object.oid AND deptype = 'e')
      AND NOT EXISTS (
          SELECT FROM pg_inherits link JOIN pg_class parent ON parent.oid = link.inhparent
          WHERE link.inhrelid = object.oid AND parent.relnamespace = home.oid AND parent.relname = ANY ($2))
ORDER BY object.relname COLLATE "C"
