-- +goose Up
ALTER TABLE associations ADD COLUMN unverified boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN associations.unverified IS 'Somebody says so and staff have not confirmed it: register number, municipality and age give no better terms yet.';
CREATE INDEX associations_unverified ON associations (created_at) WHERE unverified AND archived_at IS NULL;

ALTER TABLE sign_in_links ADD COLUMN withdrawn_at timestamptz;
COMMENT ON COLUMN sign_in_links.withdrawn_at IS 'When an invitation was taken back; it cannot be used from then on.';
CREATE INDEX sign_in_links_invited ON sign_in_links (created_at) WHERE invited ->> 'role' IS NOT NULL;

ALTER TABLE roles ADD COLUMN uid uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;
COMMENT ON COLUMN roles.uid IS 'Its name in addresses.';
