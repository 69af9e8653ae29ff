-- Convert a type
--
-- Changes the type of column request_logs.request_summary.

-- This writes public.request_logs anew, and nobody else can use the table meanwhile.
ALTER TABLE public.request_logs ALTER COLUMN request_summary TYPE text USING request_summary ->> 'n';
