-- +goose Up

-- Hours: school terms, and what is laid over the hours of a day (lessons).
ALTER TABLE hours_periods
    ADD COLUMN description jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN school      text NOT NULL DEFAULT '' CHECK (school IN ('', 'term', 'break')),
    ADD COLUMN overlay     boolean NOT NULL DEFAULT false,
    ADD COLUMN origin      text NOT NULL DEFAULT '',
    ADD CHECK (NOT (override AND overlay));
COMMENT ON COLUMN hours_periods.school IS 'term: only while the schools of the unit''s municipality are not in a break or in summer; break: only then; empty: always.';
COMMENT ON COLUMN hours_periods.overlay IS 'Its core and closed spans are laid over the hours of the day, whatever they come from.';
COMMENT ON COLUMN hours_periods.origin IS 'Where it was imported from, as kind:name of there; empty = typed here. An import replaces its own only.';

-- What a change of hours or rules left outside, until staff decide.
CREATE TABLE affected_reservations (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid         uuid NOT NULL UNIQUE,
    change      uuid NOT NULL,
    cause       text NOT NULL CHECK (cause IN ('hours', 'rules')),
    unit        int NOT NULL REFERENCES units (id),
    reservation bigint NOT NULL REFERENCES reservations (id),
    begin_at    timestamptz NOT NULL,
    end_at      timestamptz NOT NULL,
    minutes     int NOT NULL CHECK (minutes >= 0),
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'moved', 'cancelled', 'gone')),
    found_at    timestamptz NOT NULL,
    decided_at  timestamptz,
    decided_by  bigint REFERENCES people (id),
    UNIQUE (change, reservation),
    CHECK (begin_at < end_at),
    CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX affected_reservations_open ON affected_reservations (reservation) WHERE state = 'open';
CREATE INDEX affected_reservations_unit ON affected_reservations (unit, state);
CREATE INDEX affected_reservations_reservation ON affected_reservations (reservation);
CREATE INDEX affected_reservations_decided_by ON affected_reservations (decided_by);
COMMENT ON TABLE affected_reservations IS 'Reservations that a change of hours or rules left outside, with the first part outside and its whole minutes; they stay valid until staff decide. Kept as long as the reservation. Personal: decided_by as a link.';

-- Rule books: built on shared ones, with examples that must pass.
ALTER TABLE rule_books
    ADD COLUMN name         jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN base         text NOT NULL DEFAULT '',
    ADD COLUMN base_first   boolean NOT NULL DEFAULT false,
    ADD COLUMN examples     jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN made_at      timestamptz,
    ADD COLUMN made_by      bigint REFERENCES people (id),
    ADD COLUMN published_at timestamptz,
    ADD COLUMN published_by bigint REFERENCES people (id),
    ADD CHECK (base <> key);
CREATE INDEX rule_books_made_by ON rule_books (made_by);
CREATE INDEX rule_books_published_by ON rule_books (published_by);
COMMENT ON COLUMN rule_books.base IS 'Key of the shared book whose rules follow after its own, or, with base_first, come before them; empty = none.';
COMMENT ON COLUMN rule_books.examples IS 'Example bookings with what must come of them; a version goes live only when all pass.';

-- Terms: versioned texts, and who accepted which.
CREATE TABLE terms (
    id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid        uuid NOT NULL UNIQUE,
    key        text NOT NULL CHECK (key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'),
    unit       int REFERENCES units (id),
    version    int NOT NULL CHECK (version > 0),
    state      text NOT NULL CHECK (state IN ('draft', 'live')),
    valid_from timestamptz,
    title      jsonb NOT NULL,
    body       jsonb NOT NULL,
    decision   jsonb NOT NULL DEFAULT '{}',
    revision   int NOT NULL DEFAULT 1,
    UNIQUE (key, version),
    CHECK (state = 'draft' OR valid_from IS NOT NULL)
);
CREATE INDEX terms_unit ON terms (unit);
CREATE UNIQUE INDEX terms_in_force ON terms (key, valid_from) WHERE state = 'live';
COMMENT ON TABLE terms IS 'A version of a text that bookers accept; unit NULL = for the whole city. Never changed once live; kept as long as somebody accepted it. No personal data.';

CREATE TABLE accepted_terms (
    reservation bigint NOT NULL REFERENCES reservations (id) ON DELETE CASCADE,
    terms       int NOT NULL REFERENCES terms (id),
    accepted_at timestamptz NOT NULL,
    accepted_by bigint REFERENCES people (id),
    PRIMARY KEY (reservation, terms)
);
CREATE INDEX accepted_terms_terms ON accepted_terms (terms);
CREATE INDEX accepted_terms_accepted_by ON accepted_terms (accepted_by);
COMMENT ON TABLE accepted_terms IS 'Which version of which terms was accepted with a reservation, when and by whom. Lives with the reservation. Personal: accepted_by as a link.';

-- What rules ask of places, holders and reservations.
ALTER TABLE resources ADD COLUMN groups text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN resources.groups IS 'Words of the city''s own by which rules name resources, e.g. gym-a.';
ALTER TABLE associations
    ADD COLUMN under_18_share int CHECK (under_18_share BETWEEN 0 AND 100),
    ADD COLUMN agreements     text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN associations.under_18_share IS 'Percent of the members who are under 18, as staff confirmed it; NULL = not known.';
COMMENT ON COLUMN associations.agreements IS 'Keys of agreements and memberships that rules may ask for, as staff entered them.';
ALTER TABLE reservations
    ADD COLUMN oldest_age int CHECK (oldest_age BETWEEN 0 AND 120),
    ADD COLUMN fee_cents  int CHECK (fee_cents >= 0);
COMMENT ON COLUMN reservations.oldest_age IS 'Age in years of the oldest who takes part, as declared; NULL = not said.';
COMMENT ON COLUMN reservations.fee_cents IS 'What a late cancellation or a turn that nobody used costs; NULL = nothing of that kind happened.';
