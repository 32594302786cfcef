-- All that a task can have, the trash, and the answers that are given again.
-- A version that does not know the new columns can go on writing: what it
-- leaves out has a default, or is null where the value follows from the rest.

-- +goose Up
ALTER TABLE taskward.tasks
    ADD COLUMN completed_at       timestamptz,
    ADD COLUMN priority           smallint NOT NULL DEFAULT 2,    -- 1 low, 2 medium, 3 high
    ADD COLUMN tags               jsonb    NOT NULL DEFAULT '[]', -- an array of text
    ADD COLUMN due_date           text,                           -- as it was written
    ADD COLUMN due_zone           text,
    ADD COLUMN due_at             bigint,                         -- by which due dates compare, in microseconds since the Unix epoch
    ADD COLUMN position           text COLLATE "C",               -- null where it is that of the id
    ADD COLUMN title_folded       text COLLATE "C",               -- null where it is the lower case of ASCII
    ADD COLUMN description_folded text COLLATE "C";               -- the same

-- As domain.Fold has it, but for symbols such as ≠, and in a database of the
-- locale C for capitals beyond ASCII.
UPDATE taskward.tasks SET
    completed_at = CASE WHEN completed THEN updated_at END,
    title_folded = CASE WHEN octet_length(title) <> char_length(title) THEN
        lower(upper(normalize(regexp_replace(normalize(title, NFD), '[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]', '', 'g'), NFC))) END,
    description_folded = CASE WHEN octet_length(description) <> char_length(description) THEN
        lower(upper(normalize(regexp_replace(normalize(description, NFD), '[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]', '', 'g'), NFC))) END
WHERE completed OR octet_length(title) <> char_length(title) OR octet_length(description) <> char_length(description);

-- Changes up to the sequence forgotten cannot be told any more.
ALTER TABLE taskward.owners ADD COLUMN forgotten bigint NOT NULL DEFAULT 0;

-- The table's own key does not have the order of bytes in every database.
CREATE INDEX owners_bytes ON taskward.owners (user_id COLLATE "C");

CREATE TABLE taskward.trash (
    user_id      text        NOT NULL,
    id           bigint      NOT NULL,
    title        text        NOT NULL,
    description  text,
    completed    boolean     NOT NULL,
    completed_at timestamptz,
    priority     smallint    NOT NULL,
    tags         jsonb       NOT NULL,
    due_date     text,
    due_zone     text,
    position     text COLLATE "C",
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    sequence     bigint      NOT NULL,
    deleted_at   timestamptz NOT NULL,
    purged       boolean     NOT NULL, -- nothing of what it was is left
    PRIMARY KEY (user_id, id)
);

CREATE UNIQUE INDEX trash_sequence ON taskward.trash (user_id, sequence);
CREATE INDEX trash_over ON taskward.trash (user_id, deleted_at);

-- What batches with a key came to, for who sends them again.
CREATE TABLE taskward.answers (
    user_id    text        NOT NULL,
    key        text        NOT NULL,
    request    bytea       NOT NULL, -- tells requests apart
    results    json        NOT NULL,
    kept_until timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX answers_over ON taskward.answers (user_id, kept_until);

-- +goose Down
DROP TABLE taskward.answers;
DROP TABLE taskward.trash;
DROP INDEX taskward.owners_bytes;
ALTER TABLE taskward.owners DROP COLUMN forgotten;
ALTER TABLE taskward.tasks
    DROP COLUMN completed_at, DROP COLUMN priority, DROP COLUMN tags,
    DROP COLUMN due_date, DROP COLUMN due_zone, DROP COLUMN due_at,
    DROP COLUMN position, DROP COLUMN title_folded, DROP COLUMN description_folded;
