-- A tenant's API key is replaced without an interruption: the key before opens the door until a time of its own.
ALTER TABLE public.tenants
    ADD COLUMN previous_api_key_hash       varchar(255),
    ADD COLUMN previous_api_key_expires_at timestamptz;

CREATE UNIQUE INDEX tenants_previous_api_key_hash_idx ON public.tenants (previous_api_key_hash);

-- The service alone writes the two: the app would extend a key that was meant to end.
GRANT INSERT (previous_api_key_hash, previous_api_key_expires_at),
    UPDATE (previous_api_key_hash, previous_api_key_expires_at)
    ON public.tenants TO waygate_service;

-- Login. The function stays waygate_login's, of which the migration's role is a member: replacing keeps owner and grants.
GRANT SELECT (previous_api_key_hash, previous_api_key_expires_at) ON public.tenants TO waygate_login;
CREATE OR REPLACE FUNCTION waygate.tenant_for_key(key_hash text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT id FROM public.tenants
    WHERE waygate_api_key_hash = key_hash
       OR (previous_api_key_hash = key_hash AND previous_api_key_expires_at > now())
$$;
