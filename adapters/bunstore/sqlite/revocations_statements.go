package sqlite

// revocations is all that a store says to SQLite about revoked and spent
// tokens. ?1 is always the owner. What is over is forgotten by whoever writes
// next, some of it at a time.
var revocations = struct {
	revoke        string // ?2 token, ?3 until
	forgetRevoked string // ?2 time
	revokeBefore  string // ?2 moment
	revoked       string // ?2 token, ?3 time of issue; gives a row if it is
	spend         string // ?2 token, ?3 until, ?4 time; gives a row if it is for the first time
	forgetSpent   string // ?2 time
	spent         string // ?2 token, ?3 time; gives a row if it is
}{
	revoke: `
INSERT INTO revoked_tokens (user_id, token_id, kept_until) VALUES (?1, ?2, ?3)
ON CONFLICT (user_id, token_id) DO UPDATE SET kept_until = max(kept_until, excluded.kept_until)`,

	forgetRevoked: `
DELETE FROM revoked_tokens WHERE user_id = ?1 AND token_id IN (
	SELECT token_id FROM revoked_tokens WHERE user_id = ?1 AND kept_until <= ?2 LIMIT 100
)`,

	revokeBefore: `
INSERT INTO revoked_before (user_id, moment) VALUES (?1, ?2)
ON CONFLICT (user_id) DO UPDATE SET moment = max(moment, excluded.moment)`,

	revoked: `
SELECT 1 FROM revoked_tokens WHERE user_id = ?1 AND token_id = ?2
UNION ALL
SELECT 1 FROM revoked_before WHERE user_id = ?1 AND moment > ?3
LIMIT 1`,

	spend: `
INSERT INTO spent_tokens (user_id, token_id, kept_until) VALUES (?1, ?2, ?3)
ON CONFLICT (user_id, token_id) DO UPDATE SET kept_until = excluded.kept_until WHERE kept_until <= ?4
RETURNING 1`,

	forgetSpent: `
DELETE FROM spent_tokens WHERE user_id = ?1 AND token_id IN (
	SELECT token_id FROM spent_tokens WHERE user_id = ?1 AND kept_until <= ?2 LIMIT 100
)`,

	spent: `
SELECT 1 FROM spent_tokens WHERE user_id = ?1 AND token_id = ?2 AND kept_until > ?3`,
}
