-- +goose Up
CREATE SEQUENCE catalogue_version AS bigint;
CREATE TABLE catalogue_versions (
    unit    int PRIMARY KEY,
    version bigint NOT NULL
);
COMMENT ON TABLE catalogue_versions IS 'A number per unit (0 = rule books) that is new after every change of what a place is; from the sequence, so that no change ever has the number of another. Programs that keep places in memory compare them. Lives with the unit. No personal data.';

-- +goose StatementBegin
CREATE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
    home int;
BEGIN
    home := CASE TG_TABLE_NAME
        WHEN 'units' THEN (changed ->> 'id')::int
        WHEN 'rule_books' THEN 0
        ELSE coalesce((changed ->> 'unit')::int,
            (SELECT unit FROM resources WHERE id = (changed ->> 'resource')::int)) END;
    INSERT INTO catalogue_versions VALUES (home, nextval('catalogue_version'))
        ON CONFLICT (unit) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION catalogue_changed IS 'Gives the unit of a changed row a new number in catalogue_versions.';

CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON units FOR EACH ROW EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON resources FOR EACH ROW EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON resource_slugs FOR EACH ROW EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON pictures FOR EACH ROW EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON resource_atoms FOR EACH ROW EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON hours_periods FOR EACH ROW EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON rule_books FOR EACH ROW EXECUTE FUNCTION catalogue_changed();
INSERT INTO catalogue_versions SELECT id, nextval('catalogue_version') FROM units;
