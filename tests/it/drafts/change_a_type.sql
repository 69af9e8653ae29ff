-- Change a type
--
-- Changes the type of column request_logs.latency_ms.

-- This writes public.request_logs anew, and nobody else can use the table meanwhile.
ALTER TABLE public.request_logs ALTER COLUMN latency_ms TYPE bigint;
