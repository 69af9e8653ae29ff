-- Rename a model
--
-- Renames table field_mappings to mappings.
-- Renames constraint mappings.field_mappings_action_id_fkey to mappings_action_id_fkey.
-- Renames constraint mappings.field_mappings_pkey to mappings_pkey.
-- Renames constraint mappings.field_mappings_tenant_id_action_id_fkey to mappings_tenant_id_action_id_fkey.
-- Renames policy mappings.field_mappings_app to mappings_app.
-- Renames policy mappings.field_mappings_owner to mappings_owner.
-- Renames policy mappings.field_mappings_service to mappings_service.

ALTER TABLE public.field_mappings RENAME TO mappings;

ALTER TABLE public.mappings RENAME CONSTRAINT field_mappings_action_id_fkey TO mappings_action_id_fkey;
ALTER TABLE public.mappings RENAME CONSTRAINT field_mappings_pkey TO mappings_pkey;
ALTER TABLE public.mappings RENAME CONSTRAINT field_mappings_tenant_id_action_id_fkey TO mappings_tenant_id_action_id_fkey;
ALTER POLICY field_mappings_app ON public.mappings RENAME TO mappings_app;
ALTER POLICY field_mappings_owner ON public.mappings RENAME TO mappings_owner;
ALTER POLICY field_mappings_service ON public.mappings RENAME TO mappings_service;
