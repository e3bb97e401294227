-- +goose Up
CREATE SEQUENCE reservation_id AS bigint START 1000 MINVALUE 1000;

CREATE TABLE series (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid        uuid NOT NULL UNIQUE,
    resource   int NOT NULL REFERENCES resources (id),
    rule       text NOT NULL DEFAULT '',
    wall       jsonb NOT NULL,
    zone       text NOT NULL,
    made_by    bigint REFERENCES people (id),
    created_at timestamptz NOT NULL,
    revision   int NOT NULL DEFAULT 1
);
CREATE INDEX series_resource ON series (resource);
CREATE INDEX series_made_by ON series (made_by);
COMMENT ON TABLE series IS 'Reservations made from one recurrence rule: wall times and zone; every date is a reservation. Lives with them. Personal: made_by as a link.';

CREATE TABLE reservations (
    id                 bigint PRIMARY KEY DEFAULT nextval('reservation_id') CHECK (id >= 1000),
    uid                uuid NOT NULL UNIQUE,
    number             text NOT NULL GENERATED ALWAYS AS (
        'V-' || (extract(year FROM made_at AT TIME ZONE 'UTC')::int)::text || '-'
             || lpad(id::text, greatest(6, length(id::text)), '0')) STORED UNIQUE,
    resource           int NOT NULL,
    unit               int NOT NULL,
    series             bigint REFERENCES series (id),
    begin_at           timestamptz NOT NULL,
    end_at             timestamptz NOT NULL,
    buffer_before      int NOT NULL DEFAULT 0 CHECK (buffer_before >= 0),
    buffer_after       int NOT NULL DEFAULT 0 CHECK (buffer_after >= 0),
    whole_day          boolean NOT NULL DEFAULT false,
    kind               text NOT NULL CHECK (kind IN ('ordinary', 'behalf', 'staff', 'closure', 'seasonal')),
    state              text NOT NULL CHECK (state IN ('held', 'requested', 'awaiting_payment', 'confirmed', 'denied', 'cancelled', 'expired')),
    occupies           boolean NOT NULL,
    held_until         timestamptz,
    no_show            boolean NOT NULL DEFAULT false,
    session            bigint REFERENCES sessions (id) ON DELETE SET NULL,
    holder_kind        text NOT NULL CHECK (holder_kind IN ('nobody', 'person', 'association', 'unit')),
    holder_person      bigint REFERENCES people (id),
    holder_association bigint REFERENCES associations (id),
    holder_unit        int REFERENCES units (id),
    made_by            bigint REFERENCES people (id),
    title              text NOT NULL DEFAULT '' CHECK (length(title) <= 200),
    purpose            text NOT NULL DEFAULT '',
    persons            int CHECK (persons BETWEEN 1 AND 100000),
    answers            jsonb NOT NULL DEFAULT '{}',
    rule_book          int REFERENCES rule_books (id),
    verdict            jsonb NOT NULL DEFAULT '{}',
    price_cents        int CHECK (price_cents >= 0),
    price              jsonb NOT NULL DEFAULT '{}',
    reason_code        text NOT NULL DEFAULT '',
    reason_text        text NOT NULL DEFAULT '' CHECK (length(reason_text) <= 2000),
    decided_by         bigint REFERENCES people (id),
    decided_at         timestamptz,
    made_at            timestamptz NOT NULL,
    changed_at         timestamptz NOT NULL,
    offer              bigint,
    revision           int NOT NULL DEFAULT 1,
    sequence           int NOT NULL DEFAULT 0,
    FOREIGN KEY (unit, resource) REFERENCES resources (unit, id),
    CHECK (begin_at < end_at AND isfinite(begin_at) AND isfinite(end_at)),
    CHECK (state <> 'held' OR held_until IS NOT NULL),
    CHECK (state NOT IN ('denied', 'cancelled', 'expired') OR NOT occupies),
    CHECK (state NOT IN ('held', 'awaiting_payment', 'confirmed') OR occupies),
    CHECK ((holder_kind = 'person') = (holder_person IS NOT NULL)),
    CHECK ((holder_kind = 'association') = (holder_association IS NOT NULL)),
    CHECK ((holder_kind = 'unit') = (holder_unit IS NOT NULL)),
    CHECK (holder_kind <> 'nobody' OR kind = 'closure' OR state = 'held'),
    CHECK (NOT no_show OR state = 'confirmed')
);
CREATE INDEX reservations_resource_time ON reservations (unit, resource, begin_at);
CREATE INDEX reservations_holder_person ON reservations (holder_person, begin_at);
CREATE INDEX reservations_holder_association ON reservations (holder_association, begin_at);
CREATE INDEX reservations_holder_unit ON reservations (holder_unit);
CREATE INDEX reservations_made_by ON reservations (made_by, begin_at);
CREATE INDEX reservations_decided_by ON reservations (decided_by);
CREATE INDEX reservations_session ON reservations (session) WHERE session IS NOT NULL;
CREATE INDEX reservations_series ON reservations (series);
CREATE INDEX reservations_rule_book ON reservations (rule_book);
CREATE INDEX reservations_requests ON reservations (unit, begin_at) WHERE state = 'requested';
CREATE INDEX reservations_held ON reservations (held_until) WHERE held_until IS NOT NULL;
COMMENT ON TABLE reservations IS 'One resource, one interval, one holder, one state; begin and end are instants, buffers minutes. Contact data anonymised 24 months after the end, times and counts kept. Personal: holder_person, made_by, decided_by, session as links; title, answers, reason_text.';
COMMENT ON COLUMN reservations.occupies IS 'Whether occupancies exist for it; a request that competes does not occupy.';

CREATE TABLE occupancies (
    reservation bigint NOT NULL REFERENCES reservations (id) CHECK (reservation >= 1000),
    unit        int NOT NULL,
    atom        int NOT NULL,
    side        bigint NOT NULL,
    during      tstzrange NOT NULL,
    CHECK (side IN (0, 1, reservation)),
    CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
           AND NOT lower_inf(during) AND NOT upper_inf(during)
           AND isfinite(lower(during)) AND isfinite(upper(during))),
    UNIQUE (reservation, atom, side, during),
    FOREIGN KEY (unit, atom) REFERENCES atoms (unit, id) ON UPDATE CASCADE,
    CONSTRAINT occupancies_never_twice EXCLUDE USING gist
        (unit WITH =, atom WITH =, during WITH &&, side WITH <>, reservation WITH <>)
);
CREATE INDEX occupancies_atom ON occupancies (unit, atom);
COMMENT ON TABLE occupancies IS 'Who holds which atom when. side = own reservation: bare time without buffers; 0 bare and 1 with buffers; 1 alone: a closure. Rows exist exactly while the reservation occupies. No personal data.';

CREATE TABLE rejected_dates (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series   bigint NOT NULL REFERENCES series (id),
    begin_at timestamptz NOT NULL,
    end_at   timestamptz NOT NULL,
    reason   jsonb NOT NULL,
    UNIQUE (series, begin_at)
);
COMMENT ON TABLE rejected_dates IS 'Dates of a series that could not be made, with the reason. Lives with the series. No personal data.';

CREATE TABLE waiting (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid        uuid NOT NULL UNIQUE,
    resource   int NOT NULL REFERENCES resources (id),
    person     bigint NOT NULL REFERENCES people (id),
    series     bigint REFERENCES series (id),
    begin_at   timestamptz NOT NULL,
    end_at     timestamptz NOT NULL,
    wish       jsonb NOT NULL DEFAULT '{}',
    state      text NOT NULL CHECK (state IN ('waiting', 'offered', 'served', 'left')),
    created_at timestamptz NOT NULL
);
CREATE INDEX waiting_queue ON waiting (resource, begin_at, id) WHERE state = 'waiting';
CREATE INDEX waiting_person ON waiting (person);
CREATE INDEX waiting_series ON waiting (series);
COMMENT ON TABLE waiting IS 'The wait list, served by id. Removed 12 months after its time. Personal: person as a link, wish.';

CREATE TABLE offers (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    waiting  bigint NOT NULL REFERENCES waiting (id),
    deadline timestamptz NOT NULL,
    state    text NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'expired')),
    made_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX offers_open ON offers (waiting) WHERE state = 'open';
ALTER TABLE reservations ADD FOREIGN KEY (offer) REFERENCES offers (id);
CREATE INDEX reservations_offer ON reservations (offer) WHERE offer IS NOT NULL;
COMMENT ON TABLE offers IS 'Freed time offered to one who waits; held meanwhile by a reservation that points here. Lives with its wait-list row. No personal data of its own.';

CREATE TABLE feeds (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid         uuid NOT NULL UNIQUE,
    token_hash  bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    scope       text NOT NULL CHECK (scope IN ('person', 'association', 'resource', 'unit')),
    person      bigint REFERENCES people (id),
    association bigint REFERENCES associations (id),
    resource    int REFERENCES resources (id),
    unit        int REFERENCES units (id),
    made_by     bigint NOT NULL REFERENCES people (id),
    language    text NOT NULL DEFAULT 'fi',
    name        text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    CHECK (num_nonnulls(person, association, resource, unit) = 1)
);
CREATE INDEX feeds_person ON feeds (person);
CREATE INDEX feeds_association ON feeds (association);
CREATE INDEX feeds_resource ON feeds (resource);
CREATE INDEX feeds_unit ON feeds (unit);
CREATE INDEX feeds_made_by ON feeds (made_by);
COMMENT ON TABLE feeds IS 'A secret calendar address, one per subscription, by hash. Lives until revoked. Personal as a link.';
