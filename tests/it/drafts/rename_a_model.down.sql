-- The way back: rename a model
--
-- Renames constraint mappings.mappings_action_id_fkey to field_mappings_action_id_fkey.
-- Renames constraint mappings.mappings_pkey to field_mappings_pkey.
-- Renames constraint mappings.mappings_tenant_id_action_id_fkey to field_mappings_tenant_id_action_id_fkey.
-- Renames policy mappings.mappings_app to field_mappings_app.
-- Renames policy mappings.mappings_owner to field_mappings_owner.
-- Renames policy mappings.mappings_service to field_mappings_service.
-- Renames table mappings to field_mappings.

ALTER TABLE public.mappings RENAME CONSTRAINT mappings_action_id_fkey TO field_mappings_action_id_fkey;
ALTER TABLE public.mappings RENAME CONSTRAINT mappings_pkey TO field_mappings_pkey;
ALTER TABLE public.mappings RENAME CONSTRAINT mappings_tenant_id_action_id_fkey TO field_mappings_tenant_id_action_id_fkey;
ALTER POLICY mappings_app ON public.mappings RENAME TO field_mappings_app;
ALTER POLICY mappings_owner ON public.mappings RENAME TO field_mappings_owner;
ALTER POLICY mappings_service ON public.mappings RENAME TO field_mappings_service;
ALTER TABLE public.mappings RENAME TO field_mappings;
