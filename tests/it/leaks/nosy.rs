//! A trigger of the user's own that says all it sees, in the way that the row's first scope or tag asks for.

/// For `integration_credentials` and `integrations`, before each row and, if it asks for it, at COMMIT.
pub(super) const NOSY: &str = r"
CREATE FUNCTION public.nosy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen record;
    wish text;
BEGIN
    IF TG_OP = 'DELETE' THEN seen := OLD; ELSE seen := NEW; END IF;
    wish := to_jsonb(seen) -> TG_ARGV[0] ->> 0;
    IF TG_WHEN = 'AFTER' THEN
        IF wish = 'late' THEN RAISE EXCEPTION 'too late: %', seen; END IF;
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        IF wish = 'keep' THEN RAISE EXCEPTION 'kept: %', seen; END IF;
    ELSIF wish = 'raise' THEN
        RAISE EXCEPTION 'refused: %', seen USING DETAIL = seen::text, HINT = seen::text, TABLE = TG_TABLE_NAME, CONSTRAINT = 'nosy';
    ELSIF wish = 'raise as check' THEN RAISE EXCEPTION 'refused: %', seen USING ERRCODE = 'check_violation';
    ELSIF wish = 'assert' THEN ASSERT false, seen::text;
    ELSIF wish = 'syntax' THEN EXECUTE format('SELECT FROM %s', to_jsonb(seen) -> TG_ARGV[0] ->> 1);
    ELSIF wish = 'cast' THEN PERFORM seen::text::integer;
    ELSIF wish = 'warn' THEN RAISE WARNING 'look: %', seen;
    ELSIF wish = 'sleep' THEN PERFORM pg_sleep(30);
    ELSIF wish = 'kill' THEN PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(30);
    END IF;
    RETURN seen;
END $$;
CREATE TRIGGER nosy BEFORE INSERT OR UPDATE OR DELETE ON integration_credentials
    FOR EACH ROW EXECUTE FUNCTION nosy('scopes');
CREATE TRIGGER nosy BEFORE INSERT OR UPDATE OR DELETE ON integrations FOR EACH ROW EXECUTE FUNCTION nosy('tags');
CREATE CONSTRAINT TRIGGER nosy_late AFTER INSERT OR UPDATE ON integration_credentials DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION nosy('scopes');
CREATE CONSTRAINT TRIGGER nosy_late AFTER INSERT OR UPDATE ON integrations DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION nosy('tags');
";
