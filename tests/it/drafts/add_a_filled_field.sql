-- Add a filled field
--
-- Creates column integrations.label.
-- Changes the rights on table integrations.

-- waygate:step tx
ALTER TABLE public.integrations ADD COLUMN label text;
GRANT INSERT (label), UPDATE (label) ON public.integrations TO waygate_app;
GRANT INSERT (label), UPDATE (label) ON public.integrations TO waygate_service;
COMMENT ON COLUMN public.integrations.label IS 'What stands in reports.';

-- waygate:step backfill table=public.integrations key=id batch=1000
UPDATE public.integrations SET label = upper(slug) WHERE label IS NULL AND {batch};

-- waygate:step tx
-- waygate:assert no row has NULL in integrations.label
SELECT NOT EXISTS (SELECT FROM public.integrations WHERE label IS NULL);
ALTER TABLE public.integrations ADD CONSTRAINT integrations_label_not_null CHECK (label IS NOT NULL) NOT VALID;

-- waygate:step tx
ALTER TABLE public.integrations VALIDATE CONSTRAINT integrations_label_not_null;

-- waygate:step tx
ALTER TABLE public.integrations ALTER COLUMN label SET NOT NULL;
ALTER TABLE public.integrations DROP CONSTRAINT integrations_label_not_null;
