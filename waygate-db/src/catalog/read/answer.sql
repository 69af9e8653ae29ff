),
-- Other names under which the server's notes on dependencies know the same things.
alias(class, oid, sub, kind, path) AS (
    SELECT 'pg_attrdef'::regclass::oid, d.oid, 0, 'column', ARRAY[r.space, r.name, a.attname::text]
    FROM pg_attrdef d JOIN relation r ON r.oid = d.adrelid
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE r.relkind IN ('r', 'p', 'f')
    UNION ALL
    SELECT 'pg_attrdef'::regclass, d.oid, 0, 'view', ARRAY[r.space, r.name]
    FROM pg_attrdef d JOIN relation r ON r.oid = d.adrelid WHERE r.relkind IN ('v', 'm')
    UNION ALL
    SELECT 'pg_rewrite'::regclass, w.oid, 0, 'view', ARRAY[r.space, r.name]
    FROM pg_rewrite w JOIN relation r ON r.oid = w.ev_class WHERE w.rulename = '_RETURN'
    UNION ALL
    SELECT 'pg_class'::regclass, r.oid, a.attnum, 'view', ARRAY[r.space, r.name]
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 WHERE r.relkind IN ('v', 'm')
    UNION ALL
    SELECT 'pg_class'::regclass, m.index, 0, t.kind, t.path
    FROM made_by_constraint m JOIN thing t ON t.class = 'pg_constraint'::regclass AND t.oid = m.constraint
    UNION ALL
    -- A composite type has a relation, a relation has a type, and both have a type of arrays.
    SELECT 'pg_class'::regclass, t.typrelid, n, 'composite', ARRAY[t.space, t.name]
    FROM kind_of_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c', generate_series(0, c.relnatts) n
    UNION ALL
    SELECT 'pg_type'::regclass, u.oid, 0, t.kind, t.path
    FROM thing t, LATERAL (
        SELECT r.reltype AS oid FROM relation r WHERE r.oid = t.oid
        UNION ALL
        SELECT y.typarray FROM relation r JOIN pg_type y ON y.oid = r.reltype WHERE r.oid = t.oid
    ) u WHERE t.class = 'pg_class'::regclass AND t.sub = 0 AND t.kind IN ('table', 'view') AND u.oid <> 0
    UNION ALL
    SELECT 'pg_type'::regclass, y.oid, 0, t.kind, t.path
    FROM thing t JOIN pg_type y ON y.typelem = t.oid AND y.typcategory = 'A' WHERE t.class = 'pg_type'::regclass
    UNION ALL
    SELECT 'pg_type'::regclass, y.oid, 0, t.kind, t.path
    FROM thing t JOIN pg_range g ON g.rngtypid = t.oid
    JOIN pg_type y ON y.oid = g.rngmultitypid OR y.typelem = g.rngmultitypid WHERE t.class = 'pg_type'::regclass
    UNION ALL
    SELECT 'pg_publication_rel'::regclass, r.oid, 0, 'publication', ARRAY[p.pubname::text]
    FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
    UNION ALL
    SELECT 'pg_publication_namespace'::regclass, n.oid, 0, 'publication', ARRAY[p.pubname::text]
    FROM pg_publication_namespace n JOIN pg_publication p ON p.oid = n.pnpubid
    UNION ALL
    SELECT 'pg_constraint'::regclass, k.oid, 0, t.kind, t.path
    FROM thing t JOIN pg_constraint k ON k.contypid = t.oid WHERE t.class = 'pg_type'::regclass AND k.contypid <> 0
),
known AS (
    SELECT class::oid AS class, oid, sub, kind, path FROM thing UNION ALL SELECT class, oid, sub, kind, path FROM alias
),
need AS (
    SELECT DISTINCT a.kind, a.path, jsonb_build_object('kind', b.kind, 'path', b.path) AS needed
    FROM pg_depend d
    JOIN known a ON a.class = d.classid AND a.oid = d.objid AND a.sub = d.objsubid
    JOIN known b ON b.class = d.refclassid AND b.oid = d.refobjid AND b.sub = d.refobjsubid
    WHERE (a.kind, a.path) <> (b.kind, b.path)
      -- That a sequence belongs to a column is a property of it.
      AND NOT (a.kind = 'sequence' AND b.kind = 'column')
    UNION
    -- Whatever an extension brought comes with it.
    SELECT DISTINCT a.kind, a.path, jsonb_build_object('kind', 'extension', 'path', jsonb_build_array(x.extname))
    FROM pg_depend d
    JOIN known a ON a.class = d.classid AND a.oid = d.objid AND a.sub = d.objsubid
    JOIN pg_depend e ON e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e'
    JOIN pg_extension x ON x.oid = e.refobjid
),
-- The comments that extensions bring.
available AS MATERIALIZED (
    SELECT name::text, comment FROM pg_available_extensions()
),
needs AS (
    SELECT kind, path, jsonb_agg(needed ORDER BY needed) AS needs FROM need GROUP BY kind, path
),
granted AS (
    SELECT t.kind, t.path, jsonb_agg(jsonb_build_object(
               'role', CASE WHEN e.grantee = 0 THEN 'public' ELSE pg_get_userbyid(e.grantee)::text END,
               'privilege', e.privilege_type,
               'grantable', e.is_grantable
           ) ORDER BY e.grantee = 0 DESC, pg_get_userbyid(e.grantee), e.privilege_type) AS grants
    FROM thing t, LATERAL aclexplode(t.acl) e
    WHERE e.grantee <> t.owner GROUP BY t.kind, t.path
)
SELECT jsonb_build_object(
           'kind', t.kind,
           'path', t.path,
           'place', t.place,
           -- A part's owner is its table's.
           'owner', CASE WHEN t.sub = 0 THEN pg_get_userbyid(t.owner) END,
           'comment', nullif((SELECT description FROM pg_description d
                              WHERE d.classoid = t.class AND d.objoid = t.oid AND d.objsubid = t.sub),
                             CASE WHEN t.kind = 'extension' THEN (SELECT comment FROM available WHERE name = t.path[1]) END),
           'grants', coalesce(g.grants, '[]'),
           'needs', coalesce(n.needs, '[]'),
           'is', t.is_)::text
FROM thing t
LEFT JOIN granted g ON g.kind = t.kind AND g.path = t.path
LEFT JOIN needs n ON n.kind = t.kind AND n.path = t.path
ORDER BY t.kind COLLATE "C", t.path COLLATE "C"
