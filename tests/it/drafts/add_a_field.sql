-- add a field
--
-- Creates column integrations.region.
-- Creates column integrations.rate_limit.
-- Changes the rights on table integrations.

ALTER TABLE public.integrations ADD COLUMN region character varying(40);
ALTER TABLE public.integrations ADD COLUMN rate_limit integer NOT NULL DEFAULT 60;
GRANT INSERT (rate_limit, region), UPDATE (rate_limit, region) ON public.integrations TO waygate_app;
GRANT INSERT (rate_limit, region), UPDATE (rate_limit, region) ON public.integrations TO waygate_service;
