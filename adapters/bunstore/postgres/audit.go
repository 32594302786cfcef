package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/taskward/taskward/domain"
)

// record adds audit entries in the order of the arrays, which are the columns
// but for the tasks: an array of arrays would have to have as many of them in
// each. It is not about one owner, reads nothing, and asks for no right but to
// add rows.
const record = `
INSERT INTO taskward.audit (at, actor, owner, action, tasks, outcome, token_id, request_id)
SELECT at, actor, owner, action, tasks::bigint[], outcome, token_id, request_id
FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
	WITH ORDINALITY AS entry (at, actor, owner, action, tasks, outcome, token_id, request_id, place)
ORDER BY place`

// Record implements ports.AuditLog.
func (s *Store) Record(ctx context.Context, entries ...domain.AuditEntry) error {
	args := []any{
		column(entries, func(entry domain.AuditEntry) time.Time { return entry.At }),
		column(entries, func(entry domain.AuditEntry) string { return string(entry.Actor) }),
		column(entries, func(entry domain.AuditEntry) string { return string(entry.Owner) }),
		column(entries, func(entry domain.AuditEntry) string { return string(entry.Action) }),
		column(entries, func(entry domain.AuditEntry) string { return arrayOf(entry.Tasks) }),
		column(entries, func(entry domain.AuditEntry) string { return entry.Outcome }),
		column(entries, func(entry domain.AuditEntry) string { return string(entry.TokenID) }),
		column(entries, func(entry domain.AuditEntry) string { return entry.RequestID }),
	}
	return s.failure(ctx, "write audit entries", s.gate.Pass(ctx, func() error {
		_, err := s.db.DB.ExecContext(ctx, record, args...)
		return err
	}))
}

// arrayOf gives ids as PostgreSQL writes an array of them.
func arrayOf(ids []domain.TaskID) string {
	text := []byte{'{'}
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(id), 10)
	}
	return string(append(text, '}'))
}
