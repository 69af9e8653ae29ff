-- Add a field
--
-- Creates column integrations.region.
-- Creates column integrations.rate_limit.
-- Changes the rights on table integrations.

ALTER TABLE public.integrations ADD COLUMN region character varying(40);
ALTER TABLE public.integrations ADD COLUMN rate_limit integer NOT NULL DEFAULT 60;
GRANT INSERT (rate_limit, region), UPDATE (rate_limit, region) ON public.integrations TO waygate_app;
GRANT INSERT (rate_limit, region), UPDATE (rate_limit, region) ON public.integrations TO waygate_service;
COMMENT ON COLUMN public.integrations.region IS 'Where its data stays.';
COMMENT ON COLUMN public.integrations.rate_limit IS 'How many calls a minute it takes.';
