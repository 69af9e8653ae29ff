-- The roles that matter to row security: ours ($1), those that ours can become, and whoever stands above it.
WITH RECURSIVE reach AS (
    SELECT oid AS heir, oid AS role FROM pg_roles WHERE rolname = ANY ($1)
    UNION
    SELECT reach.heir, link.roleid FROM reach JOIN pg_auth_members link ON link.member = reach.role
)
SELECT role.rolname::text,
       role.rolcanlogin,
       array_remove(ARRAY[CASE WHEN role.rolsuper THEN 'SUPERUSER' END,
                          CASE WHEN role.rolbypassrls THEN 'BYPASSRLS' END,
                          CASE WHEN role.rolcreaterole THEN 'CREATEROLE' END,
                          CASE WHEN role.rolreplication THEN 'REPLICATION' END], NULL),
       ARRAY(SELECT heir.rolname::text FROM reach JOIN pg_roles heir ON heir.oid = reach.heir
             WHERE reach.role = role.oid ORDER BY 1)
FROM pg_roles role
WHERE role.rolsuper OR role.rolbypassrls OR EXISTS (SELECT FROM reach WHERE reach.role = role.oid)
ORDER BY role.rolname COLLATE "C"
