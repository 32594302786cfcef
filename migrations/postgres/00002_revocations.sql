-- Which tokens are not accepted any more, and which have been spent. As with
-- tasks, user_id leads every key, so that all tables can be distributed by it.

-- +goose Up
CREATE TABLE taskward.revoked_tokens (
    user_id    text        NOT NULL,
    token_id   text        NOT NULL,
    kept_until timestamptz NOT NULL,
    PRIMARY KEY (user_id, token_id)
);

CREATE INDEX revoked_tokens_over ON taskward.revoked_tokens (user_id, kept_until);

CREATE TABLE taskward.spent_tokens (
    user_id    text        NOT NULL,
    token_id   text        NOT NULL,
    kept_until timestamptz NOT NULL,
    PRIMARY KEY (user_id, token_id)
);

CREATE INDEX spent_tokens_over ON taskward.spent_tokens (user_id, kept_until);

-- Tokens that were issued before the moment are not accepted.
CREATE TABLE taskward.revoked_before (
    user_id text        PRIMARY KEY,
    moment  timestamptz NOT NULL
);

-- +goose Down
DROP TABLE taskward.revoked_before;
DROP TABLE taskward.spent_tokens;
DROP TABLE taskward.revoked_tokens;
