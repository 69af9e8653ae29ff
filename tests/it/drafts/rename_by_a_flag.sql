-- Rename by a flag
--
-- Renames column request_logs.latency_ms to took_ms.

ALTER TABLE public.request_logs RENAME COLUMN latency_ms TO took_ms;
