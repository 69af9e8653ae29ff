-- The way back: rename a field
--
-- Renames column request_logs.asked to request_summary.

ALTER TABLE public.request_logs RENAME COLUMN asked TO request_summary;
