//! Rows of two tenants in every table.

/// As the owner writes them, whom the policies let through.
pub(super) const ROWS: &str = "
    INSERT INTO public.tenants (id, name, email, waygate_api_key_hash) VALUES
        ('00000000-0000-7000-8000-000000000001', 'Acme', 'a@acme.example', 'hash-1'),
        ('00000000-0000-7000-8000-000000000002', 'Globex', 'g@globex.example', 'hash-2');
    INSERT INTO public.integrations (id, tenant_id, name, slug, documentation_url, auth_type, status)
    SELECT ('00000000-0000-7000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid,
           ('00000000-0000-7000-8000-00000000000' || 1 + n % 2)::uuid,
           'Integration ' || n, 'slug-' || n, 'https://example.com/' || n, 'oauth2', 'active'
    FROM generate_series(1, 6) n;
    INSERT INTO public.actions (id, tenant_id, integration_id, name, slug, http_method, endpoint_template)
    SELECT (replace(id::text, '0000000001', '0000000002'))::uuid, tenant_id, id, 'Act', 'act', 'GET', '/'
    FROM public.integrations;
    INSERT INTO public.field_mappings (id, action_id, tenant_id, source_path, target_path, direction)
    SELECT (replace(id::text, '0000000002', '0000000003'))::uuid, id, tenant_id, '$.a', '$.b',
           CASE WHEN name < 'B' AND id::text < '00000000-0000-7000-8000-000000000204' THEN 'input' ELSE 'output' END::public.mapping_direction
    FROM public.actions;
    INSERT INTO public.request_logs (id, tenant_id, integration_id, action_id, request_summary, latency_ms, retry_count)
    SELECT (replace(id::text, '0000000002', '0000000004'))::uuid, tenant_id, integration_id, id,
           jsonb_build_object('n', right(id::text, 2)), 10 + right(id::text, 2)::integer, 1
    FROM public.actions;";
