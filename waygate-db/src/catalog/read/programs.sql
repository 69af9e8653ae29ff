    UNION ALL
    SELECT 'view', ARRAY[r.space, r.name], 'pg_class'::regclass, r.oid, 0, 0, r.relowner,
           coalesce(r.relacl, acldefault('r', r.relowner)),
           jsonb_build_object(
               'materialized', r.relkind = 'm',
               'definition', pg_get_viewdef(r.oid),
               'options', (SELECT coalesce(jsonb_agg(o ORDER BY o), '[]') FROM unnest(r.reloptions) o),
               'columns', (SELECT jsonb_agg(jsonb_build_object(
                               'name', attname, 'type', format_type(atttypid, atttypmod),
                               'default', (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
                                           WHERE adrelid = attrelid AND adnum = attnum),
                               'comment', col_description(r.oid, attnum)) ORDER BY attnum)
                           FROM pg_attribute WHERE attrelid = r.oid AND attnum > 0 AND NOT attisdropped))
    FROM relation r WHERE r.relkind IN ('v', 'm')
    UNION ALL
    SELECT 'function', ARRAY[p.space, p.name, p.arguments], 'pg_proc'::regclass, p.oid, 0, 0, p.proowner,
           coalesce(p.proacl, acldefault('f', p.proowner)),
           jsonb_build_object(
               'kind', p.prokind,
               -- The server prints no definition of an aggregate. Line ends and what trails a line are no difference.
               'definition', CASE WHEN p.prokind <> 'a' THEN
                   rtrim(regexp_replace(pg_get_functiondef(p.oid), '[ \t]*\r?\n', E'\n', 'g'), E'\n') END,
               'returns', pg_get_function_result(p.oid),
               'arguments', pg_get_function_arguments(p.oid))
    FROM routine p
    UNION ALL
    SELECT 'trigger', ARRAY[r.space, r.name, t.tgname::text], 'pg_trigger'::regclass, t.oid, 0, 0, NULL, NULL,
           jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled)
    FROM pg_trigger t JOIN relation r ON r.oid = t.tgrelid
    -- A partition's trigger of its parent's comes with it.
    WHERE NOT t.tgisinternal AND t.tgparentid = 0
    UNION ALL
    SELECT 'rule', ARRAY[r.space, r.name, w.rulename::text], 'pg_rewrite'::regclass, w.oid, 0, 0, NULL, NULL,
           jsonb_build_object('definition', pg_get_ruledef(w.oid), 'enabled', w.ev_enabled)
    FROM pg_rewrite w JOIN relation r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
    UNION ALL
    SELECT 'publication', ARRAY[p.pubname::text], 'pg_publication'::regclass, p.oid, 0, 0, p.pubowner, NULL,
           jsonb_build_object(
               'all_tables', p.puballtables,
               'operations', to_jsonb(array_remove(ARRAY[
                   CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                   CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END], NULL)),
               'through_root', p.pubviaroot,
               'schemas', (SELECT coalesce(jsonb_agg(nspname ORDER BY nspname), '[]') FROM pg_publication_namespace
                           JOIN pg_namespace n ON n.oid = pnnspid WHERE pnpubid = p.oid),
               'tables', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                              'table', jsonb_build_array(n.nspname, c.relname),
                              'columns', (SELECT jsonb_agg(attname ORDER BY attnum) FROM pg_attribute
                                          WHERE attrelid = c.oid AND attnum = ANY (pr.prattrs)),
                              'where', pg_get_expr(pr.prqual, pr.prrelid)) ORDER BY n.nspname, c.relname), '[]')
                          FROM pg_publication_rel pr JOIN pg_class c ON c.oid = pr.prrelid
                          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE pr.prpubid = p.oid))
    FROM pg_publication p
    UNION ALL
    SELECT 'default_privileges',
           ARRAY[coalesce((SELECT nspname::text FROM pg_namespace WHERE oid = defaclnamespace), ''),
                 pg_get_userbyid(defaclrole)::text, defaclobjtype::text],
           'pg_default_acl'::regclass, d.oid, 0, 0, d.defaclrole,
           d.defaclacl,
           jsonb_build_object(
               -- Without a schema the list replaces the server's own; with one it comes on top of it.
               'owner_keeps', (SELECT coalesce(jsonb_agg(privilege_type ORDER BY privilege_type), '[]')
                               FROM aclexplode(d.defaclacl) WHERE grantee = d.defaclrole))
    FROM pg_default_acl d
