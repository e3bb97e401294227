-- +goose Up
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE installation (
    id         int PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    kind       text NOT NULL CHECK (kind IN ('production', 'demo')),
    zone       text NOT NULL,
    name       jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE installation IS 'One row: what this database is. Lives as long as the database. No personal data.';

CREATE TABLE installation_secrets (
    purpose    text NOT NULL CHECK (purpose IN ('sign-in', 'csrf', 'public-uid', 'signed-link')),
    number     int NOT NULL CHECK (number > 0),
    value      bytea NOT NULL CHECK (octet_length(value) >= 32),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (purpose, number)
);
COMMENT ON TABLE installation_secrets IS 'HMAC keys by purpose; the highest number signs, all verify. Lives until rotated out. No personal data.';

CREATE TABLE units (
    id                int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid               uuid NOT NULL UNIQUE,
    slug              text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name              jsonb NOT NULL,
    description       jsonb NOT NULL DEFAULT '{}',
    address           text NOT NULL DEFAULT '',
    postcode          text NOT NULL DEFAULT '',
    city              text NOT NULL DEFAULT '',
    latitude          double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude         double precision CHECK (longitude BETWEEN -180 AND 180),
    phone             text NOT NULL DEFAULT '',
    email             text NOT NULL DEFAULT '',
    holidays          text NOT NULL DEFAULT 'normal' CHECK (holidays IN ('closed', 'sunday', 'normal')),
    one_place_at_once boolean NOT NULL DEFAULT false,
    external_ref      text NOT NULL DEFAULT '',
    source            text NOT NULL DEFAULT '',
    example           boolean NOT NULL DEFAULT false,
    revision          int NOT NULL DEFAULT 1
);
COMMENT ON TABLE units IS 'A site: library, school, youth house, park. Lives until archived. Contact is of the office, not of a person.';

CREATE TABLE spaces (
    id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid      uuid NOT NULL UNIQUE,
    unit     int NOT NULL REFERENCES units (id),
    parent   int,
    name     jsonb NOT NULL,
    revision int NOT NULL DEFAULT 1,
    UNIQUE (unit, id),
    FOREIGN KEY (unit, parent) REFERENCES spaces (unit, id),
    CHECK (parent <> id)
);
CREATE INDEX spaces_parent ON spaces (unit, parent);
COMMENT ON TABLE spaces IS 'A physical room or area, in a tree inside its unit. Lives until archived. No personal data.';

CREATE TABLE devices (
    id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid      uuid NOT NULL UNIQUE,
    unit     int NOT NULL REFERENCES units (id),
    space    int,
    name     jsonb NOT NULL,
    count    int NOT NULL DEFAULT 1 CHECK (count BETWEEN 1 AND 1000),
    revision int NOT NULL DEFAULT 1,
    UNIQUE (unit, id),
    FOREIGN KEY (unit, space) REFERENCES spaces (unit, id)
);
CREATE INDEX devices_space ON devices (unit, space);
COMMENT ON TABLE devices IS 'A thing that is shared or moved; count > 1 is a pool of equal things. Lives until archived. No personal data.';

CREATE TABLE atoms (
    id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit       int NOT NULL REFERENCES units (id),
    space      int,
    device     int,
    lane       int NOT NULL DEFAULT 1 CHECK (lane >= 1),
    retired_at timestamptz,
    UNIQUE (unit, id),
    FOREIGN KEY (unit, space) REFERENCES spaces (unit, id),
    FOREIGN KEY (unit, device) REFERENCES devices (unit, id),
    CHECK (num_nonnulls(space, device) = 1)
);
CREATE UNIQUE INDEX atoms_of_space ON atoms (unit, space, lane) WHERE space IS NOT NULL AND retired_at IS NULL;
CREATE UNIQUE INDEX atoms_of_device ON atoms (unit, device, lane) WHERE device IS NOT NULL AND retired_at IS NULL;
COMMENT ON TABLE atoms IS 'The smallest thing that only one booking can hold: leaf space, lane of a pool, device. Retired, never deleted. No personal data.';

CREATE TABLE rule_books (
    id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid        uuid NOT NULL UNIQUE,
    key        text NOT NULL,
    unit       int REFERENCES units (id),
    version    int NOT NULL CHECK (version > 0),
    state      text NOT NULL CHECK (state IN ('draft', 'live')),
    valid_from timestamptz,
    decision   jsonb NOT NULL DEFAULT '{}',
    rules      jsonb NOT NULL,
    revision   int NOT NULL DEFAULT 1,
    UNIQUE (key, version),
    CHECK (state = 'draft' OR valid_from IS NOT NULL)
);
CREATE INDEX rule_books_unit ON rule_books (unit);
COMMENT ON TABLE rule_books IS 'A version of a set of rules; unit NULL = for the whole city. Never changed once live; kept as long as a reservation points to it. No personal data.';

CREATE TABLE resources (
    id               int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid              uuid NOT NULL UNIQUE,
    unit             int NOT NULL REFERENCES units (id),
    slug             text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name             jsonb NOT NULL,
    description      jsonb NOT NULL DEFAULT '{}',
    type             text NOT NULL,
    purposes         text[] NOT NULL DEFAULT '{}',
    equipment        text[] NOT NULL DEFAULT '{}',
    persons_min      int CHECK (persons_min >= 1),
    persons_max      int CHECK (persons_max >= 1),
    area_m2          numeric(8,1),
    floor            text NOT NULL DEFAULT '',
    step_free        boolean,
    access           text NOT NULL DEFAULT '',
    state            text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'archived')),
    publish_from     timestamptz,
    publish_to       timestamptz,
    booking_from     timestamptz,
    booking_to       timestamptz,
    season_only      boolean NOT NULL DEFAULT false,
    whole_day        boolean NOT NULL DEFAULT false,
    raster           int NOT NULL DEFAULT 30 CHECK (raster BETWEEN 15 AND 420),
    min_minutes      int NOT NULL DEFAULT 30 CHECK (min_minutes > 0),
    max_minutes      int CHECK (max_minutes >= min_minutes),
    buffer_before    int NOT NULL DEFAULT 0 CHECK (buffer_before BETWEEN 0 AND 1440),
    buffer_after     int NOT NULL DEFAULT 0 CHECK (buffer_after BETWEEN 0 AND 1440),
    days_ahead_max   int CHECK (days_ahead_max >= 0),
    days_ahead_min   int NOT NULL DEFAULT 0 CHECK (days_ahead_min >= 0),
    active_limit     int CHECK (active_limit >= 1),
    adult_only       boolean NOT NULL DEFAULT false,
    strong_sign_in   boolean NOT NULL DEFAULT false,
    cancel_minutes   int DEFAULT 1440 CHECK (cancel_minutes >= 0),
    required_fields  text[] NOT NULL DEFAULT '{}',
    rule_book        text NOT NULL DEFAULT 'city',
    price_cents      int CHECK (price_cents >= 0),
    price_unit       text NOT NULL DEFAULT 'hour' CHECK (price_unit IN ('hour', 'started_hour', 'use')),
    price_note       text NOT NULL DEFAULT '',
    terms            jsonb NOT NULL DEFAULT '{}',
    instructions     jsonb NOT NULL DEFAULT '{}',
    source           text NOT NULL DEFAULT '',
    example          boolean NOT NULL DEFAULT false,
    external_ref     text NOT NULL DEFAULT '',
    revision         int NOT NULL DEFAULT 1,
    UNIQUE (unit, id),
    CHECK (persons_min <= persons_max)
);
CREATE INDEX resources_unit ON resources (unit);
COMMENT ON TABLE resources IS 'What is booked. Minutes are wall-clock minutes, money is cents with VAT as found; cancel_minutes NULL = the holder cannot cancel; price_cents NULL = not known. Archived, never deleted. No personal data.';

CREATE TABLE resource_slugs (
    slug     text PRIMARY KEY,
    resource int NOT NULL REFERENCES resources (id)
);
CREATE INDEX resource_slugs_resource ON resource_slugs (resource);
COMMENT ON TABLE resource_slugs IS 'Old addresses that redirect to a resource. Kept for ever. No personal data.';

CREATE TABLE resource_parts (
    id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resource int NOT NULL,
    unit     int NOT NULL,
    space    int,
    device   int,
    count    int NOT NULL DEFAULT 1 CHECK (count >= 1),
    FOREIGN KEY (unit, resource) REFERENCES resources (unit, id),
    FOREIGN KEY (unit, space) REFERENCES spaces (unit, id),
    FOREIGN KEY (unit, device) REFERENCES devices (unit, id),
    CHECK (num_nonnulls(space, device) = 1),
    CHECK (space IS NULL OR count = 1)
);
CREATE INDEX resource_parts_resource ON resource_parts (unit, resource);
CREATE INDEX resource_parts_space ON resource_parts (unit, space);
CREATE INDEX resource_parts_device ON resource_parts (unit, device);
COMMENT ON TABLE resource_parts IS 'The spaces and devices of a resource; all lie in its unit. Lives with the resource. No personal data.';

CREATE TABLE resource_atoms (
    resource int NOT NULL REFERENCES resources (id),
    unit     int NOT NULL,
    atom     int NOT NULL,
    pool     int,
    lanes    int NOT NULL DEFAULT 1 CHECK (lanes >= 1),
    PRIMARY KEY (resource, atom),
    FOREIGN KEY (unit, atom) REFERENCES atoms (unit, id)
);
CREATE INDEX resource_atoms_atom ON resource_atoms (unit, atom);
COMMENT ON TABLE resource_atoms IS 'Derived from resource_parts: pool NULL = the atom is always taken; pool = device id: any "lanes" of its atoms are taken. Rebuilt with the parts. No personal data.';

CREATE TABLE hours_periods (
    id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit       int REFERENCES units (id),
    resource   int REFERENCES resources (id),
    name       jsonb NOT NULL DEFAULT '{}',
    valid_from date,
    valid_to   date,
    override   boolean NOT NULL DEFAULT false,
    spans      jsonb NOT NULL,
    revision   int NOT NULL DEFAULT 1,
    CHECK (num_nonnulls(unit, resource) = 1),
    CHECK (valid_from <= valid_to)
);
CREATE INDEX hours_periods_unit ON hours_periods (unit);
CREATE INDEX hours_periods_resource ON hours_periods (resource);
COMMENT ON TABLE hours_periods IS 'Weekly hours of a unit or resource for a time (both ends inclusive, NULL = open): spans with kind open, reservable, core or closed, in local wall time. No personal data.';
