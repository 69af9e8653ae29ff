-- The indexes of a schema's tables. An expression's column is an empty name; the last list names the columns that are
-- searched with an operator that is not leakproof, which row security keeps from the index.
SELECT object.relname::text,
       name.relname::text,
       index.indisunique OR index.indisexclusion,
       index.indisprimary,
       index.indisunique AND index.indisvalid AND index.indimmediate AND index.indpred IS NULL,
       ARRAY(SELECT coalesce(col.attname::text, '')
             FROM generate_series(0, index.indnkeyatts - 1) place
             LEFT JOIN pg_attribute col ON col.attrelid = object.oid AND col.attnum = index.indkey[place] AND col.attnum > 0
             ORDER BY place),
       ARRAY(SELECT DISTINCT coalesce(col.attname::text, 'an expression')
             FROM generate_series(0, index.indnkeyatts - 1) place
             LEFT JOIN pg_attribute col ON col.attrelid = object.oid AND col.attnum = index.indkey[place] AND col.attnum > 0
             JOIN pg_opclass class ON class.oid = index.indclass[place]
             JOIN pg_amop entry ON entry.amopfamily = class.opcfamily AND entry.amoplefttype = class.opcintype
                  AND entry.amoppurpose = 's'
                  AND (entry.amoprighttype = class.opcintype OR method.amname NOT IN ('btree', 'hash'))
             JOIN pg_operator operator ON operator.oid = entry.amopopr
             JOIN pg_proc routine ON routine.oid = operator.oprcode
             WHERE NOT routine.proleakproof OR index.indkey[place] = 0
             ORDER BY 1)
FROM pg_index index
JOIN pg_class object ON object.oid = index.indrelid
JOIN pg_namespace home ON home.oid = object.relnamespace
JOIN pg_class name ON name.oid = index.indexrelid
JOIN pg_am method ON method.oid = name.relam
WHERE home.nspname = $1 AND object.relkind IN ('r', 'p')
ORDER BY object.relname COLLATE "C", name.relname COLLATE "C"
