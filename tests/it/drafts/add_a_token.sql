-- Add a token
--
-- Creates column integrations.token.
-- Changes the rights on table integrations.

-- waygate:step tx
ALTER TABLE public.integrations ADD COLUMN token uuid;
ALTER TABLE public.integrations ALTER COLUMN token SET DEFAULT gen_random_uuid();
GRANT INSERT (token), UPDATE (token) ON public.integrations TO waygate_app;
GRANT INSERT (token), UPDATE (token) ON public.integrations TO waygate_service;
COMMENT ON COLUMN public.integrations.token IS 'What webhooks call it.';

-- waygate:step backfill table=public.integrations key=id batch=1000
UPDATE public.integrations SET token = gen_random_uuid() WHERE token IS NULL AND {batch};

-- waygate:step tx
-- waygate:assert no row has NULL in integrations.token
SELECT NOT EXISTS (SELECT FROM public.integrations WHERE token IS NULL);
ALTER TABLE public.integrations ADD CONSTRAINT integrations_token_not_null CHECK (token IS NOT NULL) NOT VALID;

-- waygate:step tx
ALTER TABLE public.integrations VALIDATE CONSTRAINT integrations_token_not_null;

-- waygate:step tx
ALTER TABLE public.integrations ALTER COLUMN token SET NOT NULL;
ALTER TABLE public.integrations DROP CONSTRAINT integrations_token_not_null;
