-- Add a searchable secret
--
-- Creates column integrations.contact.
-- Creates column integrations.contact_bidx.
-- Creates index integrations.integrations_contact_bidx_idx.
-- Changes the rights on table integrations.

-- waygate:step tx
-- This writes public.integrations anew, and nobody else can use the table meanwhile.
ALTER TABLE public.integrations ADD COLUMN contact waygate.encrypted;
ALTER TABLE public.integrations ALTER COLUMN contact SET STORAGE EXTERNAL;
ALTER TABLE public.integrations ADD COLUMN contact_bidx bytea;
GRANT INSERT (contact, contact_bidx),
    UPDATE (contact, contact_bidx)
    ON public.integrations TO waygate_app;
GRANT INSERT (contact, contact_bidx),
    UPDATE (contact, contact_bidx)
    ON public.integrations TO waygate_service;
COMMENT ON COLUMN public.integrations.contact IS 'Whom to tell when it fails.';
COMMENT ON COLUMN public.integrations.contact_bidx IS 'Keyed digests of contact, by which its sealed values are found: a blind index.';

-- waygate:step autocommit
CREATE INDEX CONCURRENTLY integrations_contact_bidx_idx ON public.integrations USING btree (tenant_id, contact_bidx);
