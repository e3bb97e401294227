-- +goose Up
CREATE TABLE demand (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day      date NOT NULL,
    language text NOT NULL CHECK (language IN ('fi', 'sv', 'en')),
    wish     jsonb NOT NULL CHECK (pg_column_size(wish) <= 1500),
    times    int NOT NULL DEFAULT 1 CHECK (times >= 1),
    UNIQUE (day, language, wish)
);
COMMENT ON TABLE demand IS 'Unmet demand: what was searched for on a local day without finding any room, and how often. The wish holds keys of our own vocabularies, slugs and numbers, never what was typed. Kept, for it is about nobody. No personal data.';
