-- A check value of the key that a data key is wrapped under, which tells a wrong key under the right name.
ALTER TABLE waygate.data_keys ADD COLUMN kek_check bytea CHECK (octet_length(kek_check) = 8);

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
CREATE POLICY key_jobs_service ON waygate.key_jobs TO service_role USING (true) WITH CHECK (true);
CREATE POLICY key_jobs_owner ON waygate.key_jobs TO waygate_owner USING (true) WITH CHECK (true);
ALTER TABLE waygate.quarantine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY quarantine_service ON waygate.quarantine TO service_role USING (true) WITH CHECK (true);
CREATE POLICY quarantine_owner ON waygate.quarantine TO waygate_owner USING (true) WITH CHECK (true);
REVOKE ALL ON waygate.key_jobs FROM PUBLIC, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON waygate.key_jobs TO service_role;
REVOKE ALL ON waygate.quarantine FROM PUBLIC, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON waygate.quarantine TO service_role;
