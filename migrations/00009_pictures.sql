-- +goose Up
CREATE TABLE pictures (
    id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid        uuid NOT NULL UNIQUE,
    resource   int NOT NULL REFERENCES resources (id),
    position   int NOT NULL,
    alt        jsonb NOT NULL DEFAULT '{}',
    decorative boolean NOT NULL DEFAULT false,
    width      int NOT NULL CHECK (width BETWEEN 1 AND 1600),
    height     int NOT NULL CHECK (height > 0),
    added_at   timestamptz NOT NULL,
    revision   int NOT NULL DEFAULT 1
);
CREATE INDEX pictures_resource ON pictures (resource, position);
COMMENT ON TABLE pictures IS 'Photographs of resources, in the order of position; width and height are those of the largest file in pixels. Shown to everybody only with a description (alt, in three languages) or marked as decorative. Kept until somebody removes them. May show persons; what the camera wrote into the file (place, time, device) is not kept.';

CREATE TABLE picture_files (
    picture int NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
    width   int NOT NULL CHECK (width IN (400, 800, 1600)),
    body    bytea NOT NULL,
    PRIMARY KEY (picture, width)
);
ALTER TABLE picture_files ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON TABLE picture_files IS 'A picture as JPEG, at most width pixels wide; made anew from what was uploaded, never changed. Kept as long as its picture. May show persons.';
