-- The way back: add an index
--
-- Drops index integrations.integrations_tenant_name_idx.

-- waygate:step autocommit
DROP INDEX CONCURRENTLY public.integrations_tenant_name_idx;
