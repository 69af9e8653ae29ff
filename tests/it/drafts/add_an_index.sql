-- Add an index
--
-- Creates index integrations.integrations_tenant_name_idx.

-- waygate:step autocommit
CREATE INDEX CONCURRENTLY integrations_tenant_name_idx ON public.integrations USING btree (tenant_id, name);
