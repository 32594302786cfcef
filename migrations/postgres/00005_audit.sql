-- Who did what to which tasks. Rows are added and read, and deleted by the
-- operator alone. It is no owner's table: who is refused may have named any
-- owner, or none, and so it has neither a policy nor a place beside the tasks.

-- +goose Up
CREATE TABLE taskward.audit (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    actor      text        NOT NULL,
    owner      text        NOT NULL,
    action     text        NOT NULL,
    tasks      bigint[]    NOT NULL,
    outcome    text        NOT NULL,
    token_id   text        NOT NULL,
    request_id text        NOT NULL
);

CREATE INDEX audit_of_owner ON taskward.audit (owner, at);
CREATE INDEX audit_over ON taskward.audit (at);

-- +goose Down
DROP TABLE taskward.audit;
