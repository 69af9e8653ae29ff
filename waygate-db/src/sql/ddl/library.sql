-- The whole schema, for an empty database. Runs as waygate_owner, in one transaction, after the roles were created.

-- The library's own objects live in the schema waygate, the models' tables and enums in public.
CREATE SCHEMA IF NOT EXISTS waygate;
GRANT USAGE ON SCHEMA waygate TO <users of waygate>;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO <users of public>;

<seals>
-- What an encrypted column holds: a sealed value, known by its first bytes. Plaintext is refused, and the error of a
-- domain names no value, as a table's check would.
CREATE DOMAIN waygate.encrypted AS bytea
    CONSTRAINT encrypted_is_sealed
    CHECK (VALUE IS NULL OR (octet_length(VALUE) >= 48 AND substring(VALUE FROM 1 FOR 2) = '\xf901'));

-- Keeps updated_at at the time of the transaction that last changed the row. The service's maintenance, which seals
-- values anew without changing them, leaves it alone.
CREATE FUNCTION waygate.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_user = '<service>' AND current_setting('waygate.maintenance', true) = 'on' THEN
        NEW.updated_at := OLD.updated_at;
    ELSE
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION waygate.touch_updated_at() FROM PUBLIC;

-- The data keys that seal the encrypted columns, each wrapped by a key that is never in the database. A scope is a
-- tenant's id, or 'app' for what belongs to none.
CREATE TABLE waygate.data_keys (
    key_id       bytea       NOT NULL CHECK (octet_length(key_id) = 16),
    commitment   bytea       NOT NULL CHECK (octet_length(commitment) = 32),
    scope        text        NOT NULL,
    purpose      smallint    NOT NULL,
    version      integer     NOT NULL,
    state        text        NOT NULL CHECK (state IN ('pending', 'active', 'decrypt_only', 'destroyed')),
    provider     text        NOT NULL,
    kek_id       text        NOT NULL,
    wrapped      bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    activated_at timestamptz,
    retired_at   timestamptz,
    destroyed_at timestamptz,
    kek_check    bytea       CHECK (octet_length(kek_check) = 8),
    CONSTRAINT data_keys_pkey PRIMARY KEY (key_id),
    CONSTRAINT data_keys_scope_purpose_version_key UNIQUE (scope, purpose, version),
    CONSTRAINT data_keys_destroyed_is_empty CHECK ((state = 'destroyed') = (wrapped IS NULL))
);

-- One active key per scope and purpose: of two sessions that make the first one, one wins.
CREATE UNIQUE INDEX data_keys_active_idx ON waygate.data_keys (scope, purpose) WHERE state = 'active';

-- A session without a tenant reads the keys of 'app' and no other, so this one policy asks for the tenant leniently.
ALTER TABLE waygate.data_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY data_keys_app_read ON waygate.data_keys FOR SELECT TO <app>
    USING (scope IN ('app', <tenant or null>));
CREATE POLICY data_keys_app_insert ON waygate.data_keys FOR INSERT TO <app>
    WITH CHECK (scope = <tenant>);
CREATE POLICY data_keys_service ON waygate.data_keys TO <service> USING (true) WITH CHECK (true);
CREATE POLICY data_keys_owner ON waygate.data_keys TO waygate_owner USING (true) WITH CHECK (true);

REVOKE ALL ON waygate.data_keys FROM PUBLIC, <app>, <service>;
GRANT SELECT, INSERT ON waygate.data_keys TO <app>;
GRANT SELECT, INSERT, UPDATE, DELETE ON waygate.data_keys TO <service>;

-- Jobs over sealed cells, as sealing them anew: a row for each part of a table's keys that one worker takes. A part
-- holds the keys after low and up to high; a run that was killed goes on after last_key.
CREATE TABLE waygate.key_jobs (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    run          uuid        NOT NULL,
    kind         text        NOT NULL,
    table_name   text        NOT NULL,
    scope        text,
    part         integer     NOT NULL,
    parts        integer     NOT NULL,
    low          uuid,
    high         uuid,
    last_key     uuid,
    expected     bigint      NOT NULL DEFAULT 0,
    done         bigint      NOT NULL DEFAULT 0,
    skipped      bigint      NOT NULL DEFAULT 0,
    raced        bigint      NOT NULL DEFAULT 0,
    quarantined  bigint      NOT NULL DEFAULT 0,
    state        text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'finished')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    heartbeat_at timestamptz,
    finished_at  timestamptz,
    CONSTRAINT key_jobs_pkey PRIMARY KEY (id),
    CONSTRAINT key_jobs_run_table_name_part_key UNIQUE (run, table_name, part)
);

-- Cells that did not open: where they are and why, and never their bytes.
CREATE TABLE waygate.quarantine (
    table_name  text        NOT NULL,
    column_name text        NOT NULL,
    row_key     uuid        NOT NULL,
    key_id      bytea,
    reason      text        NOT NULL,
    found_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT quarantine_pkey PRIMARY KEY (table_name, column_name, row_key)
);

-- Both are the service's, which alone runs such jobs.
ALTER TABLE waygate.key_jobs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY key_jobs_service ON waygate.key_jobs TO <service> USING (true) WITH CHECK (true);
CREATE POLICY key_jobs_owner ON waygate.key_jobs TO waygate_owner USING (true) WITH CHECK (true);
ALTER TABLE waygate.quarantine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY quarantine_service ON waygate.quarantine TO <service> USING (true) WITH CHECK (true);
CREATE POLICY quarantine_owner ON waygate.quarantine TO waygate_owner USING (true) WITH CHECK (true);
REVOKE ALL ON waygate.key_jobs FROM PUBLIC, <app>, <service>;
GRANT SELECT, INSERT, UPDATE, DELETE ON waygate.key_jobs TO <service>;
REVOKE ALL ON waygate.quarantine FROM PUBLIC, <app>, <service>;
GRANT SELECT, INSERT, UPDATE, DELETE ON waygate.quarantine TO <service>;

-- Why the service was used, and when: one row for each reason that a program gave.
CREATE TABLE waygate.service_log (
    id          uuid        NOT NULL DEFAULT gen_random_uuid(),
    reason      text        NOT NULL,
    application text        NOT NULL DEFAULT current_setting('application_name'),
    role        name        NOT NULL DEFAULT session_user,
    at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT service_log_pkey PRIMARY KEY (id)
);

ALTER TABLE waygate.service_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY service_log_service_read ON waygate.service_log FOR SELECT TO <service> USING (true);
CREATE POLICY service_log_service_insert ON waygate.service_log FOR INSERT TO <service> WITH CHECK (true);
CREATE POLICY service_log_owner ON waygate.service_log TO waygate_owner USING (true) WITH CHECK (true);

-- The service gives the reason; who and when are the server's to say.
REVOKE ALL ON waygate.service_log FROM PUBLIC, <app>, <service>;
GRANT SELECT, INSERT (reason) ON waygate.service_log TO <service>;
