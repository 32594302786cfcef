-- All that a task can have, the trash, and the answers that are given again.
-- A version that does not know the new columns can go on writing: what it
-- leaves out has a default, or is null where the value follows from the rest.

-- +goose Up
ALTER TABLE tasks ADD COLUMN completed_at INTEGER;
ALTER TABLE tasks ADD COLUMN priority INTEGER NOT NULL DEFAULT 2; -- 1 low, 2 medium, 3 high
ALTER TABLE tasks ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';     -- a JSON array of text
ALTER TABLE tasks ADD COLUMN due_date TEXT;                       -- as it was written
ALTER TABLE tasks ADD COLUMN due_zone TEXT;
ALTER TABLE tasks ADD COLUMN due_at INTEGER;                      -- by which due dates compare
ALTER TABLE tasks ADD COLUMN position TEXT;                       -- null where it is that of the id

UPDATE tasks SET completed_at = updated_at WHERE completed;

-- Changes up to the sequence forgotten cannot be told any more.
ALTER TABLE owners ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;

CREATE TABLE trash (
    user_id      TEXT    NOT NULL,
    id           INTEGER NOT NULL,
    title        TEXT    NOT NULL,
    description  TEXT,
    completed    INTEGER NOT NULL CHECK (completed IN (0, 1)),
    completed_at INTEGER,
    priority     INTEGER NOT NULL,
    tags         TEXT    NOT NULL,
    due_date     TEXT,
    due_zone     TEXT,
    position     TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    sequence     INTEGER NOT NULL,
    deleted_at   INTEGER NOT NULL,
    purged       INTEGER NOT NULL CHECK (purged IN (0, 1)), -- nothing of what it was is left
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX trash_sequence ON trash (user_id, sequence);
CREATE INDEX trash_over ON trash (user_id, deleted_at);

-- What batches with a key came to, for who sends them again.
CREATE TABLE answers (
    user_id    TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    request    BLOB    NOT NULL, -- tells requests apart
    results    TEXT    NOT NULL, -- JSON
    kept_until INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX answers_over ON answers (user_id, kept_until);

-- +goose Down
DROP TABLE answers;
DROP TABLE trash;
ALTER TABLE owners DROP COLUMN forgotten;
ALTER TABLE tasks DROP COLUMN completed_at;
ALTER TABLE tasks DROP COLUMN priority;
ALTER TABLE tasks DROP COLUMN tags;
ALTER TABLE tasks DROP COLUMN due_date;
ALTER TABLE tasks DROP COLUMN due_zone;
ALTER TABLE tasks DROP COLUMN due_at;
ALTER TABLE tasks DROP COLUMN position;
