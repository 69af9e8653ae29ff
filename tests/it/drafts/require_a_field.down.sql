-- The way back: require a field
--
-- Drops index request_logs.logs_status_code_idx.
-- Makes column request_logs.status_code optional.

-- waygate:step tx
ALTER TABLE public.request_logs ALTER COLUMN status_code DROP NOT NULL;

-- waygate:step autocommit
DROP INDEX CONCURRENTLY public.logs_status_code_idx;
