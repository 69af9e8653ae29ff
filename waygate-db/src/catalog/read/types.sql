    SELECT 'schema', ARRAY[s.name], 'pg_namespace'::regclass, s.oid, 0, 0, s.nspowner,
           coalesce(s.nspacl, acldefault('n', s.nspowner)), '{}'::jsonb
    FROM space s
    UNION ALL
    SELECT 'extension', ARRAY[extname::text], 'pg_extension'::regclass, oid, 0, 0, NULL, NULL,
           jsonb_build_object('schema', (SELECT nspname FROM pg_namespace WHERE oid = extnamespace), 'version', extversion)
    FROM pg_extension
    UNION ALL
    SELECT 'collation', ARRAY[s.name, collname::text], 'pg_collation'::regclass, c.oid, 0, 0, collowner, NULL,
           jsonb_build_object(
               'provider', collprovider,
               'deterministic', collisdeterministic,
               -- The column's name changed with version 17.
               'locale', coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', collcollate),
               'ctype', collctype,
               'rules', to_jsonb(c) ->> 'collicurules')
    FROM pg_collation c JOIN space s ON s.oid = collnamespace
    WHERE NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_collation'::regclass AND e.objid = c.oid)
    UNION ALL
    SELECT 'enum', ARRAY[t.space, t.name], 'pg_type'::regclass, t.oid, 0, 0, t.typowner,
           coalesce(t.typacl, acldefault('T', t.typowner)),
           jsonb_build_object('labels', (SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
    FROM kind_of_type t WHERE t.typtype = 'e'
    UNION ALL
    SELECT 'domain', ARRAY[t.space, t.name], 'pg_type'::regclass, t.oid, 0, 0, t.typowner,
           coalesce(t.typacl, acldefault('T', t.typowner)),
           jsonb_build_object(
               'base', format_type(t.typbasetype, t.typtypmod),
               'not_null', t.typnotnull,
               'default', pg_get_expr(t.typdefaultbin, 0),
               'collation', (SELECT t.typcollation::regcollation::text FROM pg_type base
                             WHERE base.oid = t.typbasetype AND base.typcollation <> t.typcollation),
               'checks', (SELECT coalesce(jsonb_object_agg(conname, pg_get_constraintdef(k.oid)), '{}')
                          FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))
    FROM kind_of_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT 'composite', ARRAY[t.space, t.name], 'pg_type'::regclass, t.oid, 0, 0, t.typowner,
           coalesce(t.typacl, acldefault('T', t.typowner)),
           jsonb_build_object('attributes',
               (SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'name', attname,
                           'type', format_type(atttypid, atttypmod),
                           'collation', CASE WHEN attcollation <> base.typcollation THEN attcollation::regcollation::text END
                       ) ORDER BY attnum), '[]')
                FROM pg_attribute JOIN pg_type base ON base.oid = atttypid
                WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped))
    FROM kind_of_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
    UNION ALL
    SELECT 'range', ARRAY[t.space, t.name], 'pg_type'::regclass, t.oid, 0, 0, t.typowner,
           coalesce(t.typacl, acldefault('T', t.typowner)),
           jsonb_build_object(
               'subtype', format_type(r.rngsubtype, NULL),
               'operator_class', (SELECT format('%I.%I', nspname, opcname) FROM pg_opclass
                                  JOIN pg_namespace n ON n.oid = opcnamespace
                                  WHERE pg_opclass.oid = r.rngsubopc AND NOT opcdefault),
               'collation', nullif(r.rngcollation, 0)::regcollation::text,
               'canonical', nullif(r.rngcanonical::oid, 0)::regproc::text,
               'difference', nullif(r.rngsubdiff::oid, 0)::regproc::text,
               'multirange', (SELECT format('%I.%I', nspname, typname) FROM pg_type
                              JOIN pg_namespace n ON n.oid = typnamespace WHERE pg_type.oid = r.rngmultitypid))
    FROM pg_range r JOIN kind_of_type t ON t.oid = r.rngtypid
    UNION ALL
    SELECT 'sequence', ARRAY[r.space, r.name], 'pg_class'::regclass, r.oid, 0, 0, r.relowner,
           coalesce(r.relacl, acldefault('s', r.relowner)),
           jsonb_build_object(
               'type', format_type(q.seqtypid, NULL),
               'start', q.seqstart, 'increment', q.seqincrement, 'min', q.seqmin, 'max', q.seqmax,
               'cache', q.seqcache, 'cycle', q.seqcycle,
               'owned_by', (SELECT jsonb_build_object('column', jsonb_build_array(o.space, o.name, a.attname),
                                                      'identity', d.deptype = 'i')
                            FROM pg_depend d JOIN relation o ON o.oid = d.refobjid
                            JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = d.refobjsubid
                            WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')
                              AND d.refobjsubid > 0))
    FROM pg_sequence q JOIN relation r ON r.oid = q.seqrelid
