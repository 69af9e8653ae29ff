-- The foreign keys of a schema's tables; a partition's copy of its parent's key is left out.
SELECT child.relname::text,
       held.conname::text,
       ARRAY(SELECT col.attname::text
             FROM unnest(held.conkey) WITH ORDINALITY place (number, rank)
             JOIN pg_attribute col ON col.attrelid = held.conrelid AND col.attnum = place.number ORDER BY place.rank),
       CASE WHEN parent_home.nspname = $1 THEN '' ELSE parent_home.nspname || '.' END || parent.relname,
       ARRAY(SELECT col.attname::text
             FROM unnest(held.confkey) WITH ORDINALITY place (number, rank)
             JOIN pg_attribute col ON col.attrelid = held.confrelid AND col.attnum = place.number ORDER BY place.rank),
       pg_get_constraintdef(held.oid),
       held.convalidated,
       NOT EXISTS (SELECT FROM pg_trigger fired WHERE fired.tgconstraint = held.oid AND fired.tgenabled IN ('D', 'R'))
FROM pg_constraint held
JOIN pg_class child ON child.oid = held.conrelid
JOIN pg_namespace home ON home.oid = child.relnamespace
JOIN pg_class parent ON parent.oid = held.confrelid
JOIN pg_namespace parent_home ON parent_home.oid = parent.relnamespace
WHERE home.nspname = $1 AND held.contype = 'f' AND held.conparentid = 0
ORDER BY child.relname COLLATE "C", held.conname COLLATE "C"
