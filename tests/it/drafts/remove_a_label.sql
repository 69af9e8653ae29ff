-- Remove a label
--
-- Removes error from enum integration_status.
-- Changes the comment of enum integration_status.
-- Changes the default of column integrations.status.
-- Changes the type of column integrations.status.
-- WARNING: removes label error of integration_status.

-- waygate:step tx
-- waygate:assert no row has error in integrations.status
SELECT NOT EXISTS (SELECT FROM public.integrations WHERE status::text IN ('error'));
ALTER TYPE public.integration_status RENAME TO integration_status__old;
CREATE TYPE public.integration_status AS ENUM ('draft', 'active', 'disabled');
COMMENT ON TYPE public.integration_status IS 'Whether an integration may be called.';

ALTER TABLE public.integrations ALTER COLUMN status DROP DEFAULT;
-- This writes public.integrations anew, and nobody else can use the table meanwhile.
ALTER TABLE public.integrations ALTER COLUMN status TYPE public.integration_status USING status::text::public.integration_status;
ALTER TABLE public.integrations ALTER COLUMN status SET DEFAULT 'draft'::public.integration_status;

-- waygate:step tx
DROP TYPE public.integration_status__old;
