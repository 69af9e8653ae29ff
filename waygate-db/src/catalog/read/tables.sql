    UNION ALL
    SELECT 'table', ARRAY[r.space, r.name], 'pg_class'::regclass, r.oid, 0, 0, r.relowner,
           coalesce(r.relacl, acldefault('r', r.relowner)),
           jsonb_build_object(
               'kind', r.relkind, 'persistence', r.relpersistence,
               'row_security', r.relrowsecurity, 'forced', r.relforcerowsecurity,
               'replica_identity', r.relreplident,
               'options', (SELECT coalesce(jsonb_agg(o ORDER BY o), '[]') FROM unnest(r.reloptions) o),
               'access_method', (SELECT amname FROM pg_am WHERE oid = r.relam),
               'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = r.reltablespace),
               'partition_key', CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END,
               'bound', CASE WHEN r.relispartition THEN pg_get_expr(r.relpartbound, r.oid) END,
               'parents', (SELECT coalesce(jsonb_agg(jsonb_build_array(p.space, p.name) ORDER BY inhseqno), '[]')
                           FROM pg_inherits JOIN relation p ON p.oid = inhparent WHERE inhrelid = r.oid))
    FROM relation r WHERE r.relkind IN ('r', 'p', 'f')
    UNION ALL
    SELECT 'column', ARRAY[r.space, r.name, a.attname::text], 'pg_class'::regclass, r.oid, a.attnum,
           row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), r.relowner, a.attacl,
           jsonb_build_object(
               'type', format_type(a.atttypid, a.atttypmod),
               -- From version 18 on it can be declared without a look at the rows, and then holds for new ones alone.
               'not_null', a.attnotnull AND NOT EXISTS (
                   SELECT FROM pg_constraint n WHERE n.conrelid = r.oid AND n.contype = 'n'
                                                 AND n.conkey = ARRAY[a.attnum] AND NOT n.convalidated),
               'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
               'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
               'virtual', a.attgenerated = 'v',
               'identity', nullif(a.attidentity, ''),
               'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
               'storage', nullif(a.attstorage, t.typstorage),
               'compression', nullif(a.attcompression, ''),
               'statistics', nullif(a.attstattarget, -1),
               -- The server keeps notes of its own there, different in every database.
               'options', (SELECT coalesce(jsonb_agg(o ORDER BY o), '[]') FROM unnest(a.attoptions) o
                           WHERE o !~ '^pg_'),
               'local', a.attislocal,
               'inherited', a.attinhcount > 0)
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    WHERE r.relkind IN ('r', 'p', 'f')
    UNION ALL
    SELECT 'constraint', ARRAY[r.space, r.name, k.conname::text], 'pg_constraint'::regclass, k.oid, 0, 0, NULL, NULL,
           jsonb_build_object(
               'kind', k.contype,
               'definition', pg_get_constraintdef(k.oid),
               'valid', k.convalidated,
               'local', k.conislocal,
               'columns', (SELECT coalesce(jsonb_agg(attname ORDER BY place), '[]')
                           FROM unnest(k.conkey) WITH ORDINALITY u(number, place)
                           JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
               'references', (SELECT jsonb_build_object(
                                  'table', jsonb_build_array(n.nspname, f.relname),
                                  'columns', (SELECT jsonb_agg(attname ORDER BY place)
                                              FROM unnest(k.confkey) WITH ORDINALITY u(number, place)
                                              JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number),
                                  'on_delete', k.confdeltype, 'on_update', k.confupdtype)
                              FROM pg_class f JOIN pg_namespace n ON n.oid = f.relnamespace WHERE f.oid = k.confrelid),
               'index', CASE WHEN k.contype IN ('p', 'u', 'x') THEN pg_get_indexdef(k.conindid) END,
               'clustered', coalesce(i.indisclustered, false),
               'replica_identity', coalesce(i.indisreplident, false),
               'parent', (SELECT jsonb_build_array(n.nspname, c.relname, p.conname)
                          FROM pg_constraint p JOIN pg_class c ON c.oid = p.conrelid
                          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE p.oid = k.conparentid))
    FROM pg_constraint k JOIN relation r ON r.oid = k.conrelid
    LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
    -- From version 18 on NOT NULL is a constraint too; it is told with its column.
    WHERE k.contype IN ('p', 'u', 'c', 'f', 'x')
    UNION ALL
    SELECT 'index', ARRAY[r.space, t.relname::text, r.name], 'pg_class'::regclass, r.oid, 0, 0, NULL, NULL,
           jsonb_build_object(
               'definition', pg_get_indexdef(r.oid),
               'valid', i.indisvalid,
               'clustered', i.indisclustered, 'replica_identity', i.indisreplident,
               'unique', i.indisunique,
               'nulls_not_distinct', i.indnullsnotdistinct,
               'method', (SELECT amname FROM pg_am WHERE oid = r.relam),
               'keys', (SELECT jsonb_agg(jsonb_build_object(
                            'column', (SELECT attname FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = i.indkey[n - 1]
                                                                          AND attnum > 0),
                            'expression', pg_get_indexdef(r.oid, n, true),
                            'descending', coalesce(pg_index_column_has_property(r.oid, n, 'desc'), false),
                            'nulls_first', coalesce(pg_index_column_has_property(r.oid, n, 'nulls_first'), false),
                            'operator_class', (SELECT format('%I.%I', nspname, opcname) FROM pg_opclass
                                               JOIN pg_namespace s ON s.oid = opcnamespace
                                               WHERE pg_opclass.oid = i.indclass[n - 1] AND NOT opcdefault)
                        ) ORDER BY n) FROM generate_series(1, i.indnkeyatts::integer) n),
               'include', (SELECT coalesce(jsonb_agg(attname ORDER BY n), '[]')
                           FROM generate_series(i.indnkeyatts::integer, i.indnatts - 1) n
                           JOIN pg_attribute ON attrelid = i.indrelid AND attnum = i.indkey[n]),
               'predicate', pg_get_expr(i.indpred, i.indrelid),
               'options', (SELECT coalesce(jsonb_agg(o ORDER BY o), '[]') FROM unnest(r.reloptions) o),
               'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = r.reltablespace),
               'parent', (SELECT jsonb_build_array(p.space, p.name) FROM pg_inherits JOIN relation p ON p.oid = inhparent
                          WHERE inhrelid = r.oid))
    FROM pg_index i JOIN relation r ON r.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE NOT EXISTS (SELECT FROM made_by_constraint m WHERE m.index = i.indexrelid)
    UNION ALL
    SELECT 'policy', ARRAY[r.space, r.name, p.polname::text], 'pg_policy'::regclass, p.oid, 0, 0, NULL, NULL,
           jsonb_build_object(
               'permissive', p.polpermissive,
               'command', p.polcmd,
               'roles', (SELECT jsonb_agg(CASE WHEN role = 0 THEN 'public' ELSE pg_get_userbyid(role)::text END ORDER BY 1)
                         FROM unnest(p.polroles) role),
               'using', pg_get_expr(p.polqual, p.polrelid),
               'check', pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN relation r ON r.oid = p.polrelid
    UNION ALL
    SELECT 'statistics', ARRAY[s.name, e.stxname::text], 'pg_statistic_ext'::regclass, e.oid, 0, 0, e.stxowner, NULL,
           jsonb_build_object('definition', pg_get_statisticsobjdef(e.oid), 'target', nullif(e.stxstattarget, -1))
    FROM pg_statistic_ext e JOIN space s ON s.oid = e.stxnamespace
