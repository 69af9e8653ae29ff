-- Closes every new table in public at once: until it has a policy, only a superuser reads or writes it, not even its
-- owner. Extensions' own tables are left alone, because their functions read them as whoever calls.
CREATE OR REPLACE FUNCTION waygate.enable_row_security() RETURNS event_trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made regclass;
BEGIN
    FOR made IN
        SELECT DISTINCT command.objid::regclass
        FROM pg_event_trigger_ddl_commands() command JOIN pg_class ON pg_class.oid = command.objid
        WHERE command.classid = 'pg_class'::regclass AND command.schema_name = 'public' AND NOT command.in_extension
          AND command.command_tag IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO') AND relkind IN ('r', 'p')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made);
    END LOOP;
END
$$;
-- It runs as whoever creates a table, a superuser among them, so nobody else may own its text.
ALTER FUNCTION waygate.enable_row_security() OWNER TO CURRENT_USER;
REVOKE ALL ON FUNCTION waygate.enable_row_security() FROM PUBLIC;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'waygate_row_security') THEN
        CREATE EVENT TRIGGER waygate_row_security ON ddl_command_end
            WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')
            EXECUTE FUNCTION waygate.enable_row_security();
    END IF;
    -- Somebody may have switched it off to restore a dump, and forgotten it.
    IF EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'waygate_row_security' AND evtenabled = 'D') THEN
        ALTER EVENT TRIGGER waygate_row_security ENABLE;
    END IF;
END
$$;
