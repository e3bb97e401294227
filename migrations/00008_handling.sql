-- +goose Up
ALTER TABLE reservations
    ADD COLUMN free_reason text NOT NULL DEFAULT '' CHECK (length(free_reason) <= 2000),
    ADD COLUMN free_granted boolean CHECK (free_granted IS NULL OR free_reason <> '');
COMMENT ON COLUMN reservations.free_reason IS 'Why its holder asks to use the place free of charge; empty = not asked. Personal.';
COMMENT ON COLUMN reservations.free_granted IS 'What staff said to that; null = not decided, or not asked.';

ALTER TABLE roles ADD COLUMN mail text CHECK (mail IN ('all', 'handling', 'none'));
COMMENT ON COLUMN roles.mail IS 'Which new reservations of the unit this person is mailed about; null = what is usual for the role.';

CREATE TABLE memos (
    reservation bigint PRIMARY KEY REFERENCES reservations (id) ON DELETE CASCADE,
    text        text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    written_by  bigint REFERENCES people (id),
    written_at  timestamptz NOT NULL,
    revision    int NOT NULL DEFAULT 1
);
CREATE INDEX memos_written_by ON memos (written_by);
COMMENT ON TABLE memos IS 'The working memo of a unit''s staff on a reservation; a table of its own so that no answer to its holder can carry it along. Lives with the reservation, emptied with its contact data. Personal: text; written_by as a link.';
