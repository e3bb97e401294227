-- +goose Up
ALTER TABLE spaces
    ADD COLUMN external_ref text NOT NULL DEFAULT '',
    ADD COLUMN archived_at timestamptz;
COMMENT ON COLUMN spaces.external_ref IS 'Its key in the file or service that it came from; "" = entered here.';

ALTER TABLE devices
    ADD COLUMN external_ref text NOT NULL DEFAULT '',
    ADD COLUMN archived_at timestamptz;
COMMENT ON COLUMN devices.external_ref IS 'Its key in the file or service that it came from; "" = entered here.';

CREATE UNIQUE INDEX spaces_external ON spaces (unit, external_ref) WHERE external_ref <> '' AND archived_at IS NULL;
CREATE UNIQUE INDEX devices_external ON devices (unit, external_ref) WHERE external_ref <> '' AND archived_at IS NULL;

ALTER TABLE resources
    ADD COLUMN contact_phone text NOT NULL DEFAULT '',
    ADD COLUMN contact_email text NOT NULL DEFAULT '',
    ALTER COLUMN price_note DROP DEFAULT,
    ALTER COLUMN price_note TYPE jsonb USING CASE price_note WHEN '' THEN '{}'::jsonb ELSE jsonb_build_object('fi', price_note) END,
    ALTER COLUMN price_note SET DEFAULT '{}';
COMMENT ON COLUMN resources.contact_phone IS 'Of an office, not of a person; "" = that of the unit. So is contact_email.';
COMMENT ON COLUMN resources.access IS 'How one gets in: a key of the access types; "" = not known.';
