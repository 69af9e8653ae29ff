-- The way back: rename by a flag
--
-- Renames column request_logs.took_ms to latency_ms.

ALTER TABLE public.request_logs RENAME COLUMN took_ms TO latency_ms;
