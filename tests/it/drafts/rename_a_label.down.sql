-- The way back: rename a label
--
-- Renames label mapping_direction.outbound to input.

ALTER TYPE public.mapping_direction RENAME VALUE 'outbound' TO 'input';
