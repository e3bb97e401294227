-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION search_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(translate(words,
    'ÁÀÂÃÄÅÇÉÈÊËÍÌÎÏÑÓÒÔÕÖØŠÚÙÛÜÝŽáàâãäåçéèêëíìîïñóòôõöøšúùûüýž',
    'aaaaaaceeeeiiiinoooooosuuuuyzaaaaaaceeeeiiiinoooooosuuuuyz'));
-- +goose StatementEnd
COMMENT ON FUNCTION search_fold IS 'Text as the search compares it: small letters without marks, so that "toolo" finds "Töölö".';

ALTER TABLE units ADD COLUMN search text NOT NULL GENERATED ALWAYS AS (search_fold(
    coalesce(name ->> 'fi', '') || ' ' || coalesce(name ->> 'sv', '') || ' ' || coalesce(name ->> 'en', '')
    || ' ' || address || ' ' || postcode || ' ' || city)) STORED;
COMMENT ON COLUMN units.search IS 'Folded names and address, for the search.';

ALTER TABLE resources ADD COLUMN search text NOT NULL GENERATED ALWAYS AS (search_fold(
    coalesce(name ->> 'fi', '') || ' ' || coalesce(name ->> 'sv', '') || ' ' || coalesce(name ->> 'en', '')
    || ' ' || coalesce(description ->> 'fi', '') || ' ' || coalesce(description ->> 'sv', '')
    || ' ' || coalesce(description ->> 'en', ''))) STORED;
COMMENT ON COLUMN resources.search IS 'Folded names and descriptions, for parts of words and for typing mistakes.';

ALTER TABLE resources ADD COLUMN stems tsvector NOT NULL GENERATED ALWAYS AS (
    to_tsvector('finnish', coalesce(name ->> 'fi', '') || ' ' || coalesce(description ->> 'fi', ''))
    || to_tsvector('swedish', coalesce(name ->> 'sv', '') || ' ' || coalesce(description ->> 'sv', ''))
    || to_tsvector('english', coalesce(name ->> 'en', '') || ' ' || coalesce(description ->> 'en', ''))) STORED;
COMMENT ON COLUMN resources.stems IS 'Stems of the names and descriptions in their languages, for inflected words.';
