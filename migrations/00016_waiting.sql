-- +goose Up
-- Nobody has waited for anything before this version.
ALTER TABLE waiting
    ADD COLUMN unit int NOT NULL,
    ADD COLUMN association bigint REFERENCES associations (id),
    ADD FOREIGN KEY (unit, resource) REFERENCES resources (unit, id),
    ADD CHECK (begin_at < end_at),
    ADD CHECK ((series IS NULL) = (series_date IS NULL)),
    ADD CONSTRAINT waiting_once EXCLUDE USING gist
        (person WITH =, resource WITH =, tstzrange(begin_at, end_at, '[)') WITH &&) WHERE (state IN ('waiting', 'offered'));
DROP INDEX waiting_queue;
CREATE INDEX waiting_place ON waiting (resource, unit);
CREATE INDEX waiting_association ON waiting (association);
CREATE INDEX waiting_line ON waiting (unit, end_at) WHERE state = 'waiting';
COMMENT ON TABLE waiting IS 'The wait list, served by id: one wish for one time of one resource, for the person or an association. wish is what they filled in, so that accepting an offer asks nothing more. left = gave up, did not answer an offer, or the time came. Removed 12 months after its time. Personal: person as a link, wish.';

-- Removing a row of the wait list takes its offers along; what was made from one stays.
ALTER TABLE offers
    DROP CONSTRAINT offers_waiting_fkey,
    ADD FOREIGN KEY (waiting) REFERENCES waiting (id) ON DELETE CASCADE;
CREATE INDEX offers_waiting ON offers (waiting);
ALTER TABLE reservations
    DROP CONSTRAINT reservations_offer_fkey,
    ADD FOREIGN KEY (offer) REFERENCES offers (id) ON DELETE SET NULL;
