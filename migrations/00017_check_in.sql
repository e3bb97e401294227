-- +goose Up
ALTER TABLE resources ADD COLUMN release_after_minutes int CHECK (release_after_minutes BETWEEN 5 AND 240);
COMMENT ON COLUMN resources.release_after_minutes IS 'Who has a turn checks in; without it the turn is released so long after its begin. NULL = check-in is not asked for.';

ALTER TABLE reservations
    ADD COLUMN release_after_minutes int CHECK (release_after_minutes BETWEEN 5 AND 240),
    ADD COLUMN checked_in_at timestamptz,
    ADD COLUMN checked_in_by bigint REFERENCES people (id),
    ADD CHECK (checked_in_at IS NULL OR NOT no_show),
    ADD CHECK (checked_in_by IS NULL OR checked_in_at IS NOT NULL);
CREATE INDEX reservations_checked_in_by ON reservations (checked_in_by);
CREATE INDEX reservations_unchecked ON reservations (begin_at)
    WHERE release_after_minutes IS NOT NULL AND state = 'confirmed' AND checked_in_at IS NULL AND NOT no_show;
CREATE INDEX reservations_no_show ON reservations (unit, begin_at) WHERE no_show;
COMMENT ON COLUMN reservations.release_after_minutes IS 'The resource''s when it was made or moved: what its holder was told. NULL = nobody is asked to check in.';
COMMENT ON COLUMN reservations.checked_in_by IS 'Who noted that the holder came: a person of the holder''s, or staff. Personal as a link.';

-- A turn that nobody came to gives its time back.
ALTER TABLE reservations DROP CONSTRAINT reservations_check3;
ALTER TABLE reservations ADD CONSTRAINT reservations_occupies
    CHECK (state NOT IN ('held', 'awaiting_payment', 'confirmed') OR occupies <> no_show);
COMMENT ON COLUMN reservations.occupies IS 'Whether occupancies exist for it; a request that competes and a no-show do not occupy.';
COMMENT ON COLUMN reservations.no_show IS 'Nobody came; it stays confirmed for the books, and its time is free again.';

ALTER TABLE series ADD COLUMN unused_dismissed_at timestamptz;
COMMENT ON COLUMN series.unused_dismissed_at IS 'When staff last looked at its unused turns and kept it; only later ones flag it again.';
