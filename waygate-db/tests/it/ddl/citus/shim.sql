-- Stands in for Citus on a plain server: remembers what was distributed, and refuses what Citus documents as refused,
-- when a table is distributed and at each later change of one. Run by a superuser.
CREATE SCHEMA shim;
CREATE TABLE shim.tables (
    relation   regclass PRIMARY KEY,
    spread_by  name,     -- NULL: copied to every node
    beside     regclass, -- the first table of its group
    storage    text NOT NULL
);
GRANT USAGE ON SCHEMA shim TO PUBLIC;
GRANT SELECT, INSERT ON shim.tables TO PUBLIC;

-- How a table's columns are stored, which cannot be changed once it is distributed.
CREATE FUNCTION shim.storage(relation regclass) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(attstorage, '' ORDER BY attnum) FROM pg_attribute WHERE attrelid = relation AND attnum > 0
$$;

-- The place of the column that a table is spread by among the columns of a key; 0 when it is not there.
CREATE FUNCTION shim.place(wanted regclass, columns smallint[]) RETURNS integer LANGUAGE sql AS $$
    SELECT coalesce(array_position(columns, attnum), 0) FROM shim.tables JOIN pg_attribute ON attrelid = relation
    WHERE relation = wanted AND attname = spread_by
$$;

CREATE FUNCTION shim.refuse(rule text, relation regclass, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'citus: %: %: %', rule, relation, what USING ERRCODE = 'feature_not_supported';
END
$$;

-- Everything that Citus demands of a distributed table.
CREATE FUNCTION shim.check(known shim.tables) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT tgname FROM pg_trigger WHERE tgrelid = known.relation AND NOT tgisinternal LOOP
        PERFORM shim.refuse('trigger', known.relation, one.tgname);
    END LOOP;
    FOR one IN SELECT polname FROM pg_policy WHERE polrelid = known.relation AND concat(polqual, polwithcheck) ~ 'SUBLINK' LOOP
        PERFORM shim.refuse('policy with a sub-select', known.relation, one.polname);
    END LOOP;
    FOR one IN SELECT attname FROM pg_attribute WHERE attrelid = known.relation AND attacl IS NOT NULL LOOP
        PERFORM shim.refuse('right on a column', known.relation, one.attname);
    END LOOP;
    IF known.storage <> shim.storage(known.relation) THEN
        PERFORM shim.refuse('storage changed', known.relation, known.storage);
    END IF;
    IF known.spread_by IS NOT NULL THEN
        FOR one IN SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = known.relation AND indisunique
                   AND shim.place(known.relation, string_to_array(indkey::text, ' ')::smallint[]) = 0 LOOP
            PERFORM shim.refuse('unique without the tenant', known.relation, one.name);
        END LOOP;
    END IF;
    FOR one IN SELECT conname, conkey, confkey, confdeltype, parent.*, confrelid FROM pg_constraint
               LEFT JOIN shim.tables parent ON parent.relation = confrelid WHERE conrelid = known.relation AND contype = 'f' LOOP
        IF one.relation IS NULL THEN
            PERFORM shim.refuse('reference to a local table', known.relation, one.conname);
        ELSIF known.spread_by IS NULL AND one.spread_by IS NOT NULL THEN
            PERFORM shim.refuse('reference from a copied to a spread table', known.relation, one.conname);
        ELSIF one.spread_by IS NULL AND current_setting('citus.multi_shard_modify_mode', true) <> 'sequential' THEN
            PERFORM shim.refuse('parallel mode', known.relation, one.conname);
        ELSIF one.spread_by IS NOT NULL AND one.beside <> known.beside THEN
            PERFORM shim.refuse('reference to another group', known.relation, one.conname);
        ELSIF one.spread_by IS NOT NULL AND (shim.place(known.relation, one.conkey) = 0
            OR shim.place(known.relation, one.conkey) <> shim.place(one.confrelid, one.confkey)) THEN
            PERFORM shim.refuse('reference without the tenant', known.relation, one.conname);
        ELSIF one.confdeltype IN ('n', 'd') AND shim.place(known.relation, one.conkey) > 0 THEN
            PERFORM shim.refuse('set null with the tenant', known.relation, one.conname);
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION shim.add(added regclass, column_name name, first regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    known shim.tables;
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = added AND conrelid <> added) THEN
        PERFORM shim.refuse('distributed after a child', added, '');
    END IF;
    INSERT INTO shim.tables VALUES (added, column_name, first, shim.storage(added)) RETURNING * INTO known;
    PERFORM shim.check(known);
END
$$;

CREATE FUNCTION pg_catalog.create_reference_table(table_name regclass) RETURNS void LANGUAGE sql AS $$
    SELECT shim.add(table_name, NULL, NULL)
$$;

CREATE FUNCTION pg_catalog.create_distributed_table(
    table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first regclass := CASE colocate_with WHEN 'none' THEN table_name ELSE colocate_with::regclass END;
BEGIN
    IF first <> table_name AND NOT EXISTS (SELECT FROM shim.tables WHERE tables.relation = first AND spread_by IS NOT NULL) THEN
        PERFORM shim.refuse('beside a table that is not spread', table_name, colocate_with);
    END IF;
    PERFORM shim.add(table_name, distribution_column::name, first);
END
$$;

-- After each change: the distributed tables still are what Citus demands, and no plain table refers to one.
CREATE FUNCTION shim.changed() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT conrelid::regclass AS child, conname FROM pg_constraint JOIN shim.tables ON relation = confrelid
               WHERE contype = 'f' AND conrelid NOT IN (SELECT relation FROM shim.tables) LOOP
        PERFORM shim.refuse('reference from a local table', one.child, one.conname);
    END LOOP;
    PERFORM shim.check(known) FROM shim.tables known;
END
$$;
CREATE EVENT TRIGGER shim_changed ON ddl_command_end EXECUTE FUNCTION shim.changed();
