-- Functions that run with their owner's rights or are marked leakproof, in schema $1 or ($2 false) everywhere else. A
-- trigger's function is called by its trigger alone, so a right to call it is none. An extension's may be a
-- superuser's.
SELECT format('%I.%I(%s)', home.nspname, routine.proname, pg_get_function_identity_arguments(routine.oid)),
       routine.prosecdef,
       routine.proleakproof AND NOT extension.owns,
       owner.rolname::text,
       (owner.rolsuper OR owner.rolbypassrls OR owner.rolname = $5) AND NOT extension.owns,
       ARRAY(SELECT login.rolname::text FROM pg_roles login
             WHERE login.rolname IN ($3, $4, $6) AND has_function_privilege(login.oid, routine.oid, 'EXECUTE')
                   AND routine.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
             ORDER BY 1)
FROM pg_proc routine
JOIN pg_namespace home ON home.oid = routine.pronamespace
JOIN pg_roles owner ON owner.oid = routine.proowner
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM pg_depend
                   WHERE classid = 'pg_proc'::regclass AND objid = routine.oid AND deptype = 'e') AS owns
) extension
WHERE (home.nspname = $1) = $2 AND home.nspname <> 'information_schema' AND home.nspname !~ '^pg_'
      AND (routine.prosecdef OR routine.proleakproof)
ORDER BY 1
