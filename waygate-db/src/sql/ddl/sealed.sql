-- The tenant's seal: what a session sets beside its tenant, and only the application can make. The keys stand here as
-- HMAC pads them, because the server has SHA-256 and no HMAC; no login can read them.
CREATE TABLE waygate.seal_keys (
    id         text        NOT NULL,
    inner_pad  bytea       NOT NULL CHECK (octet_length(inner_pad) = 64),
    outer_pad  bytea       NOT NULL CHECK (octet_length(outer_pad) = 64),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seal_keys_pkey PRIMARY KEY (id)
);
ALTER TABLE waygate.seal_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY seal_keys_owner ON waygate.seal_keys TO waygate_owner USING (true) WITH CHECK (true);
CREATE POLICY seal_keys_login ON waygate.seal_keys FOR SELECT TO waygate_login USING (true);
REVOKE ALL ON waygate.seal_keys FROM PUBLIC, waygate_app, waygate_service, waygate_login;
GRANT USAGE ON SCHEMA waygate TO waygate_login;
GRANT SELECT (id, inner_pad, outer_pad) ON waygate.seal_keys TO waygate_login;

-- The session's tenant, if its seal is by one of the keys and not yet over; else an error. A seal reads
-- <key id>.<expiry in Unix seconds>.<HMAC-SHA-256 in hex>.
CREATE FUNCTION waygate.sealed_tenant() RETURNS uuid
    LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tenant uuid := current_setting('waygate.tenant_id')::uuid;
    seal text[] := string_to_array(current_setting('waygate.tenant_seal', true), '.');
    message bytea := convert_to('waygate tenant seal v1:' || tenant || ':' || seal[2], 'UTF8');
    mac text;
BEGIN
    SELECT encode(sha256(outer_pad || sha256(inner_pad || message)), 'hex') INTO mac
        FROM waygate.seal_keys WHERE id = seal[1];
    IF mac IS NULL OR mac IS DISTINCT FROM seal[3] OR to_timestamp(seal[2]::bigint) < now() THEN
        RAISE EXCEPTION 'the tenant is not sealed, or not by this application' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN tenant;
END
$$;
REVOKE ALL ON FUNCTION waygate.sealed_tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION waygate.sealed_tenant() TO waygate_app;
GRANT CREATE ON SCHEMA waygate TO waygate_login;
ALTER FUNCTION waygate.sealed_tenant() OWNER TO waygate_login;
REVOKE CREATE ON SCHEMA waygate FROM waygate_login;

