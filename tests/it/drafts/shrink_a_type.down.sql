-- The way back: shrink a type
--
-- Changes the type of column request_logs.status_code.

ALTER TABLE public.request_logs ALTER COLUMN status_code TYPE integer USING status_code::text::integer;
