-- Which tokens are not accepted any more, and which have been spent.

-- +goose Up
CREATE TABLE revoked_tokens (
    user_id    TEXT    NOT NULL,
    token_id   TEXT    NOT NULL,
    kept_until INTEGER NOT NULL,
    PRIMARY KEY (user_id, token_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX revoked_tokens_over ON revoked_tokens (user_id, kept_until);

CREATE TABLE spent_tokens (
    user_id    TEXT    NOT NULL,
    token_id   TEXT    NOT NULL,
    kept_until INTEGER NOT NULL,
    PRIMARY KEY (user_id, token_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_tokens_over ON spent_tokens (user_id, kept_until);

-- Tokens that were issued before the moment are not accepted.
CREATE TABLE revoked_before (
    user_id TEXT    NOT NULL PRIMARY KEY,
    moment  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE revoked_before;
DROP TABLE spent_tokens;
DROP TABLE revoked_tokens;
