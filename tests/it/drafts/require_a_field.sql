-- Require a field
--
-- Requires column request_logs.status_code.
-- Creates index request_logs.logs_status_code_idx.

-- waygate:step backfill table=public.request_logs key=id batch=1000
UPDATE public.request_logs SET status_code = 599 WHERE status_code IS NULL AND {batch};

-- waygate:step autocommit
CREATE INDEX CONCURRENTLY logs_status_code_idx ON public.request_logs USING btree (status_code);

-- waygate:step tx
-- waygate:assert no row has NULL in request_logs.status_code
SELECT NOT EXISTS (SELECT FROM public.request_logs WHERE status_code IS NULL);
ALTER TABLE public.request_logs ADD CONSTRAINT request_logs_status_code_not_null CHECK (status_code IS NOT NULL) NOT VALID;

-- waygate:step tx
ALTER TABLE public.request_logs VALIDATE CONSTRAINT request_logs_status_code_not_null;

-- waygate:step tx
ALTER TABLE public.request_logs ALTER COLUMN status_code SET NOT NULL;
ALTER TABLE public.request_logs DROP CONSTRAINT request_logs_status_code_not_null;
