package postgres

import (
	"context"
	"io/fs"
	"reflect"
	"regexp"

	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// OpenTraced is Open for a test that wants to see what is sent.
func OpenTraced(options Options, tracer pgx.QueryTracer) (*Store, error) {
	config, err := options.connection()
	if err != nil {
		return nil, err
	}
	config.Tracer = tracer
	return open(config, options), nil
}

// Connection gives how a store connects.
func Connection(options Options) (*pgx.ConnConfig, error) { return options.connection() }

// IsUnavailable says what a store takes for an outage.
func IsUnavailable(err error) bool { return isUnavailable(err) }

// LockKey is what migrators lock.
const LockKey = int64(lockKey)

// NewMigratorOf is NewMigrator for steps of a test's own, and one that wants
// to see what is sent.
func NewMigratorOf(url string, steps fs.FS, tracer pgx.QueryTracer) (*bunstore.Migrator, error) {
	config, err := onceOnly(url)
	if err != nil {
		return nil, err
	}
	config.Tracer = tracer
	return newMigrator(config, steps, nil), nil
}

// Statements gives what a store may send about one owner, by name, with the
// lists that answer the queries.
func Statements(queries map[string]domain.TaskQuery) map[string]string {
	all := map[string]string{
		"get": ownersOnly.get, "trash": ownersOnly.trash, "changes": ownersOnly.changes, "state": ownersOnly.state,
		"create": ownersOnly.create, "complete": ownersOnly.complete, "delete": ownersOnly.delete,
		"lock": ownersOnly.lock, "look": ownersOnly.look, "beside": ownersOnly.beside, "around": ownersOnly.around, "save": ownersOnly.save, "forget": ownersOnly.forget,
		"answer": ownersOnly.answer, "keep": ownersOnly.keep, "erase": ownersOnly.erase,
		"revoke": revocations.revoke, "revoke before": revocations.revokeBefore, "revoked": revocations.revoked, "spend": revocations.spend, "spent": revocations.spent,
	}
	for name, query := range queries {
		all[name], _ = lists.Statement("owner", query)
	}
	return all
}

// Everybody is the one statement that reads more than one owner.
const Everybody = everybody

// Record is the one that writes what is not an owner's.
const Record = record

// OwnedTables are the tables in which each row has an owner.
var OwnedTables = ownedTables

// OpenUnfiltered is Open for a store whose statements do not say whose rows
// they are about.
func OpenUnfiltered(options Options) (*Store, error) {
	store, err := Open(options)
	if err == nil {
		unfilter(reflect.ValueOf(&store.statements).Elem())
	}
	return store, err
}

var ownerFilter = regexp.MustCompile(`(\w\.)?user_id = \$1\b`)

// unfilter takes the owner out of each statement. The parameter stays, or
// PostgreSQL would not know its type.
func unfilter(statements reflect.Value) {
	for _, field := range statements.Fields() {
		if field.Kind() == reflect.Struct {
			unfilter(field)
		}
		if field.Kind() == reflect.String { // set past what reflect allows for fields that are not exported
			text := reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem()
			text.SetString(ownerFilter.ReplaceAllString(text.String(), `$$1::text IS NOT NULL`))
		}
	}
}

// NamedOwner gives the owner that is named where none should be.
func NamedOwner(ctx context.Context, store *Store) (named string, err error) {
	err = store.db.DB.QueryRowContext(ctx, `SELECT COALESCE(current_setting('taskward.user_id', true), '')`).Scan(&named)
	return named, err
}
