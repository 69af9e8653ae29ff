-- Shrink a type
--
-- Changes the type of column request_logs.status_code.
-- WARNING: turns the values of request_logs.status_code from integer into smallint.

-- waygate:assert every value of request_logs.status_code fits into smallint
SELECT NOT EXISTS (SELECT FROM public.request_logs WHERE NOT (status_code IS NULL OR status_code BETWEEN -32768 AND 32767));
-- This writes public.request_logs anew, and nobody else can use the table meanwhile.
ALTER TABLE public.request_logs ALTER COLUMN status_code TYPE smallint;
