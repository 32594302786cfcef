package postgres

import "context"

// Unlimited names those of the server's time-outs that hold for no statement of
// the store's: neither the connection sets them, nor the database's user or the
// database has them.
func (s *Store) Unlimited(ctx context.Context) (user string, missing []string, err error) {
	err = s.gate.Pass(ctx, func() error {
		var statement, idle bool
		const look = `SELECT current_user::text, current_setting('statement_timeout') = '0', current_setting('idle_in_transaction_session_timeout') = '0'`
		if err := s.db.DB.QueryRowContext(ctx, look).Scan(&user, &statement, &idle); err != nil {
			return err
		}
		if statement {
			missing = append(missing, "statement_timeout")
		}
		if idle {
			missing = append(missing, "idle_in_transaction_session_timeout")
		}
		return nil
	})
	return user, missing, s.failure(ctx, "look at the time-outs", err)
}
