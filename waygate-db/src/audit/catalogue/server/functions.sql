-- The functions of a schema, each with its parts: body, owner, whose rights, settings, kind, callers.
SELECT routine.proname || '(' || pg_get_function_identity_arguments(routine.oid) || ')',
       ARRAY[
           coalesce(pg_get_function_sqlbody(routine.oid), routine.prosrc),
           pg_get_userbyid(routine.proowner)::text,
           CASE WHEN routine.prosecdef THEN 'definer' ELSE 'invoker' END,
           coalesce(array_to_string(routine.proconfig, '; '), ''),
           concat_ws(' ', language.lanname, routine.provolatile, routine.proleakproof, routine.prorettype::regtype),
           ARRAY(SELECT coalesce(holder.rolname::text, 'PUBLIC') || CASE WHEN given.is_grantable THEN '*' ELSE '' END
                 FROM aclexplode(coalesce(routine.proacl, acldefault('f', routine.proowner))) given
                 LEFT JOIN pg_roles holder ON holder.oid = given.grantee
                 WHERE given.grantee <> routine.proowner AND NOT coalesce(holder.rolsuper, false)
                 ORDER BY 1)::text
       ]
FROM pg_proc routine
JOIN pg_namespace home ON home.oid = routine.pronamespace
JOIN pg_language language ON language.oid = routine.prolang
WHERE home.nspname = $1
ORDER BY 1
