-- Drop a field
--
-- Drops column request_logs.retry_count.
-- WARNING: drops column request_logs.retry_count with its values.

ALTER TABLE public.request_logs DROP COLUMN retry_count;
