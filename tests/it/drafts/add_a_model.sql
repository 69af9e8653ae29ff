-- Add a model
--
-- Creates enum webhook_event.
-- Creates table webhooks.

CREATE TYPE public.webhook_event AS ENUM ('failed', 'expired');
COMMENT ON TYPE public.webhook_event IS 'What a webhook is about.';

-- webhooks (Webhook): each row belongs to the tenant in tenant_id.
CREATE TABLE public.webhooks (
    id             uuid                     NOT NULL DEFAULT gen_random_uuid(),
    tenant_id      uuid                     NOT NULL DEFAULT (current_setting('waygate.tenant_id'::text))::uuid,
    integration_id uuid                     NOT NULL,
    event          public.webhook_event     NOT NULL,
    url            text                     NOT NULL,
    created_at     timestamp with time zone NOT NULL DEFAULT now(),
    updated_at     timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT webhooks_pkey PRIMARY KEY (id),
    CONSTRAINT webhooks_tenant_id_id_key UNIQUE (tenant_id, id)
);
ALTER TABLE public.webhooks
    ADD CONSTRAINT webhooks_tenant_id_fkey FOREIGN KEY (tenant_id)
        REFERENCES public.tenants(id) ON DELETE CASCADE;
ALTER TABLE public.webhooks
    ADD CONSTRAINT webhooks_tenant_id_integration_id_fkey FOREIGN KEY (tenant_id, integration_id)
        REFERENCES public.integrations(tenant_id, id) ON DELETE CASCADE;
CREATE INDEX webhooks_integration_id_idx ON public.webhooks USING btree (integration_id);
CREATE TRIGGER webhooks_touch_updated_at BEFORE UPDATE ON public.webhooks
    FOR EACH ROW EXECUTE FUNCTION waygate.touch_updated_at();
ALTER TABLE public.webhooks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY webhooks_app ON public.webhooks TO waygate_app
    USING ((tenant_id = ( SELECT (current_setting('waygate.tenant_id'::text))::uuid AS current_setting)))
    WITH CHECK ((tenant_id = ( SELECT (current_setting('waygate.tenant_id'::text))::uuid AS current_setting)));
CREATE POLICY webhooks_owner ON public.webhooks TO waygate_owner USING (true) WITH CHECK (true);
CREATE POLICY webhooks_service ON public.webhooks TO waygate_service USING (true) WITH CHECK (true);
GRANT SELECT, DELETE,
    INSERT (event, id, integration_id, url),
    UPDATE (event, integration_id, url)
    ON public.webhooks TO waygate_app;
GRANT SELECT, DELETE,
    INSERT (created_at, event, id, integration_id, updated_at, url),
    UPDATE (event, integration_id, url)
    ON public.webhooks TO waygate_service;
COMMENT ON TABLE public.webhooks IS 'An address that is told what happens.';
COMMENT ON COLUMN public.webhooks.id IS 'The key.';
COMMENT ON COLUMN public.webhooks.tenant_id IS 'Whose it is.';
COMMENT ON COLUMN public.webhooks.integration_id IS 'The integration it is about.';
COMMENT ON COLUMN public.webhooks.event IS 'What it is told.';
COMMENT ON COLUMN public.webhooks.url IS 'Where.';
COMMENT ON COLUMN public.webhooks.created_at IS 'When it was made.';
COMMENT ON COLUMN public.webhooks.updated_at IS 'When it last changed.';
