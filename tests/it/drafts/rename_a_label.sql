-- Rename a label
--
-- Renames label mapping_direction.input to outbound.

ALTER TYPE public.mapping_direction RENAME VALUE 'input' TO 'outbound';
