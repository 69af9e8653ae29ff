-- Add a label
--
-- Adds label paused to enum integration_status.

-- waygate:step autocommit
ALTER TYPE public.integration_status ADD VALUE 'paused' AFTER 'active';
