-- +goose Up
CREATE TABLE people (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid                 uuid NOT NULL UNIQUE,
    email               text UNIQUE CHECK (email = lower(email) AND email LIKE '%_@_%'),
    name                text NOT NULL DEFAULT '',
    phone               text NOT NULL DEFAULT '',
    language            text NOT NULL DEFAULT 'fi' CHECK (language IN ('fi', 'sv', 'en')),
    adult               boolean,
    adult_source        text NOT NULL DEFAULT '',
    municipality        text NOT NULL DEFAULT '',
    municipality_source text NOT NULL DEFAULT '',
    strong_at           timestamptz,
    strong_source       text NOT NULL DEFAULT '',
    demo                boolean NOT NULL DEFAULT false,
    created_at          timestamptz NOT NULL,
    erased_at           timestamptz,
    CHECK (email IS NOT NULL OR erased_at IS NOT NULL)
);
COMMENT ON TABLE people IS 'Someone who signs in. Anonymised after 24 idle months. Personal: email, name, phone, adult, municipality.';

CREATE TABLE associations (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid          uuid NOT NULL UNIQUE,
    name         text NOT NULL CHECK (name <> ''),
    kind         text NOT NULL DEFAULT 'association' CHECK (kind IN ('association', 'residents_group', 'company', 'religious', 'political')),
    municipality text NOT NULL DEFAULT '',
    registered   text NOT NULL DEFAULT '',
    under_18     boolean NOT NULL DEFAULT false,
    demo         boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL,
    archived_at  timestamptz,
    revision     int NOT NULL DEFAULT 1
);
COMMENT ON TABLE associations IS 'An association, group or company that holds reservations. Lives until archived. Names of legal persons may be public.';

CREATE TABLE memberships (
    association bigint NOT NULL REFERENCES associations (id),
    person      bigint NOT NULL REFERENCES people (id),
    role        text NOT NULL CHECK (role IN ('member', 'booker', 'admin')),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (association, person)
);
CREATE INDEX memberships_person ON memberships (person);
COMMENT ON TABLE memberships IS 'Who acts for an association: members see, bookers book, admins also manage members. Removed when it ends. Personal as a link.';

CREATE TABLE roles (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person     bigint NOT NULL REFERENCES people (id),
    unit       int REFERENCES units (id),
    role       text NOT NULL CHECK (role IN ('viewer', 'manager', 'city_admin')),
    created_at timestamptz NOT NULL,
    CHECK ((role = 'city_admin') = (unit IS NULL))
);
CREATE UNIQUE INDEX roles_once ON roles (person, role, COALESCE(unit, 0));
CREATE INDEX roles_unit ON roles (unit);
COMMENT ON TABLE roles IS 'Staff rights: on one unit, or on the whole city. Removed when it ends. Personal as a link.';

CREATE TABLE sessions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    person     bigint REFERENCES people (id),
    address    text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_address ON sessions (address);
CREATE INDEX sessions_expiry ON sessions (expires_at);
COMMENT ON TABLE sessions IS 'A browser: anonymous (person NULL) or signed in. 30 days at most. Personal: address.';

CREATE TABLE sign_in_links (
    id         uuid PRIMARY KEY,
    email      text NOT NULL,
    session    bigint REFERENCES sessions (id) ON DELETE SET NULL,
    return_to  text NOT NULL DEFAULT '',
    draft      jsonb NOT NULL DEFAULT '{}',
    invited    jsonb NOT NULL DEFAULT '{}',
    language   text NOT NULL DEFAULT 'fi',
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX sign_in_links_email ON sign_in_links (email, created_at);
CREATE INDEX sign_in_links_session ON sign_in_links (session);
COMMENT ON TABLE sign_in_links IS 'A link mailed to prove an address; its secret is an HMAC of the id and is not stored. draft = the booking that waited for it. Removed after 90 days. Personal: email, draft.';

CREATE TABLE attempts (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind    text NOT NULL,
    subject text NOT NULL,
    at      timestamptz NOT NULL
);
CREATE INDEX attempts_recent ON attempts (kind, subject, at);
COMMENT ON TABLE attempts IS 'Counted tries (sign-in by address and by network address). Removed after 90 days. Personal: subject.';

CREATE TABLE passkeys (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person     bigint NOT NULL REFERENCES people (id),
    credential bytea NOT NULL UNIQUE,
    data       jsonb NOT NULL,
    name       text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX passkeys_person ON passkeys (person);
COMMENT ON TABLE passkeys IS 'WebAuthn credentials. Live until removed by their person. Personal as a link.';

CREATE TABLE api_tokens (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid        uuid NOT NULL UNIQUE,
    person     bigint NOT NULL REFERENCES people (id),
    name       text NOT NULL DEFAULT '',
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    scopes     text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    revoked_at timestamptz
);
CREATE INDEX api_tokens_person ON api_tokens (person);
COMMENT ON TABLE api_tokens IS 'Bearer tokens of the API, by hash. A year at most. Personal as a link.';
