-- +goose Up
ALTER TABLE reservations DROP CONSTRAINT reservations_holder_kind_check;
ALTER TABLE reservations ADD CONSTRAINT reservations_holder_kind_check
    CHECK (holder_kind IN ('nobody', 'unknown', 'person', 'association', 'unit'));
COMMENT ON COLUMN reservations.holder_kind IS 'unknown = somebody has it, but the system that it was taken over from does not say who; nobody = a closure or an anonymous hold.';

CREATE TABLE reservation_origins (
    source      text NOT NULL CHECK (source <> ''),
    external_id text NOT NULL CHECK (external_id <> ''),
    reservation bigint NOT NULL UNIQUE REFERENCES reservations (id),
    mark        text NOT NULL,
    revision    int NOT NULL,
    adopted_at  timestamptz NOT NULL,
    PRIMARY KEY (source, external_id)
);
COMMENT ON TABLE reservation_origins IS 'Which reservation of another system became which of ours. mark = a hash of what was read, revision = ours when it was last written from there: a later one was changed here. Lives with the reservation. No personal data.';
