-- Every right on the tables of a schema but the owner's and superusers', whole and by column.
SELECT object.relname::text, NULL::text, coalesce(holder.rolname::text, 'PUBLIC'),
       given.privilege_type, given.is_grantable
FROM pg_class object
JOIN pg_namespace home ON home.oid = object.relnamespace
CROSS JOIN aclexplode(coalesce(object.relacl, acldefault('r', object.relowner))) given
LEFT JOIN pg_roles holder ON holder.oid = given.grantee
WHERE home.nspname = $1 AND object.relkind IN ('r', 'p', 'f')
      AND given.grantee <> object.relowner AND NOT coalesce(holder.rolsuper, false)
UNION ALL
SELECT object.relname::text, col.attname::text, coalesce(holder.rolname::text, 'PUBLIC'),
       given.privilege_type, given.is_grantable
FROM pg_class object
JOIN pg_namespace home ON home.oid = object.relnamespace
JOIN pg_attribute col ON col.attrelid = object.oid AND NOT col.attisdropped
CROSS JOIN aclexplode(col.attacl) given
LEFT JOIN pg_roles holder ON holder.oid = given.grantee
WHERE home.nspname = $1 AND object.relkind IN ('r', 'p', 'f')
      AND given.grantee <> object.relowner AND NOT coalesce(holder.rolsuper, false)
ORDER BY 1, 3, 4, 2
