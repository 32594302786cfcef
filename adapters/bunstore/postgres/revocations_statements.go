package postgres

// revocationStatements are all that a store says to PostgreSQL about revoked and spent
// tokens. $1 is always the owner.
//
// What is over is forgotten by whoever writes next, some of it at a time and
// not what another is about to forget, so that nobody waits for it; and not
// the row that is written itself, as no row may be changed twice by one
// statement. It is named by an array: a join PostgreSQL may make by reading all
// that the owner has.
type revocationStatements struct {
	revoke       string // $2 token, $3 until, $4 time
	revokeBefore string // $2 moment
	revoked      string // $2 token, $3 time of issue; gives a row if it is
	spend        string // $2 token, $3 until, $4 time; gives a row if it is for the first time
	spent        string // $2 token, $3 time; gives a row if it is
}

var revocations = revocationStatements{
	revoke: `
WITH forgotten AS (
	DELETE FROM taskward.revoked_tokens WHERE user_id = $1 AND token_id = ANY (ARRAY(
		SELECT token_id FROM taskward.revoked_tokens WHERE user_id = $1 AND kept_until <= $4 AND token_id <> $2
		LIMIT 100 FOR UPDATE SKIP LOCKED
	))
)
INSERT INTO taskward.revoked_tokens AS t (user_id, token_id, kept_until) VALUES ($1, $2, $3)
ON CONFLICT (user_id, token_id) DO UPDATE SET kept_until = GREATEST(t.kept_until, excluded.kept_until)`,

	revokeBefore: `
INSERT INTO taskward.revoked_before AS b (user_id, moment) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET moment = GREATEST(b.moment, excluded.moment)`,

	revoked: `
SELECT 1 FROM taskward.revoked_tokens WHERE user_id = $1 AND token_id = $2
UNION ALL
SELECT 1 FROM taskward.revoked_before WHERE user_id = $1 AND moment > $3
LIMIT 1`,

	spend: `
WITH forgotten AS (
	DELETE FROM taskward.spent_tokens WHERE user_id = $1 AND token_id = ANY (ARRAY(
		SELECT token_id FROM taskward.spent_tokens WHERE user_id = $1 AND kept_until <= $4 AND token_id <> $2
		LIMIT 100 FOR UPDATE SKIP LOCKED
	))
)
INSERT INTO taskward.spent_tokens AS t (user_id, token_id, kept_until) VALUES ($1, $2, $3)
ON CONFLICT (user_id, token_id) DO UPDATE SET kept_until = excluded.kept_until WHERE t.kept_until <= $4
RETURNING 1`,

	spent: `
SELECT 1 FROM taskward.spent_tokens WHERE user_id = $1 AND token_id = $2 AND kept_until > $3`,
}
