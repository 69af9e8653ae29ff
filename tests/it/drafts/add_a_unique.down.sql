-- The way back: add a unique
--
-- Drops index integrations.integrations_tenant_name_key.

-- waygate:step autocommit
DROP INDEX CONCURRENTLY public.integrations_tenant_name_key;
