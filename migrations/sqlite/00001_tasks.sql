-- Times are microseconds since the Unix epoch. Text compares byte for byte,
-- which is what SQLite does unless told otherwise.

-- +goose Up
CREATE TABLE owners (
    user_id      TEXT    NOT NULL PRIMARY KEY,
    last_task_id INTEGER NOT NULL,
    sequence     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
    user_id     TEXT    NOT NULL,
    id          INTEGER NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT,
    completed   INTEGER NOT NULL CHECK (completed IN (0, 1)),
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX tasks_sequence ON tasks (user_id, sequence);
CREATE INDEX tasks_open ON tasks (user_id, id) WHERE NOT completed;

-- +goose Down
DROP TABLE tasks;
DROP TABLE owners;
