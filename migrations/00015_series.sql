-- +goose Up
-- Nothing has made a series before this version.
ALTER TABLE series
    DROP COLUMN wall,
    ADD COLUMN number text NOT NULL GENERATED ALWAYS AS (
        'S-' || (extract(year FROM created_at AT TIME ZONE 'UTC')::int)::text || '-' || lpad(id::text, greatest(4, length(id::text)), '0')) STORED UNIQUE,
    ADD COLUMN unit int NOT NULL,
    ADD COLUMN kind text NOT NULL CHECK (kind IN ('ordinary', 'behalf', 'staff', 'closure', 'seasonal')),
    ADD COLUMN holder_kind text NOT NULL CHECK (holder_kind IN ('nobody', 'person', 'association', 'unit')),
    ADD COLUMN holder_person bigint REFERENCES people (id),
    ADD COLUMN holder_association bigint REFERENCES associations (id),
    ADD COLUMN holder_unit int REFERENCES units (id),
    ADD COLUMN title text NOT NULL DEFAULT '' CHECK (length(title) <= 200),
    ADD COLUMN purpose text NOT NULL DEFAULT '',
    ADD COLUMN persons int CHECK (persons BETWEEN 1 AND 100000),
    ADD COLUMN answers jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN reason_text text NOT NULL DEFAULT '' CHECK (length(reason_text) <= 2000),
    ADD COLUMN first_date date NOT NULL,
    ADD COLUMN from_minute int NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    ADD COLUMN to_minute int NOT NULL CHECK (to_minute > from_minute AND to_minute <= 2880),
    ADD COLUMN include jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN exclude jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN skip jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN tzdata text NOT NULL DEFAULT '',
    ADD COLUMN split_from bigint REFERENCES series (id),
    ADD COLUMN changed_at timestamptz NOT NULL,
    ADD FOREIGN KEY (unit, resource) REFERENCES resources (unit, id),
    ADD CHECK ((holder_kind = 'person') = (holder_person IS NOT NULL)),
    ADD CHECK ((holder_kind = 'association') = (holder_association IS NOT NULL)),
    ADD CHECK ((holder_kind = 'unit') = (holder_unit IS NOT NULL));
DROP INDEX series_resource;
CREATE INDEX series_place ON series (resource, unit);
CREATE INDEX series_holder_person ON series (holder_person);
CREATE INDEX series_holder_association ON series (holder_association);
CREATE INDEX series_holder_unit ON series (holder_unit);
CREATE INDEX series_split_from ON series (split_from);
COMMENT ON TABLE series IS 'Reservations made from one recurrence rule; every date is a reservation. Wall times are minutes from the local midnight of each date; include and exclude are lists of local dates, skip names what is left out (holidays, school_breaks). tzdata = the rules of the zone that the instants were worked out with. Lives with its reservations. Personal: holder_person, made_by as links; title, answers, reason_text.';
COMMENT ON COLUMN series.split_from IS 'The series that this one went on from when its dates from some day on were changed.';

-- A date of a series is known by the local day that its rule gives, also when it was moved: no date is made twice.
ALTER TABLE reservations ADD COLUMN series_date date, ADD CHECK ((series IS NULL) = (series_date IS NULL));
ALTER TABLE reservations ADD CONSTRAINT reservations_series_date UNIQUE (series, series_date) DEFERRABLE; -- asked when a statement has ended: a whole series may shift
DROP INDEX reservations_series;
COMMENT ON COLUMN reservations.series_date IS 'The local day that the series'' rule gave; it stays when the date is moved.';

DROP TABLE rejected_dates;
CREATE TABLE rejected_dates (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series      bigint NOT NULL REFERENCES series (id),
    series_date date NOT NULL,
    begin_at    timestamptz NOT NULL,
    end_at      timestamptz NOT NULL,
    code        text NOT NULL CHECK (code <> ''),
    reason      jsonb NOT NULL DEFAULT '{}',
    state       text NOT NULL CHECK (state IN ('open', 'made', 'dropped')),
    rejected_at timestamptz NOT NULL,
    CHECK (begin_at < end_at),
    UNIQUE (series, series_date)
);
COMMENT ON TABLE rejected_dates IS 'Dates of a series that could not be made or were left out, by the day that the rule gave. code and reason say why; open = may still be made, made = it is a reservation now, dropped = nobody wants it. Lives with the series. No personal data.';

ALTER TABLE waiting ADD COLUMN series_date date, ADD CHECK (series IS NOT NULL OR series_date IS NULL);
