-- Rename a field
--
-- Renames column request_logs.request_summary to asked.

ALTER TABLE public.request_logs RENAME COLUMN request_summary TO asked;
