package postgres_test

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var (
	tableUse  = regexp.MustCompile(`\b(FROM|UPDATE|INTO|JOIN|USING)\s+taskward\.(tasks|trash|answers|owners|revoked_tokens|revoked_before|spent_tokens)\b`)
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
	for name, statement := range postgres.Statements(everyList(t)) {
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

// sent collects what goes to the server.
type sent struct {
	mu    sync.Mutex
	texts []string
}

func (s *sent) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts = append(s.texts, query.SQL)
	return ctx
}

func (*sent) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// A text with a value in it is a statement that PostgreSQL has not seen
// before, and has to plan.
func TestNoValueIsInAnySentStatement(t *testing.T) {
	for _, prepare := range []bool{true, false} {
		seen := &sent{}
		store := openTraced(t, postgres.Options{URL: migrated(t), Prepare: prepare}, seen)
		useAll(t, store)
		known := slices.Concat(slices.Collect(maps.Values(postgres.Statements(everyList(t)))), []string{postgres.Everybody, postgres.Record, "begin", "commit", "rollback"})
		for _, text := range seen.texts {
			if !slices.Contains(known, text) {
				t.Errorf("prepare=%t: this went to the server and is no statement of the store's:\n%s", prepare, text)
			}
		}
		for _, text := range known {
			if !slices.Contains(seen.texts, text) {
				t.Errorf("prepare=%t: this was not sent:\n%s", prepare, text)
			}
		}
	}
}

func openTraced(t *testing.T, options postgres.Options, tracer pgx.QueryTracer) *postgres.Store {
	t.Helper()
	store, err := postgres.OpenTraced(options, tracer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// useAll makes the store send every statement that it has.
func useAll(t *testing.T, store *postgres.Store) {
	t.Helper()
	at := time.Unix(1e9, 0)
	apply := func(batch domain.Batch) {
		t.Helper()
		if _, err := store.Apply(t.Context(), owner, batch); err != nil {
			t.Fatal(err)
		}
	}
	create := domain.Create{Title: title(t, "first")}
	apply(domain.NewBatch(at, create, create, create))
	apply(domain.NewBatch(at, create))
	apply(domain.NewBatch(at, domain.Edit{Target: domain.Target{ID: 1}, Place: domain.Some(domain.Before(2))}))
	beside := create
	beside.Place = domain.Some(domain.Behind(1)) // where that stands once it was moved
	apply(domain.NewBatch(at, domain.Edit{Target: domain.Target{ID: 1}, Place: domain.Some(domain.Behind(3))}, beside))
	apply(domain.NewBatch(at, domain.ToggleCompleted{Target: domain.Target{ID: 1}}))
	apply(domain.NewBatch(at, domain.Delete{Target: domain.Target{ID: 1}}))
	apply(domain.NewBatch(at, domain.Delete{Target: domain.Target{ID: 2}}, domain.Restore{Target: domain.Target{ID: 1}}))
	once := domain.Once{Key: "key", Until: at.Add(time.Hour)}
	apply(domain.NewBatch(at, create).Once(once))
	apply(domain.NewBatch(at, create).Once(once)) // which takes its transaction back
	for name, query := range everyList(t) {
		if _, err := store.List(t.Context(), owner, query); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	_, getErr := store.Get(t.Context(), owner, 1)
	_, trashErr := store.Trash(t.Context(), owner, domain.TrashQuery{Limit: 1})
	_, changesErr := store.Changes(t.Context(), owner, domain.Mark{}, 1)
	_, stateErr := store.State(t.Context(), owner)
	_, ownersErr := store.Owners(t.Context(), "", 1)
	if err := errors.Join(getErr, trashErr, changesErr, stateErr, ownersErr, store.Erase(t.Context(), owner)); err != nil {
		t.Fatal(err)
	}
	useRevocations(t, store)
	if err := store.Record(t.Context(), domain.AuditEntry{At: at}); err != nil {
		t.Fatal(err)
	}
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
	if _, err := store.Spent(t.Context(), owner, entry.Token, entry.At); err != nil {
		t.Fatal(err)
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
