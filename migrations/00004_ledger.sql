-- +goose Up
CREATE TABLE audit_heads (
    stream int PRIMARY KEY,
    number bigint NOT NULL DEFAULT 0,
    hash   bytea NOT NULL DEFAULT '\x'
);
INSERT INTO audit_heads (stream) VALUES (0);
COMMENT ON TABLE audit_heads IS 'The last number and hash of each audit stream: 0 = the installation, else the unit. No personal data.';

CREATE TABLE audit (
    stream      int NOT NULL REFERENCES audit_heads (stream),
    number      bigint NOT NULL,
    at          timestamptz NOT NULL,
    actor       text NOT NULL,
    action      text NOT NULL,
    object      text NOT NULL,
    values      text,
    salt        bytea,
    values_hash bytea NOT NULL,
    hash        bytea NOT NULL,
    PRIMARY KEY (stream, number)
);
CREATE INDEX audit_object ON audit (object);
COMMENT ON TABLE audit IS 'Every change, numbered without gaps per stream and chained by hash. Five years. Personal: actor (an id), values; erasure empties values and salt, the chain still holds.';

CREATE TABLE audit_seals (
    day  date PRIMARY KEY,
    hash bytea NOT NULL
);
COMMENT ON TABLE audit_seals IS 'One hash a day over all audit heads and the seal before. Kept for ever. No personal data.';

CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic        text NOT NULL,
    recipient    text NOT NULL,
    language     text NOT NULL DEFAULT 'fi',
    reservation  bigint,
    payload      jsonb NOT NULL,
    dedup_key    text NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    attempts     int NOT NULL DEFAULT 0,
    leased_until timestamptz,
    done_at      timestamptz,
    outcome      text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'sent', 'superseded', 'expired')),
    last_error   text NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE done_at IS NULL;
CREATE INDEX outbox_reservation ON outbox (reservation);
COMMENT ON TABLE outbox IS 'Mail to be sent, written with the change that causes it. Removed 90 days after it is done. Personal: recipient, payload.';

CREATE TABLE mailbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id text NOT NULL UNIQUE,
    recipient  text NOT NULL,
    subject    text NOT NULL,
    body       text NOT NULL,
    sent_at    timestamptz NOT NULL
);
CREATE INDEX mailbox_recipient ON mailbox (recipient, id);
COMMENT ON TABLE mailbox IS 'Demo only: the mails that would have been sent. Removed with the demo. Demo people only.';

CREATE TABLE idempotency_keys (
    actor        text NOT NULL,
    route        text NOT NULL,
    key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    request_hash bytea NOT NULL,
    status       int,
    result       text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (actor, route, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
COMMENT ON TABLE idempotency_keys IS 'Writes that were done, so that a repetition gives the same answer. 7 days. Personal: actor (an id).';

CREATE TABLE change_log (
    number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at          timestamptz NOT NULL,
    unit        int NOT NULL,
    resource    int NOT NULL,
    reservation bigint NOT NULL,
    before      jsonb,
    after       jsonb
);
CREATE INDEX change_log_reservation ON change_log (reservation, number);
CREATE INDEX change_log_transaction ON change_log (transaction);
COMMENT ON TABLE change_log IS 'What changed in booked hours: resource, begin, end, state, kind before and after. Append-only, kept as statistics. No personal data.';

-- +goose StatementBegin
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER change_log_append_only BEFORE UPDATE OR DELETE ON change_log
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION append_only();
