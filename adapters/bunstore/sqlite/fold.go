package sqlite

import (
	"database/sql/driver"

	"modernc.org/sqlite"

	"github.com/taskward/taskward/domain"
)

// SQLite knows the case of ASCII alone, so it is lent domain.Fold. No table
// and no index has what the function gives: without it they could not be read.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("fold", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		if text, ok := args[0].(string); ok {
			return domain.Fold(text), nil
		}
		return nil, nil
	})
}
