-- The whole schema, for an empty database. Runs as waygate_owner, in one transaction, after the roles were created.

-- The library's own objects live in the schema waygate, the models' tables and enums in public.
CREATE SCHEMA IF NOT EXISTS waygate;
GRANT USAGE ON SCHEMA waygate TO waygate_app, waygate_service;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO waygate_app, waygate_service;

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
    IF current_user = 'waygate_service' AND current_setting('waygate.maintenance', true) = 'on' THEN
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
CREATE POLICY data_keys_app_read ON waygate.data_keys FOR SELECT TO waygate_app
    USING (scope IN ('app', (SELECT nullif(current_setting('waygate.tenant_id', true), '')::uuid::text)));
CREATE POLICY data_keys_app_insert ON waygate.data_keys FOR INSERT TO waygate_app
    WITH CHECK (scope = (SELECT current_setting('waygate.tenant_id')::uuid::text));
CREATE POLICY data_keys_service ON waygate.data_keys TO waygate_service USING (true) WITH CHECK (true);
CREATE POLICY data_keys_owner ON waygate.data_keys TO waygate_owner USING (true) WITH CHECK (true);

REVOKE ALL ON waygate.data_keys FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT, INSERT ON waygate.data_keys TO waygate_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON waygate.data_keys TO waygate_service;

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
CREATE POLICY key_jobs_service ON waygate.key_jobs TO waygate_service USING (true) WITH CHECK (true);
CREATE POLICY key_jobs_owner ON waygate.key_jobs TO waygate_owner USING (true) WITH CHECK (true);
ALTER TABLE waygate.quarantine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY quarantine_service ON waygate.quarantine TO waygate_service USING (true) WITH CHECK (true);
CREATE POLICY quarantine_owner ON waygate.quarantine TO waygate_owner USING (true) WITH CHECK (true);
REVOKE ALL ON waygate.key_jobs FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON waygate.key_jobs TO waygate_service;
REVOKE ALL ON waygate.quarantine FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON waygate.quarantine TO waygate_service;

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
CREATE POLICY service_log_service_read ON waygate.service_log FOR SELECT TO waygate_service USING (true);
CREATE POLICY service_log_service_insert ON waygate.service_log FOR INSERT TO waygate_service WITH CHECK (true);
CREATE POLICY service_log_owner ON waygate.service_log TO waygate_owner USING (true) WITH CHECK (true);

-- The service gives the reason; who and when are the server's to say.
REVOKE ALL ON waygate.service_log FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT, INSERT (reason) ON waygate.service_log TO waygate_service;

-- Enum types.
CREATE TYPE public.auth_type AS ENUM ('oauth2', 'api_key', 'basic', 'bearer', 'custom_header');
CREATE TYPE public.integration_status AS ENUM ('draft', 'active', 'error', 'disabled');
CREATE TYPE public.http_method AS ENUM ('GET', 'POST', 'PUT', 'PATCH', 'DELETE');
CREATE TYPE public.credential_type AS ENUM ('oauth2_tokens', 'api_key', 'basic', 'bearer');
CREATE TYPE public.credential_status AS ENUM ('active', 'expired', 'revoked', 'needs_reauth');
CREATE TYPE public.mapping_direction AS ENUM ('input', 'output');

COMMENT ON TYPE public.auth_type IS 'How the third party knows who calls.';

-- tenants (Tenant): each row is its own tenant, by id.
CREATE TABLE public.tenants (
    id                          uuid         NOT NULL DEFAULT gen_random_uuid(),
    name                        varchar(255) NOT NULL,
    email                       varchar(255) NOT NULL,
    waygate_api_key_hash        varchar(255) NOT NULL,
    settings                    jsonb        NOT NULL DEFAULT '{}',
    created_at                  timestamptz  NOT NULL DEFAULT now(),
    updated_at                  timestamptz  NOT NULL DEFAULT now(),
    previous_api_key_hash       varchar(255),
    previous_api_key_expires_at timestamptz,
    CONSTRAINT tenants_pkey PRIMARY KEY (id)
);

COMMENT ON TABLE public.tenants IS 'A customer of the gateway: each row is its own tenant.';
COMMENT ON COLUMN public.tenants.email IS 'Where to reach it; unique over all tenants.';
COMMENT ON COLUMN public.tenants.waygate_api_key_hash IS
    'Lower-case hex SHA-256 of its API key: keys are long and random, so a fast hash is right.';

CREATE UNIQUE INDEX tenants_email_idx ON public.tenants (email);
CREATE UNIQUE INDEX tenants_api_key_hash_idx ON public.tenants (waygate_api_key_hash);
CREATE UNIQUE INDEX tenants_previous_api_key_hash_idx ON public.tenants (previous_api_key_hash);

CREATE TRIGGER tenants_touch_updated_at BEFORE UPDATE ON public.tenants
    FOR EACH ROW EXECUTE FUNCTION waygate.touch_updated_at();

ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_app ON public.tenants TO waygate_app
    USING (id = (SELECT current_setting('waygate.tenant_id')::uuid))
    WITH CHECK (id = (SELECT current_setting('waygate.tenant_id')::uuid));
CREATE POLICY tenants_service ON public.tenants TO waygate_service USING (true) WITH CHECK (true);
CREATE POLICY tenants_owner ON public.tenants TO waygate_owner USING (true) WITH CHECK (true);

REVOKE ALL ON public.tenants FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT,
    UPDATE (name, settings)
    ON public.tenants TO waygate_app;
GRANT SELECT, DELETE,
    INSERT (id, name, email, waygate_api_key_hash, settings, created_at, updated_at, previous_api_key_hash,
            previous_api_key_expires_at),
    UPDATE (name, email, waygate_api_key_hash, settings, previous_api_key_hash, previous_api_key_expires_at)
    ON public.tenants TO waygate_service;

-- Login: the tenant of an API key, by the key's hash, without a tenant being set.
REVOKE ALL ON public.tenants FROM waygate_login;
GRANT USAGE ON SCHEMA public TO waygate_login;
GRANT SELECT (id, waygate_api_key_hash, previous_api_key_hash, previous_api_key_expires_at)
    ON public.tenants TO waygate_login;
CREATE POLICY tenants_login ON public.tenants FOR SELECT TO waygate_login USING (true);
CREATE FUNCTION waygate.tenant_for_key(key_hash text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT id FROM public.tenants
    WHERE waygate_api_key_hash = key_hash
       OR (previous_api_key_hash = key_hash AND previous_api_key_expires_at > now())
$$;
REVOKE ALL ON FUNCTION waygate.tenant_for_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION waygate.tenant_for_key(text) TO waygate_app;
GRANT CREATE ON SCHEMA waygate TO waygate_login;
ALTER FUNCTION waygate.tenant_for_key(text) OWNER TO waygate_login;
REVOKE CREATE ON SCHEMA waygate FROM waygate_login;

-- integrations (Integration): each row belongs to the tenant in tenant_id.
CREATE TABLE public.integrations (
    id                uuid                      NOT NULL DEFAULT gen_random_uuid(),
    tenant_id         uuid                      NOT NULL DEFAULT current_setting('waygate.tenant_id')::uuid,
    name              varchar(255)              NOT NULL,
    slug              varchar(100)              NOT NULL,
    description       text,
    documentation_url text,
    auth_type         public.auth_type          NOT NULL,
    auth_config       jsonb                     NOT NULL DEFAULT '{}',
    status            public.integration_status NOT NULL DEFAULT 'draft',
    tags              text[]                    NOT NULL DEFAULT '{}',
    metadata          jsonb                     NOT NULL DEFAULT '{}',
    created_at        timestamptz               NOT NULL DEFAULT now(),
    updated_at        timestamptz               NOT NULL DEFAULT now(),
    CONSTRAINT integrations_pkey PRIMARY KEY (id),
    CONSTRAINT integrations_tenant_id_id_key UNIQUE (tenant_id, id),
    CONSTRAINT integrations_tenant_id_fkey FOREIGN KEY (tenant_id)
        REFERENCES public.tenants (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX integrations_tenant_slug_idx ON public.integrations (tenant_id, slug);
CREATE INDEX integrations_status_idx ON public.integrations (status);
CREATE INDEX integrations_tags_idx ON public.integrations USING gin (tags);

CREATE TRIGGER integrations_touch_updated_at BEFORE UPDATE ON public.integrations
    FOR EACH ROW EXECUTE FUNCTION waygate.touch_updated_at();

ALTER TABLE public.integrations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY integrations_app ON public.integrations TO waygate_app
    USING (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid));
CREATE POLICY integrations_service ON public.integrations TO waygate_service USING (true) WITH CHECK (true);
CREATE POLICY integrations_owner ON public.integrations TO waygate_owner USING (true) WITH CHECK (true);

REVOKE ALL ON public.integrations FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT, DELETE,
    INSERT (id, name, slug, description, documentation_url, auth_type, auth_config, status, tags, metadata),
    UPDATE (name, slug, description, documentation_url, auth_type, auth_config, status, tags, metadata)
    ON public.integrations TO waygate_app;
GRANT SELECT, DELETE,
    INSERT (id, name, slug, description, documentation_url, auth_type, auth_config, status, tags, metadata,
            created_at, updated_at),
    UPDATE (name, slug, description, documentation_url, auth_type, auth_config, status, tags, metadata)
    ON public.integrations TO waygate_service;

-- actions (Action): each row belongs to the tenant in tenant_id.
CREATE TABLE public.actions (
    id                uuid               NOT NULL DEFAULT gen_random_uuid(),
    tenant_id         uuid               NOT NULL DEFAULT current_setting('waygate.tenant_id')::uuid,
    integration_id    uuid               NOT NULL,
    name              varchar(255)       NOT NULL,
    slug              varchar(100)       NOT NULL,
    description       text,
    http_method       public.http_method NOT NULL,
    endpoint_template text               NOT NULL,
    input_schema      jsonb              NOT NULL DEFAULT '{}',
    output_schema     jsonb              NOT NULL DEFAULT '{}',
    pagination_config jsonb,
    retry_config      jsonb,
    cacheable         boolean            NOT NULL DEFAULT false,
    cache_ttl_seconds integer,
    metadata          jsonb              NOT NULL DEFAULT '{}',
    created_at        timestamptz        NOT NULL DEFAULT now(),
    updated_at        timestamptz        NOT NULL DEFAULT now(),
    CONSTRAINT actions_pkey PRIMARY KEY (id),
    CONSTRAINT actions_tenant_id_id_key UNIQUE (tenant_id, id),
    CONSTRAINT actions_tenant_id_fkey FOREIGN KEY (tenant_id)
        REFERENCES public.tenants (id) ON DELETE CASCADE,
    CONSTRAINT actions_tenant_id_integration_id_fkey FOREIGN KEY (tenant_id, integration_id)
        REFERENCES public.integrations (tenant_id, id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX actions_integration_slug_idx ON public.actions (tenant_id, integration_id, slug);
CREATE INDEX actions_integration_id_idx ON public.actions (integration_id);

CREATE TRIGGER actions_touch_updated_at BEFORE UPDATE ON public.actions
    FOR EACH ROW EXECUTE FUNCTION waygate.touch_updated_at();

ALTER TABLE public.actions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY actions_app ON public.actions TO waygate_app
    USING (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid));
CREATE POLICY actions_service ON public.actions TO waygate_service USING (true) WITH CHECK (true);
CREATE POLICY actions_owner ON public.actions TO waygate_owner USING (true) WITH CHECK (true);

REVOKE ALL ON public.actions FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT, DELETE,
    INSERT (id, integration_id, name, slug, description, http_method, endpoint_template, input_schema,
            output_schema, pagination_config, retry_config, cacheable, cache_ttl_seconds, metadata),
    UPDATE (integration_id, name, slug, description, http_method, endpoint_template, input_schema,
            output_schema, pagination_config, retry_config, cacheable, cache_ttl_seconds, metadata)
    ON public.actions TO waygate_app;
GRANT SELECT, DELETE,
    INSERT (id, integration_id, name, slug, description, http_method, endpoint_template, input_schema,
            output_schema, pagination_config, retry_config, cacheable, cache_ttl_seconds, metadata,
            created_at, updated_at),
    UPDATE (integration_id, name, slug, description, http_method, endpoint_template, input_schema,
            output_schema, pagination_config, retry_config, cacheable, cache_ttl_seconds, metadata)
    ON public.actions TO waygate_service;

-- integration_credentials (IntegrationCredential): each row belongs to the tenant in tenant_id.
CREATE TABLE public.integration_credentials (
    id                      uuid                     NOT NULL DEFAULT gen_random_uuid(),
    integration_id          uuid                     NOT NULL,
    tenant_id               uuid                     NOT NULL DEFAULT current_setting('waygate.tenant_id')::uuid,
    credential_type         public.credential_type   NOT NULL,
    encrypted_data          waygate.encrypted        NOT NULL,
    expires_at              timestamptz,
    encrypted_refresh_token waygate.encrypted,
    scopes                  text[]                   NOT NULL DEFAULT '{}',
    status                  public.credential_status NOT NULL DEFAULT 'active',
    created_at              timestamptz              NOT NULL DEFAULT now(),
    updated_at              timestamptz              NOT NULL DEFAULT now(),
    CONSTRAINT integration_credentials_pkey PRIMARY KEY (id),
    CONSTRAINT integration_credentials_tenant_id_id_key UNIQUE (tenant_id, id),
    CONSTRAINT integration_credentials_tenant_id_integration_id_fkey FOREIGN KEY (tenant_id, integration_id)
        REFERENCES public.integrations (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT integration_credentials_tenant_id_fkey FOREIGN KEY (tenant_id)
        REFERENCES public.tenants (id) ON DELETE CASCADE
);
ALTER TABLE public.integration_credentials
    ALTER COLUMN encrypted_data SET STORAGE EXTERNAL,
    ALTER COLUMN encrypted_refresh_token SET STORAGE EXTERNAL;

CREATE INDEX credentials_integration_id_idx ON public.integration_credentials (integration_id);
CREATE INDEX credentials_tenant_id_idx ON public.integration_credentials (tenant_id);
CREATE INDEX credentials_expires_at_idx ON public.integration_credentials (expires_at) WHERE status = 'active';

CREATE TRIGGER integration_credentials_touch_updated_at BEFORE UPDATE ON public.integration_credentials
    FOR EACH ROW EXECUTE FUNCTION waygate.touch_updated_at();

ALTER TABLE public.integration_credentials ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY integration_credentials_app ON public.integration_credentials TO waygate_app
    USING (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid));
CREATE POLICY integration_credentials_service ON public.integration_credentials TO waygate_service
    USING (true) WITH CHECK (true);
CREATE POLICY integration_credentials_owner ON public.integration_credentials TO waygate_owner
    USING (true) WITH CHECK (true);

REVOKE ALL ON public.integration_credentials FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT, DELETE,
    INSERT (id, integration_id, credential_type, encrypted_data, expires_at, encrypted_refresh_token,
            scopes, status),
    UPDATE (integration_id, credential_type, encrypted_data, expires_at, encrypted_refresh_token, scopes,
            status)
    ON public.integration_credentials TO waygate_app;
GRANT SELECT, DELETE,
    INSERT (id, integration_id, credential_type, encrypted_data, expires_at, encrypted_refresh_token,
            scopes, status, created_at, updated_at),
    UPDATE (integration_id, credential_type, encrypted_data, expires_at, encrypted_refresh_token, scopes,
            status)
    ON public.integration_credentials TO waygate_service;

-- field_mappings (FieldMapping): each row belongs to the tenant of its parent, through action_id.
-- tenant_id may be left NULL; where it is set, it is that tenant.
CREATE TABLE public.field_mappings (
    id               uuid                     NOT NULL DEFAULT gen_random_uuid(),
    action_id        uuid                     NOT NULL,
    tenant_id        uuid,
    source_path      varchar(255)             NOT NULL,
    target_path      varchar(255)             NOT NULL,
    transform_config jsonb,
    direction        public.mapping_direction NOT NULL,
    created_at       timestamptz              NOT NULL DEFAULT now(),
    CONSTRAINT field_mappings_pkey PRIMARY KEY (id),
    CONSTRAINT field_mappings_action_id_fkey FOREIGN KEY (action_id)
        REFERENCES public.actions (id) ON DELETE CASCADE,
    CONSTRAINT field_mappings_tenant_id_action_id_fkey FOREIGN KEY (tenant_id, action_id)
        REFERENCES public.actions (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX mappings_action_tenant_idx ON public.field_mappings (action_id, tenant_id);

ALTER TABLE public.field_mappings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY field_mappings_app ON public.field_mappings TO waygate_app
    USING (EXISTS (SELECT FROM public.actions WHERE actions.id = field_mappings.action_id))
    WITH CHECK (EXISTS (SELECT FROM public.actions WHERE actions.id = field_mappings.action_id));
CREATE POLICY field_mappings_service ON public.field_mappings TO waygate_service
    USING (true) WITH CHECK (true);
CREATE POLICY field_mappings_owner ON public.field_mappings TO waygate_owner USING (true) WITH CHECK (true);

REVOKE ALL ON public.field_mappings FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT, DELETE,
    INSERT (id, action_id, tenant_id, source_path, target_path, transform_config, direction),
    UPDATE (action_id, tenant_id, source_path, target_path, transform_config, direction)
    ON public.field_mappings TO waygate_app;
GRANT SELECT, DELETE,
    INSERT (id, action_id, tenant_id, source_path, target_path, transform_config, direction, created_at),
    UPDATE (action_id, tenant_id, source_path, target_path, transform_config, direction)
    ON public.field_mappings TO waygate_service;

-- request_logs (RequestLog): each row belongs to the tenant in tenant_id.
-- Append-only: rows are inserted and read, never changed.
CREATE TABLE public.request_logs (
    id               uuid        NOT NULL DEFAULT gen_random_uuid(),
    tenant_id        uuid        NOT NULL DEFAULT current_setting('waygate.tenant_id')::uuid,
    integration_id   uuid        NOT NULL,
    action_id        uuid        NOT NULL,
    request_summary  jsonb       NOT NULL,
    response_summary jsonb,
    status_code      integer,
    latency_ms       integer     NOT NULL,
    retry_count      integer     NOT NULL DEFAULT 0,
    error            jsonb,
    created_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT request_logs_pkey PRIMARY KEY (id),
    CONSTRAINT request_logs_tenant_id_id_key UNIQUE (tenant_id, id),
    CONSTRAINT request_logs_tenant_id_fkey FOREIGN KEY (tenant_id)
        REFERENCES public.tenants (id) ON DELETE CASCADE,
    CONSTRAINT request_logs_tenant_id_integration_id_fkey FOREIGN KEY (tenant_id, integration_id)
        REFERENCES public.integrations (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT request_logs_tenant_id_action_id_fkey FOREIGN KEY (tenant_id, action_id)
        REFERENCES public.actions (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX logs_tenant_created_idx ON public.request_logs (tenant_id, created_at DESC);
CREATE INDEX logs_integration_created_idx ON public.request_logs (integration_id, created_at DESC);
CREATE INDEX logs_action_created_idx ON public.request_logs (action_id, created_at DESC);

ALTER TABLE public.request_logs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY request_logs_app ON public.request_logs TO waygate_app
    USING (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('waygate.tenant_id')::uuid));
CREATE POLICY request_logs_service ON public.request_logs TO waygate_service USING (true) WITH CHECK (true);
CREATE POLICY request_logs_owner ON public.request_logs TO waygate_owner USING (true) WITH CHECK (true);

REVOKE ALL ON public.request_logs FROM PUBLIC, waygate_app, waygate_service;
GRANT SELECT,
    INSERT (id, integration_id, action_id, request_summary, response_summary, status_code, latency_ms,
            retry_count, error)
    ON public.request_logs TO waygate_app;
GRANT SELECT, DELETE,
    INSERT (id, integration_id, action_id, request_summary, response_summary, status_code, latency_ms,
            retry_count, error, created_at)
    ON public.request_logs TO waygate_service;
