-- Add a unique
--
-- Creates index integrations.integrations_tenant_name_key.

-- waygate:step autocommit
-- waygate:assert no two rows of public.integrations have the same tenant_id, name
SELECT NOT EXISTS (SELECT FROM public.integrations WHERE tenant_id IS NOT NULL AND name IS NOT NULL GROUP BY tenant_id, name HAVING count(*) > 1);
CREATE UNIQUE INDEX CONCURRENTLY integrations_tenant_name_key ON public.integrations USING btree (tenant_id, name);
