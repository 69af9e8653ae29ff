-- The indexes of a schema's tables. An expression's column is an empty name; the last list names the columns that are
-- searched with an operator that is not leakproof, which row security keeps from the index.
WITH part AS MATERIALIZED (
    SELECT index.indexrelid, object.relname, index.indkey[place] AS number, index.indclass[place] AS class, place,
           col.attname::text AS name
    FROM pg_index index
    JOIN pg_class object ON object.oid = index.indrelid
    JOIN pg_namespace home ON home.oid = object.relnamespace
    CROSS JOIN LATERAL generate_series(0, index.indnkeyatts - 1) place
    LEFT JOIN pg_attribute col ON col.attrelid = object.oid AND col.attnum = index.indkey[place] AND col.attnum > 0
    WHERE home.nspname = $1 AND object.relkind IN ('r', 'p')
), leaky AS MATERIALIZED (
    SELECT DISTINCT class.oid
    FROM pg_opclass class
    JOIN pg_am method ON method.oid = class.opcmethod
    JOIN pg_amop entry ON entry.amopfamily = class.opcfamily AND entry.amoplefttype = class.opcintype
         AND entry.amoppurpose = 's'
         AND (entry.amoprighttype = class.opcintype OR method.amname NOT IN ('btree', 'hash'))
    JOIN pg_operator operator ON operator.oid = entry.amopopr
    JOIN pg_proc routine ON routine.oid = operator.oprcode
    WHERE NOT routine.proleakproof AND class.oid IN (SELECT part.class FROM part)
)
SELECT part.relname::text,
       name.relname::text,
       index.indisunique OR index.indisexclusion,
       index.indisprimary,
       index.indisunique AND index.indisvalid AND index.indimmediate AND index.indpred IS NULL,
       array_agg(coalesce(part.name, '') ORDER BY part.place),
       array_remove(array_agg(
           CASE WHEN part.number = 0 THEN 'an expression' WHEN leaky.oid IS NOT NULL THEN part.name END
           ORDER BY part.place), NULL)
FROM part
JOIN pg_index index ON index.indexrelid = part.indexrelid
JOIN pg_class name ON name.oid = part.indexrelid
LEFT JOIN leaky ON leaky.oid = part.class
GROUP BY part.relname, name.relname, index.indexrelid, index.indisunique, index.indisexclusion, index.indisprimary,
         index.indisvalid, index.indimmediate, index.indpred IS NULL
ORDER BY part.relname COLLATE "C", name.relname COLLATE "C"
