package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var (
	tableUse  = regexp.MustCompile(`\b(FROM|UPDATE|INTO|JOIN|USING)\s+taskward\.(tasks|owners|revoked_tokens|revoked_before|spent_tokens)\b`)
	ownerTest = regexp.MustCompile(`\bWHERE (\w\.)?user_id = \$1\b`)
	ownerRow  = regexp.MustCompile(`^INTO taskward\.\w+ (AS \w )?\(user_id, [^)]*\)\s+(VALUES \(|SELECT )\$1,`)
)

// looseTables gives the uses of tables in the statement that are not held to
// the owner, $1.
func looseTables(statement string) (loose []string) {
	uses := tableUse.FindAllStringIndex(statement, -1)
	for i, use := range uses {
		end := len(statement)
		if i+1 < len(uses) {
			end = uses[i+1][0]
		}
		clause := statement[use[0]:end]
		if !ownerTest.MatchString(clause) && !ownerRow.MatchString(clause) {
			loose = append(loose, statement[use[0]:use[1]])
		}
	}
	if len(uses) == 0 {
		loose = append(loose, "no table at all")
	}
	return loose
}

func TestEveryStatementKeepsToTheOwner(t *testing.T) {
	for name, statement := range postgres.Statements() {
		if loose := looseTables(statement); loose != nil {
			t.Errorf("%s reaches beyond the owner by %q:\n%s", name, loose, statement)
		}
		for _, hold := range regexp.MustCompile(`(\w\.)?user_id = \$1|\$1,`).FindAllStringIndex(statement, -1) {
			if broken := statement[:hold[0]] + "true" + statement[hold[1]:]; looseTables(broken) == nil {
				t.Errorf("this test does not notice when %s loses its owner:\n%s", name, broken)
			}
		}
	}
}

// sent collects the texts that go to the server.
type sent struct {
	mu    sync.Mutex
	texts map[string]bool
}

func (s *sent) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts[query.SQL] = true
	return ctx
}

func (*sent) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// A text with a value in it is a statement that PostgreSQL has not seen
// before, and has to plan.
func TestNoValueIsInAnySentStatement(t *testing.T) {
	url := migrated(t)
	for _, prepare := range []bool{true, false} {
		seen := &sent{texts: map[string]bool{}}
		store, err := postgres.OpenTraced(postgres.Options{URL: url, Prepare: prepare}, seen)
		if err != nil {
			t.Fatal(err)
		}
		useAll(t, store)
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		known := slices.Concat(slices.Collect(maps.Values(postgres.Statements())), []string{"begin", "commit", "rollback"})
		for text := range seen.texts {
			if !slices.Contains(known, text) {
				t.Errorf("prepare=%t: this went to the server and is no statement of the store's:\n%s", prepare, text)
			}
		}
		if unused := len(known) - 1 - len(seen.texts); unused != 0 { // no rollback: nothing failed
			t.Errorf("prepare=%t: %d statements were not sent", prepare, unused)
		}
	}
}

// useAll makes the store send every statement that it has.
func useAll(t *testing.T, store *postgres.Store) {
	t.Helper()
	const owner = "owner"
	apply := func(changes ...domain.Change) {
		t.Helper()
		if _, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), changes...)); err != nil {
			t.Fatal(err)
		}
	}
	made, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title(t, "first")}))
	if err != nil {
		t.Fatal(err)
	}
	on := domain.Target{ID: made[0].ID}
	apply(domain.Edit{Target: on, Title: domain.Some(title(t, "second"))})
	apply(domain.SetCompleted{Target: on, Completed: true})
	apply(domain.ToggleCompleted{Target: on})
	apply(domain.Delete{Target: on})
	apply(domain.Create{Title: title(t, "third")}, domain.ToggleCompleted{Target: domain.Target{ID: on.ID + 1}})
	if _, err := store.Get(t.Context(), owner, on.ID+1); err != nil {
		t.Fatal(err)
	}
	for _, completed := range []domain.Optional[bool]{{}, domain.Some(false), domain.Some(true)} {
		for _, order := range []domain.Order{domain.NewestFirst, domain.OldestFirst} {
			for _, count := range []bool{false, true} {
				if _, err := store.List(t.Context(), owner, domain.TaskQuery{Completed: completed, Order: order, Count: count, Limit: 2}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	useRevocations(t, store)
}

func useRevocations(t *testing.T, store *postgres.Store) {
	t.Helper()
	entry := ports.TokenEntry{Token: "token", At: time.Unix(1e9, 0), Until: time.Unix(2e9, 0)}
	if err := errors.Join(store.Revoke(t.Context(), owner, entry), store.RevokeBefore(t.Context(), owner, entry.At)); err != nil {
		t.Fatal(err)
	}
	revoked, err := store.Revoked(t.Context(), owner, domain.Session{TokenID: entry.Token, IssuedAt: entry.At})
	if err != nil || !revoked {
		t.Fatalf("revoked is %t, error %v", revoked, err)
	}
	if _, err := store.Spend(t.Context(), owner, entry); err != nil {
		t.Fatal(err)
	}
}

func title(t testing.TB, text string) domain.Title {
	t.Helper()
	title, err := domain.DefaultLimits.ParseTitle(text)
	if err != nil {
		t.Fatal(err)
	}
	return title
}

// However PostgreSQL plans, it finds an owner's tasks by an index, in the
// order of the list.
func TestStatementsUseIndexes(t *testing.T) {
	ctx := t.Context()
	connection, err := pgx.Connect(ctx, migrated(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(ctx) }()
	for _, preparation := range []string{
		`INSERT INTO taskward.owners SELECT 'user' || u, 1000, 1000 FROM generate_series(1, 1000) u`,
		`INSERT INTO taskward.tasks SELECT 'user' || u, i, 'title', NULL, i % 10 <> 0, now(), now(), i FROM generate_series(1, 100) u, generate_series(1, 1000) i`,
		`INSERT INTO taskward.revoked_before SELECT 'user' || u, now() FROM generate_series(1, 1000) u`,
		`INSERT INTO taskward.revoked_tokens SELECT 'user' || u, 'token' || i, now() + i * interval '1 minute' FROM generate_series(1, 100) u, generate_series(1, 1000) i`,
		`INSERT INTO taskward.spent_tokens SELECT * FROM taskward.revoked_tokens`,
		`ANALYZE taskward.owners, taskward.tasks, taskward.revoked_before, taskward.revoked_tokens, taskward.spent_tokens`,
	} {
		if _, err := connection.Exec(ctx, preparation); err != nil {
			t.Fatal(err)
		}
	}
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		if _, err := connection.Exec(ctx, "SET plan_cache_mode = "+mode); err != nil {
			t.Fatal(err)
		}
		for name, statement := range postgres.Statements() {
			plan := explain(t, connection, statement)
			if strings.Contains(plan, "Seq Scan") {
				t.Errorf("%s reads a whole table under %s:\n%s", name, mode, plan)
			}
			if strings.Contains(plan, "Hash Join") {
				t.Errorf("%s reads all that an owner has under %s:\n%s", name, mode, plan)
			}
			if strings.HasPrefix(name, "list") && !strings.Contains(name, "counted") && strings.Contains(plan, "Sort") {
				t.Errorf("%s sorts under %s:\n%s", name, mode, plan)
			}
			if strings.HasPrefix(name, "list open") && !strings.Contains(plan, "tasks_open") {
				t.Errorf("%s does not use the index on open tasks under %s:\n%s", name, mode, plan)
			}
		}
	}
}

func explain(t *testing.T, connection *pgx.Conn, statement string) string {
	t.Helper()
	prepared, err := connection.Prepare(t.Context(), "explained", statement)
	if err != nil {
		t.Fatalf("%v:\n%s", err, statement)
	}
	values := make([]string, len(prepared.ParamOIDs))
	for i, oid := range prepared.ParamOIDs {
		switch oid {
		case pgtype.TextOID:
			values[i] = "'user7'"
		case pgtype.BoolOID:
			values[i] = "true"
		case pgtype.TimestamptzOID:
			values[i] = "'2026-02-03'"
		case pgtype.Int8OID:
			values[i] = "20"
			if i == 1 {
				values[i] = "500" // an id in the middle
			}
		default:
			values[i] = "'{}'"
		}
	}
	rows, err := connection.Query(t.Context(), fmt.Sprintf("EXPLAIN (COSTS OFF) EXECUTE explained (%s)", strings.Join(values, ", ")), pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if err := connection.Deallocate(t.Context(), "explained"); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
