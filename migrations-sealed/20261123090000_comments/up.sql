-- What the models' doc comments say of types, tables and columns, for other readers of the database.
COMMENT ON TYPE public.auth_type IS 'How the third party knows who calls.';
COMMENT ON TYPE public.integration_status IS 'Whether an integration may be called.';
COMMENT ON TYPE public.http_method IS 'The HTTP method of a call.';
COMMENT ON TYPE public.credential_type IS 'What kind of secret a credential is.';
COMMENT ON TYPE public.credential_status IS 'Whether a credential can be used.';
COMMENT ON TYPE public.mapping_direction IS 'Which way a mapping works.';

COMMENT ON TABLE public.tenants IS 'A customer of the gateway: each row is its own tenant.';
COMMENT ON COLUMN public.tenants.id IS 'The tenant.';
COMMENT ON COLUMN public.tenants.name IS 'What people call it.';
COMMENT ON COLUMN public.tenants.email IS 'Where to reach it; unique over all tenants.';
COMMENT ON COLUMN public.tenants.waygate_api_key_hash IS
    'Lower-case hex SHA-256 of its API key: keys are long and random, so a fast hash is right.';
COMMENT ON COLUMN public.tenants.settings IS 'Rate limits and the like.';
COMMENT ON COLUMN public.tenants.created_at IS 'When it signed up.';
COMMENT ON COLUMN public.tenants.updated_at IS 'When it last changed.';
COMMENT ON COLUMN public.tenants.previous_api_key_hash IS
    'The hash of the API key that the present one replaced.';
COMMENT ON COLUMN public.tenants.previous_api_key_expires_at IS 'Until when that key opens the door too.';

COMMENT ON TABLE public.integrations IS 'A connection to a third-party API.';
COMMENT ON COLUMN public.integrations.id IS 'The key.';
COMMENT ON COLUMN public.integrations.tenant_id IS 'Whose it is.';
COMMENT ON COLUMN public.integrations.name IS 'What people call it.';
COMMENT ON COLUMN public.integrations.slug IS 'What URLs call it; unique in its tenant.';
COMMENT ON COLUMN public.integrations.description IS 'What it is for.';
COMMENT ON COLUMN public.integrations.documentation_url IS 'The third party''s manual.';
COMMENT ON COLUMN public.integrations.auth_type IS 'How the third party knows who calls.';
COMMENT ON COLUMN public.integrations.auth_config IS 'Endpoints and scopes; nothing secret.';
COMMENT ON COLUMN public.integrations.status IS 'Whether it may be called.';
COMMENT ON COLUMN public.integrations.tags IS 'Words to find it by.';
COMMENT ON COLUMN public.integrations.metadata IS 'Whatever else the tenant keeps with it.';
COMMENT ON COLUMN public.integrations.created_at IS 'When it was made.';
COMMENT ON COLUMN public.integrations.updated_at IS 'When it last changed.';

COMMENT ON TABLE public.actions IS 'One thing an integration can do: an endpoint with typed input and output.';
COMMENT ON COLUMN public.actions.id IS 'The key.';
COMMENT ON COLUMN public.actions.tenant_id IS
    'Whose it is: its integration''s tenant, held to it by the composite foreign key.';
COMMENT ON COLUMN public.actions.integration_id IS 'The integration it is part of.';
COMMENT ON COLUMN public.actions.name IS 'What people call it.';
COMMENT ON COLUMN public.actions.slug IS 'What URLs call it; unique in its integration.';
COMMENT ON COLUMN public.actions.description IS 'What it does.';
COMMENT ON COLUMN public.actions.http_method IS 'The HTTP method.';
COMMENT ON COLUMN public.actions.endpoint_template IS 'The path, with parameters: `/users/{id}`.';
COMMENT ON COLUMN public.actions.input_schema IS 'JSON Schema of the input.';
COMMENT ON COLUMN public.actions.output_schema IS 'JSON Schema of the output.';
COMMENT ON COLUMN public.actions.pagination_config IS 'How the third party pages its answers.';
COMMENT ON COLUMN public.actions.retry_config IS 'When and how often to try again.';
COMMENT ON COLUMN public.actions.cacheable IS 'Whether answers may be kept.';
COMMENT ON COLUMN public.actions.cache_ttl_seconds IS 'For how many seconds.';
COMMENT ON COLUMN public.actions.metadata IS 'Whatever else the tenant keeps with it.';
COMMENT ON COLUMN public.actions.created_at IS 'When it was made.';
COMMENT ON COLUMN public.actions.updated_at IS 'When it last changed.';

COMMENT ON TABLE public.integration_credentials IS 'The secret that an integration is called with, sealed.';
COMMENT ON COLUMN public.integration_credentials.id IS 'The key.';
COMMENT ON COLUMN public.integration_credentials.integration_id IS 'The integration it opens.';
COMMENT ON COLUMN public.integration_credentials.tenant_id IS 'Whose it is.';
COMMENT ON COLUMN public.integration_credentials.credential_type IS 'What kind of secret it is.';
COMMENT ON COLUMN public.integration_credentials.encrypted_data IS 'The secret.';
COMMENT ON COLUMN public.integration_credentials.expires_at IS 'When it stops working, if it does.';
COMMENT ON COLUMN public.integration_credentials.encrypted_refresh_token IS 'The token that gets a new one.';
COMMENT ON COLUMN public.integration_credentials.scopes IS 'What it may be used for.';
COMMENT ON COLUMN public.integration_credentials.status IS 'Whether it can be used.';
COMMENT ON COLUMN public.integration_credentials.created_at IS 'When it was made.';
COMMENT ON COLUMN public.integration_credentials.updated_at IS 'When it last changed.';

COMMENT ON TABLE public.field_mappings IS 'How a field of one side becomes a field of the other.

The row belongs to whoever owns the action. Without a `tenant_id` it is the action''s default; with one, which can
only be the owner, it overrides the default.';
COMMENT ON COLUMN public.field_mappings.id IS 'The key.';
COMMENT ON COLUMN public.field_mappings.action_id IS 'The action it works for, and through which it is owned.';
COMMENT ON COLUMN public.field_mappings.tenant_id IS 'The owner, when this overrides the default.';
COMMENT ON COLUMN public.field_mappings.source_path IS 'Where the value comes from, as JSONPath.';
COMMENT ON COLUMN public.field_mappings.target_path IS 'Where the value goes, as JSONPath.';
COMMENT ON COLUMN public.field_mappings.transform_config IS 'What happens to the value on the way.';
COMMENT ON COLUMN public.field_mappings.direction IS 'Which way it works.';
COMMENT ON COLUMN public.field_mappings.created_at IS 'When it was made.';

COMMENT ON TABLE public.request_logs IS
    'One call of an action, as it went. Logs are inserted and read, never changed; they go with their action.';
COMMENT ON COLUMN public.request_logs.id IS 'The key.';
COMMENT ON COLUMN public.request_logs.tenant_id IS 'Whose it is.';
COMMENT ON COLUMN public.request_logs.integration_id IS 'The integration that was called.';
COMMENT ON COLUMN public.request_logs.action_id IS 'The action that was called.';
COMMENT ON COLUMN public.request_logs.request_summary IS 'What was asked, without secrets.';
COMMENT ON COLUMN public.request_logs.response_summary IS 'What was answered, without secrets.';
COMMENT ON COLUMN public.request_logs.status_code IS 'The HTTP status of the answer.';
COMMENT ON COLUMN public.request_logs.latency_ms IS 'How long it took.';
COMMENT ON COLUMN public.request_logs.retry_count IS 'How often it was tried again.';
COMMENT ON COLUMN public.request_logs.error IS 'What went wrong.';
COMMENT ON COLUMN public.request_logs.created_at IS 'When it happened.';
