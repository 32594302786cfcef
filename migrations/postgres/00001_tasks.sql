-- The schema taskward is there already: it holds the table of migrations.
-- user_id leads every key, and nothing refers across owners, so that both
-- tables can be distributed by user_id.

-- +goose Up
CREATE TABLE taskward.owners (
    user_id      text   PRIMARY KEY,
    last_task_id bigint NOT NULL,
    sequence     bigint NOT NULL
) WITH (fillfactor = 50); -- every change of a task updates a row here

CREATE TABLE taskward.tasks (
    user_id     text        NOT NULL,
    id          bigint      NOT NULL,
    title       text        NOT NULL,
    description text,
    completed   boolean     NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    sequence    bigint      NOT NULL,
    PRIMARY KEY (user_id, id)
) WITH (fillfactor = 90);

CREATE UNIQUE INDEX tasks_sequence ON taskward.tasks (user_id, sequence);
CREATE INDEX tasks_open ON taskward.tasks (user_id, id) WHERE NOT completed;

-- +goose Down
DROP TABLE taskward.tasks;
DROP TABLE taskward.owners;
