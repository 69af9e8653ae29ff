-- The way back: drop a field
--
-- Creates column request_logs.retry_count.
-- Changes the rights on table request_logs.

ALTER TABLE public.request_logs ADD COLUMN retry_count integer NOT NULL DEFAULT 0;
GRANT INSERT (retry_count) ON public.request_logs TO waygate_app;
GRANT INSERT (retry_count) ON public.request_logs TO waygate_service;
